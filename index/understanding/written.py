"""Numbers of what no field counts, which are looked for as scripts write them: 25000 iterations, beta1 of 0.5."""

from __future__ import annotations

from abc import ABC

from index.understanding import numbers
from index.understanding.filters import Filter
from index.understanding.numbers import Number
from index.understanding.spoken_numbers import SpokenNumbers

_MANY = 1000  # iterations: fewer are as often the steps of something else
_ITERATIONS = {"iterations", "iteration", "iters", "steps", "updates"}
_BATCHES = {"batches", "batchs", "mini-batches", "minibatches"}
_OF_TRAINING = {"training", "gradient", "optimizer", "optimiser", "optimization", "optimisation", "update", "weight"}
_FOR_SO_LONG = {"after", "for"}  # before a number of batches that is no size of one
_OVER = {"stops", "stop", "stopped", "ends", "ended", "end", "runs", "run", "lasts", "goes", "trains"}
# the running means of Adam: how they are called, and as which of the two scripts pass them
_FIRST, _SECOND = ("first", "1st"), ("second", "2nd")
_MEANS = {"beta", "betas", "momentum", "momentums", "moment", "moments"}
_BETA = {"beta1": 1, "beta_1": 1, "beta-1": 1, "β1": 1, "beta2": 2, "beta_2": 2, "beta-2": 2, "β2": 2}
_SET_TO = {"of", "is", "are", "was", "set", "to", "=", ":", "at", "lowered", "reduced", "decreased", "raised", "equal",
           "equals", "as", "low", "being", "with", "(", "down"}  # fmt: skip


class WrittenNumbers(SpokenNumbers, ABC):
    """Reads them; each becomes a filter of texts, of which any will do."""

    def _written_number(self) -> bool:
        """25000 iterations · stops after 25000 mini-batches · beta1 of 0.5 · betas=(0.5, 0.999)"""
        found = self._so_long() or self._betas()
        if found is None or self._negated:
            return False
        forms, end = found
        self._add(Filter("text", "in", forms))
        self._end_clause(end - self._at)
        return True

    def _so_long(self) -> tuple[tuple[str, ...], int] | None:
        count = self._number_at(self._at)
        if count is None or not isinstance(count.value, int) or count.value < _MANY:
            return None
        end = self._after(self._at, count.taken)
        end += self._word(end) in _OF_TRAINING
        batches = self._word(end) in _BATCHES and self._word(self._at - 1) in _FOR_SO_LONG
        if not (batches or self._word(end) in _ITERATIONS) or self._number_field(end + 1):
            return None
        if self._word(end + 1) in {"of", "per"} and self._word(end + 2) not in _OF_TRAINING:  # of noise, of a critic
            return None
        before = self._at - (self._word(self._at - 1) in _FOR_SO_LONG)
        if before < self._at and self._words_[-1:] == [self._tokens[before].text]:
            self._words_.pop()
        self._said_before(before, _OVER)
        return written(count.value), end + 1

    def _betas(self) -> tuple[tuple[str, ...], int] | None:
        which, at = self._which_beta()
        first = self._setting(at) if at > self._at else None
        if first is None:
            return None
        value, end = first
        one = which or 1
        ways = (str(value), str(value).removeprefix("0"))  # beta_1=.5
        forms = [f"{name} {way}" for name in (f"beta{one}", f"beta_{one}") for way in ways]
        forms += [f"beta{one} type float default {value}", f"beta{one} default {value}"]
        forms += [f"betas {value}"] if which < 2 else []
        while self._raw(end) in {",", "and"}:
            end += 1
        second = self._setting(end) if which == 0 else None
        if second is None:
            return tuple(forms), first[1]
        pair = [f"{name} {value} {second[0]}" for name in ("betas", "beta")]
        pair += [f"beta1 {value} beta2 {second[0]}", f"beta_1 {value} beta_2 {second[0]}"]
        return tuple(pair), second[1] + (self._raw(second[1]) == ")")

    def _which_beta(self) -> tuple[int, int]:
        """Which of Adam's running means a place names, 0 for both, and the place after; the same place where none."""
        word, following = self._word(self._at), self._word(self._at + 1)
        if word in _BETA:
            return _BETA[word], self._at + 1
        if word == "beta" and following in {"1", "2"}:
            return int(following), self._at + 2
        if word in {*_FIRST, *_SECOND} and following in _MEANS:
            return 1 + (word in _SECOND), self._at + 2
        return (0, self._at + 1) if word == "betas" else (0, self._at)

    def _setting(self, at: int) -> tuple[Number, int] | None:
        """The share that something is set to from a place on, and the place after it."""
        while self._raw(at) in _SET_TO:
            at += 1
        words = [*self._words(at, 4)]
        found = (numbers.part_of_one(words) or numbers.read(words)) if words[0] else None
        return (found.value, at + found.taken) if found is not None and 0 <= found.value < 1 else None


def written(count: int) -> tuple[str, ...]:
    """How scripts write a large number: 25000, 25_000, 25e3, 2.5e4, 25k."""
    digits = str(count)
    bare = digits.rstrip("0")
    zeros = len(digits) - len(bare)
    forms = [digits, f"{count:_}"]
    if zeros >= 2:
        point = f"{bare[0]}.{bare[1:]}" if len(bare) > 1 else bare
        forms += [f"{bare}e{zeros}", f"{point}e{len(digits) - 1}"]
    if zeros >= 3:
        forms += [f"{count // 1000}e3", f"{count // 1000}k"]
    return tuple(dict.fromkeys(forms))
