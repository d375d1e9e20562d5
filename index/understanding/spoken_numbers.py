"""Numbers whose names stand among other words, or after them: sees the data fifty times, a larger batch than 64."""

from __future__ import annotations

from abc import ABC
from dataclasses import replace

from index.understanding.amounts import Amount
from index.understanding.dated import Dated
from index.understanding.dates import day_of
from index.understanding.figures import BATCHED, DATA, LEARNS, LESS, MORE, PACES, WHOSE
from index.understanding.lexicon import ARTICLES

HIGHEST_RATE = 0.1  # that a number without a name is taken for
STEP = {"step", "steps", "stepsize"}
GOES = {"go", "goes", "run", "runs", "pass", "passes", "cycle", "cycles", "loop", "loops", "iterate", "iterates",
        "went", "walks", "sweeps"}  # fmt: skip
_ADVERBS = {"once": 1, "twice": 2, "thrice": 3}
_SEE = {"round", "around", "through", "over", "see", "sees", "seen", "visit", "visits", "reads", "pass", "passes",
        "shown", "cycle"}  # fmt: skip

# what is done to a network after each example, and how a training comes to its end; both stand a few words before
_MOVED = {"update", "updates", "updated", "corrected", "corrects", "adjusted", "adjusts", "moved", "changed", "learns",
          "steps", "weights"}  # fmt: skip
ENDS = {"over", "ends", "end", "ended", "stops", "stop", "stopped", "finished", "finishes", "done", "complete"}
_ROUND = {"epoch", "pass", "round", "sweep"}
_FEW_BEFORE = 4


class SpokenNumbers(Dated, ABC):
    """Reads them; what each returns are the field, the amounts and the place after them."""

    def _repeated(self) -> tuple[str, list[Amount], int] | None:
        """(goes) through the data fifty times · sees all its examples more than fifty times"""
        at = self._at + (self._word(self._at) in GOES)
        if self._word(at) not in _SEE:
            return self._times_over(at)
        at += 1
        while self._word(at) in {*WHOSE, "of", "each", "single"}:
            at += 1
        each = {*self._words(at - 2, 2)} & {"each", "every"} and self._word(at + (self._word(at) == "training"))
        data = self._one_of(DATA, at, 3) if self._word(at - 1) in {*WHOSE, "of"} else None
        data = (each,) * (1 + (self._word(at) == "training")) if each and f"{each}s" in BATCHED else data
        amount = self._amount(at + len(data)) if data else None
        if data and self._word(at + len(data)) in _ADVERBS:
            return (
                "epochs",
                [Amount("eq", _ADVERBS[self._word(at + len(data))], at + len(data) + 1)],
                at + len(data) + 1,
            )
        if amount is None or self._word(amount.end) != "times":
            return None
        closed = self._closed(amount.end + 1) if amount.op == "eq" else None  # "a thousand times or more"
        op, end = closed or (amount.op, amount.end + 1)
        return "epochs", [replace(amount, op=op)], end

    def _times_over(self, at: int) -> tuple[str, list[Amount], int] | None:
        """fifty times or more over the data · twice through the data"""
        amount = self._amount(at)
        closed = self._closed(amount.end + 1) if amount and self._word(amount.end) == "times" else None
        if self._word(at) in _ADVERBS:
            amount, closed = Amount("eq", _ADVERBS[self._word(at)], at + 1), ("eq", at + 1)
        if amount is None or closed is None or self._word(closed[1]) not in {"over", "through"}:
            return None
        start = closed[1] + 1
        while self._word(start) in {*WHOSE, "of"}:
            start += 1
        data = self._one_of(DATA, start, 3)
        return ("epochs", [replace(amount, op=closed[0])], start + len(data)) if data else None

    def _paced(self) -> tuple[str, list[Amount], int] | None:
        """learns faster than 1e-3 · trains more slowly than 0.0001 · in steps of a thousandth"""
        step = self._amount(self._at + 2) if self._word(self._at) in STEP and self._word(self._at + 1) == "of" else None
        if step is not None and isinstance(step.value, float) and 0 < step.value <= HIGHEST_RATE:
            return "lr", [step], step.end
        pace = self._one_of(PACES, self._at + 1, 2) if self._word(self._at) in LEARNS else None
        at = self._at + 1 + len(pace or ())
        amount = self._amount(at + 1) if pace and self._word(at) == "than" else None
        if pace is None or amount is None or amount.op != "eq" or not isinstance(amount.value, float):
            return None
        if not 0 < amount.value <= HIGHEST_RATE:  # "trains faster than 2.5 hours"
            return None
        return "lr", [replace(amount, op=PACES[pace])], amount.end

    def _in_turn(self) -> tuple[str, list[Amount], int] | None:
        """updated after every single example: batches of one · over after the third pass: three epochs"""
        at = self._at
        before = {*self._words(max(0, at - _FEW_BEFORE), min(at, _FEW_BEFORE))}
        if self._word(at) != "after":
            return None
        if self._word(at + 1) in {"every", "each"} and before & _MOVED:
            end = at + 2
            while self._word(end) in {"single", "one", "training"}:
                end += 1
            if self._word(end) not in BATCHED:
                return None
            self._said_before(at, _MOVED)
            return "batch", [Amount("eq", 1, end + 1)], end + 1
        count = day_of(self._word(at + 2)) if self._word(at + 1) == "the" else None
        if count is None or not before & ENDS or self._word(at + 3) not in _ROUND:
            return None
        self._said_before(at, ENDS)
        return "epochs", [Amount("eq", count, at + 4)], at + 4

    def _than(self) -> tuple[str, list[Amount], int] | None:
        """a larger batch size than 64 · fewer epochs than a hundred"""
        at = self._at + (self._word(self._at) in ARTICLES)
        named = self._number_field(at + 1) if self._word(at) in LESS | MORE else None
        if named is None or self._word(end := at + 1 + named[1]) not in {"than", "then"}:
            return None
        value = self._number_at(end + 1)
        op = "lt" if self._word(at) in LESS else "gt"
        after = self._after(end + 1, value.taken) if value else end
        return (named[0], [Amount(op, value.value, after)], after) if value else None

    def _chained(self) -> tuple[str, list[Amount], int] | None:
        """32 < batch size <= 256 · 10 <= epochs"""
        low = self._number_at(self._at)
        sign = self._after(self._at, low.taken) if low else self._at
        op = {"<": "gt", "<=": "ge", "≤": "ge", ">": "lt", ">=": "le", "≥": "le", "=": "eq"}.get(self._word(sign))
        named = self._number_field(sign + 1)
        if low is None or op is None or named is None:
            return None
        end = sign + 1 + named[1]
        further = self._amount(end) if self._tokens[end : end + 1] and self._tokens[end].kind == "op" else None
        amounts = [Amount(op, low.value, end)] + ([replace(further, joint="and")] if further else [])
        return named[0], amounts, amounts[-1].end
