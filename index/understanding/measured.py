"""The plain-English rules for numbers, and for orders by them."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from index.understanding import numbers
from index.understanding.amounts import Amount
from index.understanding.dated import BUT
from index.understanding.figures import (
    ABOUT,
    AT_ONCE,
    BATCHED,
    BEFORE_FIELD,
    BEFORE_NUMBER,
    BOUNDS,
    EXCLUSIVE,
    HANDLES,
    INCLUSIVE,
    LESS,
    MORE,
    NO_EXAMPLES,
    OR_SO,
    TIMES_AS,
    USUAL,
    VAGUE,
)
from index.understanding.filters import Filter, Unclear
from index.understanding.lexicon import ARTICLES, GIVEN, NEGATORS
from index.understanding.ordering import by_size, order
from index.understanding.spoken_numbers import ENDS, GOES, HIGHEST_RATE, STEP
from index.understanding.written import WrittenNumbers

_MEMORY = 10**9  # bytes that no script has: "a GPU with 16 GB"
_COUNTABLE = {"batch", "lr", "epochs"}
_BEGINS_AT = {(verb, "at") for verb in ("starting", "starts", "started", "beginning", "begins")}
_NOT_RATES = {"weight", "wd", "decay", "dropout", "momentum", "beta", "eps", "epsilon", "gamma", "l2", "l1", "noise"}
_EACH = {(thing, each) for thing in BATCHED for each in ("each", "apiece")}  # batches of 32 images each
_THINGS = {"samples", "examples", "instances", "items", "images", "pictures", "photos", "elements", "records",
           "observations"}  # that a batch is of, and that say nothing of what they show  # fmt: skip
_CLOSING = {"", "and", "or", "but", "with", "using", "on", "in", "by", "that", "which"}
_LISTED = {"", ",", ";", "+"}
_AS_MANY = {"the", "as", "many", "more", "fewer", "less", "high", "higher", "large", "larger", "big", "usual",
            "default", "normal", "number", "of"}  # fmt: skip
_FEWEST = 8  # of what is not said to be examples, at once: "two networks at a time" are no batch


class Measured(WrittenNumbers):
    """Reads statements about numbers."""

    def _number(self) -> bool:
        """batch size 256 · lr below 1e-3 · more than 100 epochs · epochs less than 20 or more than 100 · over 4 kB"""
        if self._written_number():
            return True
        if named := self._vaguely(self._at):
            amount = (self._amount(named + 1) or self._in_scale(named + 1)) if self._raw(named) == "," else None
            if amount is None or self._counted([amount])[0]:
                return self._vague(self._at, named)
            fields = (self._number_field(at) for at in range(self._at, named))  # "huge batches, 512 or more"
            self._add(Filter(next(field for field in fields if field)[0], amount.op, amount.value, self._negated))
            self._end_clause(amount.end - self._at)
            return True
        if multiple := self._multiple(self._at):
            return self._vague(self._at, multiple)
        bound, start = self._bound(self._at)
        found = self._number_field(start)
        if found:
            field, taken = found
            amounts = self._of_kind(field, self._valued(start, start + taken))
            end = amounts[-1].end if amounts else start + taken
            end += self._raw(start + taken) == "(" and self._raw(end) == ")"
            if amounts and bound and amounts[0].op == "eq":
                amounts[0] = self._bounded(amounts[0], bound)
            end += self._words(end, 2) in _EACH and 2
            end += (
                field == "batch" and end > start + taken and self._word(end) in _THINGS and self._word(end + 1) != "of"
            )
        elif chained := self._chained() or self._repeated() or self._than() or self._paced() or self._in_turn():
            field, amounts, end = chained
        else:
            amounts = self._amounts(self._at, field_first=False)
            field, end = self._counted(amounts)
            if not field:
                return self._rate_alone()
            if amounts[-1].op == "eq" and (closed := self._closed(end)):  # "100 epochs or more"
                amounts[-1], end = replace(amounts[-1], op=closed[0]), closed[1]
            if self._words(end, 2) in OR_SO:
                amounts[-1], end = self._bounded(amounts[-1], "about"), end + 2
            amounts, end = self._going_on(amounts, end)
        amounts, end = self._with_ends(amounts, end)
        if not self._of_kind(field, amounts):
            return self._unvalued(start, found[1]) if found else self._rate_alone()
        self._said_before(self._at, HANDLES | (GOES if field == "epochs" else set()))
        if field == "epochs" and self._word(self._at - 1) == "after" and self._words_[-1:] == ["after"]:
            self._words_.pop()  # over after three epochs
            self._said_before(self._at - 1, ENDS)
        negated = self._negated or amounts[0].negated
        for before, amount in zip([amounts[0], *amounts], amounts, strict=False):
            if amount.joint:
                values = before.op == amount.op == "eq" and before.negated >= amount.negated  # not "1e-3, not 1e-4"
                self._joined_by = "or" if amount.joint == "or" or values else None
            self._add(Filter(field, amount.op, amount.value, negated or amount.negated))
        self._end_clause(end - self._at)
        return True

    def _valued(self, start: int, end: int) -> list[Amount]:
        """What the name of a number, from `start` to `end`, is said to be: batch size 64, batch size (max 64), any
        batch size but 64."""
        but = self._one_of(BUT, end, 3) if self._word(start - 1) in {"any", "every", "all", "another"} else None
        if but and (amounts := self._amounts(end + len(but), field_first=True)):
            return [replace(amount, negated=True) for amount in amounts]
        aside = self._raw(end) == "(" or (self._word(end) == "but" and self._word(end + 1) in NEGATORS)
        return self._amounts(self._value_of(end + aside), field_first=True)

    def _of_kind(self, field: str, amounts: list[Amount]) -> list[Amount]:
        """The amounts up to the first that cannot be one of the field: in "batch 128, 3e-4" the second is a rate."""
        whole = field in {"batch", "epochs"}
        return [*takewhile(lambda one: not (whole and isinstance(one.value, float) and one.value < 1), amounts)]

    def _going_on(self, amounts: list[Amount], end: int) -> tuple[list[Amount], int]:
        """The amounts with a bound that follows without a name of its own: "fewer than 5 epochs or more than 200"."""
        joint, at = ("and", end + 1) if self._word(end) == "but" else self._joint(end)
        more = self._amount(at) if joint and self._comparison(at)[1] > at else None
        if more is None or self._counted([more])[0] or self._span(at):
            return amounts, end
        if joint == "and" and self._word(more.end) not in _CLOSING:  # of something else: "and fewer than 3 layers"
            return amounts, end
        return [*amounts, replace(more, joint=joint)], more.end

    def _with_ends(self, amounts: list[Amount], end: int) -> tuple[list[Amount], int]:
        """The amounts, a range with or without its ends as is said after it, and the place after that."""
        at = end + (self._raw(end) == ",")
        if amounts and amounts[-1].op == "range":
            if phrase := self._one_of(EXCLUSIVE, at, 3):
                amounts, end = [*amounts[:-1], replace(amounts[-1], strict=True)], at + len(phrase)
            elif phrase := self._one_of(INCLUSIVE, at, 3):
                end = at + len(phrase)
        return [part for amount in amounts for part in amount.parts], end

    def _rate_alone(self) -> bool:
        """A small number that is all an item of a list says is the learning rate: "Adam, 3e-4, batch 64"."""
        value = self._number_at(self._at)
        if value is None or not isinstance(value.value, float) or not 0 < value.value <= HIGHEST_RATE:
            return False
        end = self._after(self._at, value.taken)
        closed = self._raw(end) in {*_LISTED, "and"}
        # "Adam 3e-4 batch 64", "SGD 0.1 momentum 0.9", not "Adam 0.1 weight decay"
        another = self._word(end) in _NOT_RATES and self._number_at(end + 1) is None
        listed = (self._of_the_optimizer() and not another) or (self._raw(self._at - 1) in _LISTED and closed)
        if not listed or len(self._tokens) == value.taken:
            return False
        self._add(Filter("lr", "eq", value.value, self._negated))
        self._end_clause(end - self._at)
        return True

    def _of_the_optimizer(self) -> bool:
        """Whether an optimizer stands just before, as in "Adam at a thousandth" and "Adam 1e-3"."""
        at = self._at - (self._word(self._at - 1) in {"at", "with", "of"})
        return any(
            (term := self.term(start)) and term.field == "optimizer" and start + term.taken == at
            for start in range(max(0, at - 4), at)
        )

    def _bound(self, at: int) -> tuple[str, int]:
        """("le", the place after it) for "a maximum" before the name of a number, as well as "about"; else ("", at)"""
        if self._words(at, 2) == ("max", "epoch"):  # as the option is called
            return "", at + 1
        if self._word(at) in BOUNDS and self._number_field(at + 1):
            return BOUNDS[self._word(at)], at + 1
        about = self._one_of(ABOUT, at)
        if about and self._number_field(at + len(about)):
            return "about", at + len(about)
        return "", at

    def _bounded(self, amount: Amount, bound: str) -> Amount:
        if bound == "about" and isinstance(amount.value, int | float):
            return self._near(amount.value, amount.end)
        return replace(amount, op=bound if bound != "about" else "eq")

    def _vaguely(self, at: int) -> int:
        """The place after "large batches", "several hundred epochs", "hundreds of epochs"; 0 where none stand there or
        a number follows: "a small batch size of 16"."""
        if self._than():
            return 0
        if self._word(at) not in VAGUE | USUAL or self._word(at - 1) == "how":  # "for how many epochs" asks
            return 0
        at += 1
        at += self._word(at) in numbers.SCALES
        at += self._word(at) == "of"
        named = self._number_field(at)
        if named is None or self._amount(self._value_of(at + named[1])):
            return 0
        return at + named[1]

    def _in_scale(self, at: int) -> Amount | None:
        """some thousand, several hundreds: so many at least, after what says that they are many"""
        at += self._word(at) in {"some", "several", "many", "a"}
        at += self._word(at) == "few"
        scale = {"hundred": 100, **numbers.SCALES}.get(self._word(at).removesuffix("s"))
        return Amount("ge", scale, at + 1) if scale and self._word(at + 1) in _CLOSING else None

    def _multiple(self, at: int) -> int:
        """The place after "twice the batch size", "ten times more epochs", "half as many epochs as usual"; 0 elsewhere.
        How much that is nothing says."""
        count = None if self._word(at) in TIMES_AS else self._number_at(at)
        if count is not None:
            at = self._after(at, count.taken)
        if self._word(at) not in (TIMES_AS if count is None else {"times"}):
            return 0
        at += 1
        start = at
        while self._word(at) in _AS_MANY:
            at += 1
        named = self._number_field(at) if at > start else None
        if named is None or self._amount(self._value_of(at + named[1])):
            return 0
        end = at + named[1]
        end += self._word(end) in {"as", "than"} and 1 + (self._word(end + 1) in ARTICLES)
        return end + (self._word(end) in USUAL)

    def _value_of(self, at: int) -> int:
        """The place of the value of what is named before it: after "is one of", "set to", "in the range of"."""
        while True:
            if self._words(at, 2) in {("one", "of"), ("either", "of"), ("any", "of")}:
                at += 2
            elif self._word(at) in BEFORE_NUMBER and self._amount(at) is None:
                at += 1
            else:
                return at

    def _unvalued(self, start: int, taken: int) -> bool:
        """The name of a number without one: "lr below the default", "large batches", "what learning rate does it use?"

        What compares it, or says that it is not given, is shown as not understood.
        """
        end = start + taken
        _, at = self._comparison(self._value_of(end))
        told = at + (self._word(at) in ARTICLES)
        if self._word(told) and (self._word(at - 1) == "than" or (self._word(told) in USUAL and told > end)):
            return self._vague(self._at, told + 1)  # lower than mine, below the default
        if self._words(end, 2) == ("in", "the") and self._word(end + 2) in VAGUE:  # in the hundreds
            return self._vague(self._at, end + 3)
        if self._word(self._at - 1) not in VAGUE and self._word(self._value_of(end)) in VAGUE - MORE - LESS:
            return self._vague(self._at, self._value_of(end) + 1)  # the rate is small
        if self._negated and (not self._word(end) or self._word(end) in GIVEN):
            return False  # the negation has nothing to deny, and is shown
        plain = self._negated or (taken == 1 and self._word(start) not in {"lr", "epochs"})
        named = [] if plain else list(self._words(start, taken))
        self._words_ += named
        self._demanded += named
        self._at += len(named) and start - self._at + len(named)
        return bool(named)

    def _uncounted(self) -> bool:
        """Shows a comparison with a number of what no field counts: "more than four hundred layers"."""
        op, start = self._comparison(self._at)
        bound = op != "eq" and start > self._at and self._word(self._at) != "from"  # "from one language to another"
        before = self._at - 1 - (self._raw(self._at - 1) == ",")
        amount = self._amount(self._at) if bound or self._word(before) in STEP else None
        bound = bound or (amount is not None and amount.op in {"le", "ge"})  # in small steps, 1e-5 at most
        amount = amount if bound else None
        spoken = amount is not None and any(self._word(at).endswith(("th", "ths")) for at in range(start, amount.end))
        rate = amount is not None and isinstance(amount.value, float) and 0 < amount.value <= HIGHEST_RATE
        if amount is not None and rate and self._words(start - 2, 2) in _BEGINS_AT:
            amount, spoken = replace(amount, op="eq"), True
        if amount is not None and rate and (spoken or self._word(before) in STEP):
            while self._words_ and self._words_[-1] in STEP | VAGUE:  # "in small steps, below 1e-5"
                self._words_.pop()
            self._add(Filter("lr", amount.op, amount.value, self._negated))  # "a step smaller than a ten-thousandth"
            self._end_clause(amount.end - self._at)
            return True
        return amount is not None and self._vague(self._at, amount.end)

    def _otherwise(self) -> bool:
        """A number that is denied after another: "10 epochs, not 100"."""
        last = self._filters[-1] if self._filters else None
        amount = self._amount(self._at) if self._negated and last and last.field in _COUNTABLE else None
        if amount is None or last is None or self._ended < self._at - 4 or self._word(amount.end) not in _CLOSING:
            return False
        self._add(Filter(last.field, amount.op, amount.value, True))
        self._end_clause(amount.end - self._at)
        return True

    def _vague(self, start: int, end: int) -> bool:
        """Shows what speaks of a number and names none."""
        tokens = [token for token in self._tokens[start:end] if token.kind in {"word", "op"}]
        self._unclear.append(Unclear(" ".join(token.text for token in tokens), "number", tokens[0].column))
        self._end_clause(end - self._at)
        return True

    def _counted(self, amounts: list[Amount]) -> tuple[str, int]:
        """What numbers without a field before them count, and the place after it; ("", 0) where nothing says so."""
        if not amounts:
            return "", 0
        at = amounts[-1].end
        while self._word(at) in BEFORE_FIELD and self._number_field(at) is None:
            at += 1
        after = self._number_field(at)
        if after is not None:
            return after[0], at + after[1]
        rounds = self._word(at) == "rounds" and not ENDS.isdisjoint(self._words(max(0, self._at - 4), min(self._at, 4)))
        if (
            rounds
            or self._word(at) in {"passes", "sweeps"}
            or (self._word(at) == "pass" and self._word(at + 1) in _CLOSING)
        ):
            return "epochs", at + 1
        file = self._word(self._at - 1) in {"file", "files", "script", "scripts"} and (
            self._word(self._at) in {"larger", "bigger", "smaller"}
        )
        small = all(not isinstance(amount.value, int | float) or amount.value < _MEMORY for amount in amounts)
        if file or (small and all(amount.bytes for amount in amounts)):
            at = amounts[-1].end
            at += self._words(at, 2) in {("in", "size"), ("on", "disk")} and 2
            return "size", at + (self._word(at) in {"large", "big", "long"})
        return self._at_once(amounts)

    def _at_once(self, amounts: list[Amount]) -> tuple[str, int]:
        """("batch", the place after) for "128 transitions a step" and "sixty-four at once"; else ("", 0)"""
        at = amounts[-1].end
        phrase = self._one_of(AT_ONCE, at, 4)
        if phrase is None and self._word(at).isalpha() and self._word(at) not in NO_EXAMPLES:
            at += 1
            phrase = self._one_of(AT_ONCE, at, 4)
        value = amounts[-1].value
        least = value[0] if isinstance(value, tuple) else value
        many = isinstance(least, int) and least >= _FEWEST
        return ("batch", at + len(phrase)) if phrase and many else ("", 0)

    def _order(self) -> bool:
        """newest first · sorted by learning rate · the largest batch size · top 5"""
        ahead, limited = self._ahead(self._at), bool(self._limit) and not self._sort
        found = order(ahead, lambda offset: self._number_field(self._at + offset), limited=limited)
        if found is None and (found := by_size(ahead)):
            kind = self.term(self._after(self._at, found.taken))
            found = found if kind is not None and kind.field in {"tag", "path"} else None
        if found is None:
            return False
        self._sort += [found.sort] if found.sort else []
        self._limit = found.limit or self._limit
        self._end_clause(self._after(self._at, found.taken) - self._at)
        return True
