"""The plain-English rules for devices ("GPU only", "CUDA is required", "cannot train on a CPU") and kinds of files."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import pairwise

from index.known.components import MULTI_GPU
from index.understanding.ahead import Term
from index.understanding.figures import AT_ONCE, MORE
from index.understanding.filters import Filter, every
from index.understanding.lexicon import ARTICLES, STOP, STRICTLY
from index.understanding.measured import Measured

_BEYOND = 7  # words before a device that may say something of it
_OTHERS = {"GPU": "CPU", "TPU": "CPU", "CPU": "GPU"}  # what a script that needs the one does without
_NEED = {"require", "requires", "requiring", "need", "needs", "needing", "demand", "demands", "demanding", "depend",
         "depends", "rely", "relies", "relying", "expect", "expects", "expecting", "presuppose", "presupposes",
         "insist", "insists", "assume", "assumes", "assuming", "must"}  # fmt: skip
_NEEDED = {"required", "needed", "necessary", "mandatory", "essential", "obligatory", "compulsory", "indispensable",
           "must", "prerequisite", "requirement", "needs", "requires", "presupposed", "assumed"}  # fmt: skip
_UNABLE = {"cannot", "can't", "cant", "won't", "unable", "doesn't", "don't", "didn't", "isn't", "aren't", "never",
           "couldn't", "not"}  # fmt: skip
_ABLE = {"run", "runs", "running", "train", "trains", "training", "trained", "trainable", "work", "works", "working",
         "execute", "executes", "executed", "start", "starts", "used", "usable", "possible", "runnable", "go", "do",
         "function", "functions", "support", "supports", "launch", "launched", "operate"}  # fmt: skip
_NO = {"no", "without", "not", "never", "lacking", "lacks", "w/o"}
_FALLBACK = {"fallback", "support", "mode", "version"}
_WITHOUT = {"without", "w/o", "sans", "lacking", "absence"}
_RUN_ON = {"on", "a", "the", "runs", "run", "for", "either", "needs"}
_AFTER = {"only", "required", "needed", "scripts", "models", "alone", "code", "training"}
_ENDS = {"but", "and", "or", "that", "which"}
_IF_THERE = re.compile(  # "if available", "only when one is present", "where there is one"; not "if a GPU is available"
    r"\b(if|when|where|whenever) ((there (is|are)|there's) (one|any)\b|((one|it|any|that) (is |are )?)?"
    r"(available|possible|present|found)\b)"
)
_GPUS = {"gpus", "gpu", "cards", "card"}
_FAILS = {"crash", "crashes", "crashed", "fail", "fails", "failed", "break", "breaks", "die", "dies", "useless"}
_FEW = 6  # words before a machine that say how scripts fare on it
_SMALL = {"laptop", "laptops", "netbook", "pc", "desktop"}
_WEAK = {"ordinary", "normal", "weak", "old", "plain", "simple", "cheap", "small", "any"}
_BETWEEN = ARTICLES | _ABLE | {"to", "onto", "upon", "it", "on", "with", "using", "for", "use", "uses", "if", "there",
                               "is"}  # "only runs on a GPU"  # fmt: skip


class Devices(Measured):
    """Says what is asked of the device, or the kind of file, that stands at a place."""

    def _device(self, term: Term, end: int, *, negated: bool) -> tuple[list[Filter], int] | None:
        """The filters of a device that is said to be needed, not needed, or not enough, and the place after; None where
        it is merely one that scripts may run on."""
        before = self._before()
        needed = bool({*before[-4:]} & _NEED)
        after, stop = self._said_after(end)
        bare = self._word(self._at).endswith("-only")
        strictly = max((place for place, word in enumerate(before) if word in STRICTLY), default=None)
        only = after == "only" or bare or (strictly is not None and {*before[strictly + 1 :]} <= _BETWEEN)
        unable = bool({*before} & _UNABLE and {*before} & _ABLE)
        without = bool({*before[-4:]} & _WITHOUT)
        if self._falls_back():
            return [Filter("hw", "eq", name) for name in ("CPU", "GPU")], stop
        device, other = Filter("hw", "eq", term.value), Filter("hw", "eq", _OTHERS[term.value])
        if without and unable:  # cannot run without
            return [device, other.inverse], stop
        if negated and self._word(end) in _FALLBACK:  # no CPU support
            return [other, device.inverse], end + 1
        if unable and negated and not needed and after != "needed":  # cannot run on
            return [other, device.inverse], stop
        if negated and (needed or after == "needed" or (without and {*before} & _ABLE)):
            return [every((device, other.inverse)).inverse], stop
        if after == "unneeded":
            return [every((device, other.inverse)).inverse], stop
        if not negated and (only or needed or after == "needed"):
            return [device, other.inverse], stop
        return None

    @cached_property
    def _of_gpus(self) -> bool:
        return any(token.lower in _GPUS for token in self._tokens)

    def _small_machine(self) -> bool:
        """runs on my laptop · for an ordinary PC: what needs no GPU; on at least two GPUs: on several"""
        amount = self._amount(self._at) if self._of_gpus else None
        end = amount.end + (self._word(amount.end) in {"graphics", "nvidia"}) if amount else self._at
        if amount and self._word(end) in _GPUS and isinstance(amount.value, int):
            several = amount.value > 1 and amount.op in {"eq", "ge", "gt"}
            if several or (amount.op == "gt" and amount.value == 1):
                return self._several_devices(end + 1, negated=self._negated or amount.negated)
        if fallen := self._no_fallback():
            for condition in fallen[0]:
                self._add(condition)
            self._at = fallen[1]
            self._end_clause(0)
            return True
        if self._word(self._at) not in _SMALL or self._word(self._at - 1) not in {*ARTICLES, "on", "my", "our", *_WEAK}:
            return False
        needed = every((Filter("hw", "eq", "GPU"), Filter("hw", "eq", "CPU", True)))
        before = {*self._words(max(0, self._at - _FEW), min(self._at, _FEW))}
        fails = bool(before & _FAILS or (before & _UNABLE and before & _ABLE))  # on a laptop
        self._words_ = [word for word in self._words_ if not (fails and word.lower() in _FAILS)]
        for condition in needed.parts if fails else (needed.inverse,):
            self._joined_by = None
            self._add(condition)
        self._at += 1
        self._end_clause(0)
        return True

    def _no_fallback(self) -> tuple[list[Filter], int] | None:
        """The filters of "no fallback to the CPU", "never falls back to a CPU", and the place after it."""
        if not self._negated:
            return None
        back = self._word(self._at) in {"fall", "falls", "falling"} and self._word(self._at + 1) == "back"
        if not back and self._word(self._at) not in {"fallback", "fallbacks", "fall-back"}:
            return None
        at = self._at + 1 + back
        while self._word(at) in {"to", "on", "onto", "for", *ARTICLES}:
            at += 1
        term = self.term(at)
        if term is None and not self._word(at) and any(token.lower in _GPUS | {"cuda"} for token in self._tokens):
            term = Term("hw", "CPU", 0)  # CUDA without a fallback
        if term is None or term.field != "hw":
            return None
        self._negated = False
        return [Filter("hw", "eq", _OTHERS[term.value]), Filter("hw", "eq", term.value, True)], at + term.taken

    def _several_devices(self, end: int, *, negated: bool = False) -> bool:
        """Takes what says, up to a place, that several devices are used. It ranks: how many they are is mostly told
        where a script is started, and few state it."""
        if negated:
            self._add(Filter("uses", "eq", MULTI_GPU, True))
        else:
            self._components.append(MULTI_GPU)
            self._words_ += [word for word in self._words(self._at, end - self._at) if word not in STOP | MORE]
        end += len(self._one_of(AT_ONCE, end, 3) or ())
        self._end_clause(end - self._at)
        return True

    def _falls_back(self) -> bool:
        """Whether a second device is said to do where the first is missing: "falls back to the CPU without a GPU"."""
        words = [token.lower for token in self._tokens]
        back = any(first in {"fall", "falls", "falling"} and second == "back" for first, second in pairwise(words))
        back = back or any(
            word == "fallback" and not _NO & {*words[max(0, at - 3) : at]} for at, word in enumerate(words)
        )
        choice = _IF_THERE.search(" ".join(words)) is not None
        return back or choice or ("otherwise" in words and not {"not", "cannot"} & {*words})

    def _before(self) -> list[str]:
        """The words of the clause before a device."""
        found: list[str] = []
        for place in range(self._at - 1, max(-1, self._at - 1 - _BEYOND), -1):
            if not self._word(place) or (self._word(place) in _ENDS and found):
                break
            found.insert(0, self._word(place))
        return found

    def _said_after(self, end: int) -> tuple[str, int]:
        """ "needed", "unneeded" or "only", as is said after a device, and the place after it; else ("", end)"""
        at = end
        at += self._word(at) in {"is", "are", "being", "be", "was"}
        denied = self._word(at) in {"not", "never", "isn't", "aren't", "un"}
        at += denied
        at += self._word(at) in {"strictly", "absolutely", "really", *ARTICLES}
        if self._word(at) in _NEEDED:
            return ("unneeded" if denied else "needed"), at + 1
        if self._word(end) in STRICTLY | {"alone"}:
            return "only", end + 1
        if self._word(at) in {"optional", "unnecessary"}:
            return "unneeded", at + 1
        return "", end

    def _run_on(self, end: int) -> bool:
        """Whether what stands before or after a device says that scripts run on it: "for GPU", "CPU only"."""
        before = {self._word(self._at - 1), self._word(self._at - 2) if self._word(self._at - 1) in ARTICLES else ""}
        listed = self._joint(end)[0] and (term := self.term(self._joint(end)[1])) and term.field == "hw"
        return bool(before & _RUN_ON or listed or self._joined_by or self._word(end) in _AFTER)

    def _among_scripts(self, end: int) -> bool:
        """Whether a kind of file is named beside all the others: "notebooks and scripts"."""
        listed, after = self._joint(end)
        before = self._word(self._at - 2) if self._word(self._at - 1) in {"and", "or", "/", "&"} else ""
        return {before, self._word(after) if listed else ""} & {"script", "scripts", "file", "files"} != set()
