"""What stands beside a term of the field and says how it is meant: who makes it, its kin, what it was trained on,
whether it is only an everyday word."""

from __future__ import annotations

import re
from abc import ABC
from dataclasses import replace

from index.known.glossary import FROM_HUGGING_FACE, MAKERS
from index.understanding.ahead import Term
from index.understanding.filters import Filter, every
from index.understanding.lexicon import ARTICLES, EVERYDAY, EXCEPTS, KINDRED, PROPER
from index.understanding.negations import Negations
from index.understanding.vocabulary import ORDINARY, squeeze

_FEW = 9  # words, in which what is said of a term stands
# said of networks that come with their weights
_READY = {"pretrained", "pre-trained", "pretraining", "pre-training", "weights", "transfer", "transferred",
          "initialised", "initialized", "start", "starting", "starts", "checkpoint", "checkpoints", "features",
          "reuse", "reuses", "already", "knows", "frozen"}  # fmt: skip
_PART = {"backbone", "backbones", "trunk", "encoder", "extractor", "initialisation", "initialization", "init"}
_NETWORK = {"model", "models", "network", "networks", "net", "nets", "cnn", "resnet", "vgg"}
_EARLIER = {"before", "beforehand", "previously", "already", "earlier"}
_TAKEN_OVER = {"freeze", "freezes", "freezing", "froze", "frozen", "unfreeze", "unfreezes", "fine-tune", "fine-tunes",
               "finetune", "finetunes", "fine-tuned", "finetuned", "retrain", "retrained", "top"}  # fmt: skip
_APART = {"decoupled", "decoupling", "apart", "out", "outside", "separate", "separated", "separately", "detached"}


class Beside(Negations, ABC):
    """Looks around a term."""

    def _maker(self) -> bool:
        """Takes who makes a framework: before its name, as in "Google's JAX" and "the one from Microsoft, LightGBM";
        after it, as in "JAX from Google"; or for it, where they make but one: "not the one from Microsoft"."""
        if self._words(self._at, 2) == ("hugging", "face") and self._word(self._at + 2) in FROM_HUGGING_FACE:
            self._at += 2  # the library's own name follows
            return True
        made = MAKERS.get(self._word(self._at))
        if made is None:
            return False
        data = self._term(self._at + 1, self._word(self._at + 1))
        if data is not None and data.field == "dataset":  # "Microsoft's common objects in context"
            self._at += 1
            return True
        after = self._at + 1 + (self._raw(self._at + 1) in {",", "("})
        term = self._term(after, self._word(after))
        if term is not None and term.value in made:
            self._at = after
            return True
        if self._word(self._at - 1) in {"from", "by", "of"}:
            asked = [one for one in self._filters if one.field == "framework" and {*one.items} & {*made}]
            if len(made) == 1 and not asked:
                self._add(Filter("framework", "eq", made[0], self._negated))
            if len(made) == 1 or asked:
                self._end_clause(1)
                return True
        elif len(made) == 1 and self._negated and self._word(self._at + 1) in {"one", "library"}:
            self._add(Filter("framework", "eq", made[0], True))
            self._end_clause(2)
            return True
        return False

    def _import(self) -> bool:
        """from transformers import … · import transformers: what scripts import, whatever else the name means"""
        at = self._at + 1
        line = self._word(self._at) == "from" and self._word(at + 1) == "import"
        last = self._word(self._at) == "import" and at == len(self._tokens) - 1 and self._word(at - 3) != "from"
        if not line and not last:
            return False
        name, term = self._word(at), self.term(at)
        if not re.fullmatch(r"[a-z]\w*(?:\.\w+)*", name) or (term is not None and term.field == "framework"):
            return False
        self._add(Filter("text", "in", (f"from {name}", f"import {name}"), self._negated))
        self._end_clause(2 + line)
        return True

    def _decoupled(self, end: int) -> int:
        """The place after what makes AdamW of Adam: "with the weight decay taken apart", "whose decay is decoupled"."""
        words = [*self._words(end, _FEW)]
        decay = words.index("decay") if "decay" in words else -1
        apart = next((at for at, word in enumerate(words) if word in _APART), -1)
        return end + max(decay, apart) + 1 if decay >= 0 and apart >= 0 and abs(apart - decay) <= 3 else 0

    def _of_kin(self, end: int) -> bool:
        """Whether what ends at a place stands for all of its kin: "a variant of Adam", "some Adam variant"."""
        at = self._at - 1 - (self._word(self._at - 1) in ARTICLES)
        before = self._word(at) == "of" and self._word(at - 1) in KINDRED | {"kind", "sort", "form", "version"}
        return before or self._word(end) in KINDRED

    def _where_weights_are_from(self, end: int) -> bool:
        """Whether a dataset is named as what a network was trained on before: "pretrained on ImageNet", "ImageNet
        weights", "an ImageNet backbone", "take an ImageNet model and freeze it", "layers that were trained on ImageNet
        before"."""
        before, after = self._words(max(0, self._at - 7), min(7, self._at)), self._words(end, 2)
        if not _READY.isdisjoint(before) or not (_READY - {"start", "starting", "starts"} | _PART).isdisjoint(after):
            return True
        if self._word(end) in _EARLIER and not self.dated(end + 1):
            return True
        said = (token.lower for token in self._tokens)
        return self._word(end) in _NETWORK and not _TAKEN_OVER.isdisjoint(said)

    def _of_a_dataset(self) -> bool:
        """Whether a library is named as the owner of the dataset before it: "the digits of scikit-learn"."""
        asked = self._filters[-1].field == "dataset" if self._filters else False
        return asked and self._word(self._at - 1) in {"of", "from"} and not self._negated

    def _excepted_with(self, condition: Filter, end: int) -> tuple[Filter, int] | None:
        """What is excepted with a term, as one: "everything except diffusion on MNIST". The place after it."""
        if self._denier is None or not {self._word(self._at - back) for back in (1, 2, 3, 4)} & EXCEPTS:
            return None
        at = end
        while self._word(at) in {"on", "in", "with", "using", "from", "for", "trained", "models", "scripts"}:
            at += 1
        other = self._term(at, self._word(at)) if at > end else None
        if other is None or other.field == condition.field:
            return None
        both = every((replace(condition, negated=False), Filter(other.field, "eq", other.value)))
        return replace(both, negated=True), at + other.taken

    def _only_everyday(self, term: Term, text: str) -> bool:
        """An everyday word that is an alias too, without "dataset" or "optimizer" beside it."""
        said = "".join([text, *(self._word(self._at + offset) for offset in range(1, term.taken))])
        written = self._tokens[self._at].text
        in_capitals = term.taken == 1 and len(written) > 2 and written[1:] != written[1:].lower()  # COCO
        if in_capitals or squeeze(said) not in EVERYDAY - ORDINARY or (self._negated and term.taken > 1):
            return False
        beside = {self._word(self._at + term.taken), self._word(self._at - 1)}
        if term.field == "dataset":
            on = "on" in self._words(self._at - 2, 2) and self._word(self._at - 1) in {"on", *ARTICLES}
            named = self._at > 0 and written[:1].isupper()  # "the Cora citations"
            around = self._raw(self._at - 1), self._raw(self._at + term.taken)
            apart = {*around} <= {"", ",", ";"} and around != ("", "")  # "cora, epochs 200"
            proper = squeeze(said) in PROPER and (on or named or apart or self._only_terms) and not self._negated
            return not (proper or beside & {"dataset", "data", "datasets"})
        if term.field == "optimizer":
            return not (beside & {"optimizer", "optimiser", "using", "with", "by"} or self._negated)
        return False
