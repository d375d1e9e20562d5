"""The plain-English rules of a query: dates, numbers, negations, and the vocabulary of the field."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from index import dates
from index.fields import (
    DATASET_WORDS,
    FRAMEWORK_WORDS,
    HARDWARE_WORDS,
    OPTIMIZER_WORDS,
    TAG_WORDS,
    date_filter,
    number,
    squeeze,
)
from index.filters import Filter, Query, Scalar

if TYPE_CHECKING:
    from index.query import Token

_DATE_VERBS = {
    "created": "created", "made": "created", "written": "created", "built": "created", "authored": "created",
    "started": "created", "added": "created", "trained": "created", "dated": "created", "wrote": "created",
    "modified": "modified", "changed": "modified", "updated": "modified", "edited": "modified", "touched": "modified",
}  # fmt: skip
_DATE_PREPOSITIONS = {
    "in": "eq", "on": "eq", "during": "eq", "from": "eq", "of": "eq", "within": "eq", "over": "eq", "at": "eq",
    "before": "lt", "until": "le", "till": "le", "by": "le", "through": "le", "after": "gt", "since": "ge",
}  # fmt: skip
_NUMBER_FIELDS = {
    ("batch", "size", "of"): "batch", ("batch", "size"): "batch", ("batch", "sizes"): "batch", ("batchsize",): "batch",
    ("batches", "of"): "batch", ("batch",): "batch", ("bs",): "batch", ("learning", "rate"): "lr",
    ("learning", "rates"): "lr", ("lr",): "lr", ("epochs",): "epochs", ("epoch",): "epochs",
    ("number", "of", "epochs"): "epochs",
}  # fmt: skip
_COMPARISONS = {
    ("less", "than"): "lt", ("fewer", "than"): "lt", ("lower", "than"): "lt", ("smaller", "than"): "lt",
    ("below",): "lt", ("under",): "lt", ("<",): "lt", ("<=",): "le", ("≤",): "le", ("at", "most"): "le",
    ("up", "to"): "le", ("no", "more", "than"): "le", ("not", "more", "than"): "le", ("maximum",): "le",
    ("more", "than"): "gt", ("greater", "than"): "gt", ("larger", "than"): "gt", ("higher", "than"): "gt",
    ("bigger", "than"): "gt", ("above",): "gt", ("over",): "gt", (">",): "gt", (">=",): "ge", ("≥",): "ge",
    ("at", "least"): "ge", ("no", "less", "than"): "ge", ("no", "fewer", "than"): "ge", ("not", "less", "than"): "ge",
    ("minimum",): "ge", ("exactly",): "eq", ("equal", "to"): "eq", ("=",): "eq", ("==",): "eq",
}  # fmt: skip
_BEFORE_NUMBER = {"of", "is", "was", "are", "at", "to", "being", "equals", "set", "a", "with", "around"}
_NEGATORS = {"not", "no", "without", "except", "excluding", "exclude", "lacking", "never", "isn't", "aren't",
             "doesn't", "don't", "didn't", "wasn't", "weren't", "non", "neither", "nor", "minus", "isnt", "arent",
             "doesnt", "dont", "cannot"}  # fmt: skip
_NEGATED_FILLERS = {"a", "an", "the", "any", "use", "uses", "using", "used", "with", "on", "trained", "train", "based",
                    "having", "have", "has", "contain", "contains", "containing", "be", "been", "being", "is", "are",
                    "of", "involving", "involve", "rely", "include", "including", "includes", "employ", "employing",
                    "in", "written", "built", "run", "running", "runs", "for", "those", "models", "than"}  # fmt: skip
_GOVERNORS = {"using", "use", "uses", "used", "with", "having", "has", "have", "contain", "contains", "containing",
              "based", "include", "includes", "including", "featuring", "employ", "employs", "employing", "via",
              "utilizing", "utilising", "is", "are", "built", "involving", "involve", "involves"}  # fmt: skip
_LISTING = {"and", "or", "nor", ",", "/", "&", "plus"}
_NOUNS = {"dataset", "data", "images", "layers", "layer", "optimizer", "optimiser", "model", "models", "framework"}
_ARTICLES = {"a", "an", "the", "any", "either", "both"}
# Everyday words that are also aliases; they name a dataset only beside the word "dataset".
_EVERYDAY = {"fashion", "digits", "pets", "iris", "coco", "voc", "dtd", "cora", "shakespeare", "usps", "digit"}
_STOP = {
    "a", "about", "all", "also", "am", "among", "an", "and", "any", "are", "as", "at", "be", "been", "being", "but",
    "by", "can", "could", "did", "do", "does", "done", "each", "ever", "every", "file", "files", "find", "for",
    "from", "get", "gets", "give", "given", "had", "has", "have", "having", "help", "how", "i", "if", "in", "into",
    "is", "it", "its", "kind", "like", "list", "look", "looking", "many", "me", "mine", "model", "models", "most",
    "my", "need", "of", "on", "one", "ones", "or", "our", "out", "please", "program", "programs", "script",
    "scripts", "search", "select", "show", "some", "such", "tell", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "to", "train", "trained", "training", "tried", "try", "type", "up",
    "us", "use", "used", "uses", "using", "want", "was", "we", "were", "what", "when", "where", "which", "while",
    "who", "whose", "why", "will", "with", "work", "would", "you", "your", "created", "made", "written", "called",
    "named", "based", "dataset", "data", "game",
}  # fmt: skip


@dataclass(frozen=True)
class _Term:
    """A word of the vocabulary found in the query: which field it speaks of, and how many tokens it took."""

    field: str
    value: str
    taken: int


class Reader:
    """Reads the tokens of one query from left to right."""

    def __init__(self, tokens: list[Token], today: date) -> None:
        self._tokens = tokens
        self._today = today
        self._at = 0
        self._negated = False
        self._governed = False
        self._joined_by: str | None = None
        self._filters: list[Filter] = []
        self._words: list[str] = []
        self._phrases: list[str] = []
        self._concepts: list[str] = []

    def query(self) -> Query:
        while self._at < len(self._tokens):
            self._step()
        filters = tuple(dict.fromkeys(self._filters))
        words = tuple(dict.fromkeys(word.lower() for word in self._words))
        text = " ".join([*words, *(f'"{phrase}"' for phrase in self._phrases)])
        return Query(text, filters, words, tuple(self._phrases), tuple(dict.fromkeys(self._concepts)))

    def _step(self) -> None:
        token = self._tokens[self._at]
        if token.kind == "field" and token.filter is not None:
            self._filters.append(token.filter)
            self._end_clause(1)
        elif token.kind == "phrase":
            if token.negated or self._negated:
                self._filters.append(Filter("text", "eq", token.text, True))
            elif token.text:
                self._phrases.append(token.text)
            self._end_clause(1)
        elif self._date() or self._number() or self._negator() or self._vocabulary():
            return
        else:
            self._other(token)

    # -- the clauses -------------------------------------------------------------------------------------------

    def _date(self) -> bool:
        """[created] [before] April 2025 · created between March and May 2025 · from 2025-03 to 2025-05"""
        at, field, op = self._at, "created", ""
        verb = _DATE_VERBS.get(self._word(at))
        if verb:
            field, at = verb, at + 1
        word = self._word(at)
        if word in {"between", "from"}:
            pair = self._pair(at + 1)
            if pair:
                start, end, taken = pair
                return self._dated(field, "eq", start, end, at + 1 + taken)
        if word == "not" and self._word(at + 1) in _DATE_PREPOSITIONS and verb:
            self._negated, at = True, at + 1
            word = self._word(at)
        if word in _DATE_PREPOSITIONS:
            op, at = _DATE_PREPOSITIONS[word], at + 1
        span = dates.read(self._ahead(at), self._today)
        if span is None or (not op and not verb and (span.bare_year or span.yearless)):
            return False
        if (word == "over" or word == "at") and span.bare_year:
            return False  # "over 2000 epochs"
        if self._number_field(at + span.consumed) and span.bare_year:
            return False
        return self._dated(field, op or "eq", span.start, span.end, at + span.consumed)

    def _pair(self, at: int) -> tuple[date, date, int] | None:
        first = dates.read(self._ahead(at), self._today)
        if first is None:
            return None
        middle = at + first.consumed
        if self._word(middle) not in {"and", "to", "until", "till", "through", "-"}:
            return None
        second = dates.read(self._ahead(middle + 1), self._today)
        if second is None:
            return None
        if first.yearless and not second.yearless:
            first = first.in_year(second.start.year)
            if first.start > second.start:
                first = first.in_year(second.start.year - 1)
        elif first.yearless and second.yearless and first.start > second.start:
            first = first.in_year(second.start.year - 1)
        if second.end <= first.start:
            first, second = second, first
        return first.start, second.end, first.consumed + 1 + second.consumed

    def _dated(self, field: str, op: str, start: date, end: date, at: int) -> bool:
        self._filters.append(date_filter(field, op, start, end, self._negated))
        self._at = at
        self._end_clause(0)
        return True

    def _number(self) -> bool:
        """batch size 256 · lr below 1e-3 · more than 100 epochs · between 10 and 50 epochs"""
        found = self._number_field(self._at)
        if found:
            field, taken = found
            at = self._at + taken
            while self._word(at) in _BEFORE_NUMBER:
                at += 1
            value = self._amount(at)
        else:
            value = self._amount(self._at)
            after = self._number_field(value[2]) if value else None
            if after is None:
                return False
            field, taken = after
            assert value is not None
            value = (value[0], value[1], value[2] + taken)
        if value is None:
            return False
        op, amount, self._at = value
        self._filters.append(Filter(field, op, amount, self._negated))
        self._end_clause(0)
        return True

    def _amount(self, at: int) -> tuple[str, Scalar | tuple[Scalar, ...], int] | None:
        """[comparison] number, or a range; with the place after it."""
        if self._word(at) in {"between", "from"}:
            low, high = number(self._word(at + 1)), number(self._word(at + 3))
            if low is not None and high is not None and self._word(at + 2) in {"and", "to"}:
                return "range", (min(low, high), max(low, high)), at + 4
        op = "eq"
        for length in (3, 2, 1):
            words = tuple(self._word(at + offset) for offset in range(length))
            if words in _COMPARISONS:
                op, at = _COMPARISONS[words], at + length
                break
        text = self._word(at)
        low_text, dots, high_text = text.partition("..")
        if dots:
            low, high = number(low_text), number(high_text)
            if low is not None and high is not None:
                return "range", (min(low, high), max(low, high)), at + 1
        value = number(text)
        if value is None:
            return None
        if self._word(at + 1) in {"or", "and"} and self._word(at + 2) in {"more", "less", "above", "below", "higher",
                                                                         "lower", "greater", "fewer"}:  # fmt: skip
            more = self._word(at + 2) in {"more", "above", "higher", "greater"}
            return ("ge" if more else "le"), value, at + 3
        return op, value, at + 1

    def _number_field(self, at: int) -> tuple[str, int] | None:
        for length in (3, 2, 1):
            words = tuple(self._word(at + offset) for offset in range(length))
            if words in _NUMBER_FIELDS:
                return _NUMBER_FIELDS[words], length
        return None

    def _negator(self) -> bool:
        word = self._word(self._at)
        two = (word, self._word(self._at + 1))
        if two in {("other", "than"), ("rather", "than"), ("instead", "of"), ("apart", "from")}:
            self._at += 2
        elif word in _NEGATORS:
            self._at += 1
        else:
            return False
        if word == "not" and self._word(self._at) in {"only", "just"}:  # "not only CNN" demands it
            self._at += 1
            return True
        self._negated = True
        while self._word(self._at) in _NEGATED_FILLERS and not self._starts_date():
            self._at += 1
        return True

    def _starts_date(self) -> bool:
        word = self._word(self._at)
        if word in _DATE_PREPOSITIONS or word in _DATE_VERBS:
            skip = 2 if word in _DATE_VERBS and self._word(self._at + 1) in _DATE_PREPOSITIONS else 1
            return dates.read(self._ahead(self._at + skip), self._today) is not None
        return False

    def _vocabulary(self) -> bool:
        """A tag, dataset, framework, optimizer or device, alone or in a list that shares a negation."""
        token = self._tokens[self._at]
        token_text, negated = token.lower, self._negated or token.negated
        governed = self._governed
        for prefix in ("non-", "no-"):
            if token_text.startswith(prefix):
                token_text, negated = token_text.removeprefix(prefix), True
        if token_text.endswith("-free"):
            token_text, negated = token_text.removesuffix("-free"), True
        if token_text.endswith(("-based", "-like", "-style")):
            token_text, governed = token_text.rsplit("-", 1)[0], True
        term = self._term(self._at, token_text)
        if term is None:
            return False
        following = self._word(self._at + term.taken)
        if following in {"based", "powered"}:
            governed = True
        everyday = term.field == "dataset" and squeeze(token_text) in _EVERYDAY and term.taken == 1
        if everyday and following not in {"dataset", "data"} and self._word(self._at - 1) != "dataset":
            return False
        if term.field == "hw" and not (governed or negated or self._word(self._at - 1) in {"on", "a", "the", "runs"}):
            return False
        hard = negated or governed or term.field in {"dataset", "framework", "hw"}
        hard = hard or (term.field == "optimizer" and (following.startswith("optimi") or self._governed))
        if hard:
            self._demand(Filter(term.field, "eq", term.value, negated))
        if not negated and term.field in {"tag", "optimizer"}:
            self._words += [token_text, *(self._word(self._at + offset) for offset in range(1, term.taken))]
            if term.field == "tag":
                self._concepts.append(term.value)
        self._at += term.taken
        self._after_term(term)
        return True

    def _demand(self, condition: Filter) -> None:
        """Adds a filter; "A or B", and two values of a field that has but one, become a choice."""
        last = self._filters[-1] if self._filters else None
        single = condition.field in {"dataset", "framework"}
        joined = self._joined_by == "or" or (single and self._joined_by is not None)
        same = last is not None and last.field == condition.field and not last.negated and not condition.negated
        if last is not None and same and joined and last.op in {"eq", "in"}:
            values = last.value if isinstance(last.value, tuple) else (last.value,)
            assert isinstance(condition.value, str)
            self._filters[-1] = replace(last, op="in", value=(*values, condition.value))
        else:
            self._filters.append(condition)

    def _after_term(self, term: _Term) -> None:
        """Keeps a negation, or what governs, over a list: "not using RNN or LSTM"."""
        if self._word(self._at) in _NOUNS:
            self._at += 1
        at = self._at
        joint = None
        while True:
            raw = self._raw(at)
            if raw in _LISTING:
                joint = "or" if raw in {"or", "nor"} else joint or "and"
            elif not (raw in _ARTICLES or (raw == "on" and joint)):
                break
            at += 1
        following = self._term(at, self._word(at)) if joint else None
        if following is not None and (following.field == term.field or not self._negated):
            self._joined_by = joint
            self._at = at
        else:
            self._end_clause(0)

    def _term(self, at: int, first: str) -> _Term | None:
        """The longest run of tokens from `at` that the vocabulary knows."""
        best: _Term | None = None
        joined = ""
        for length in range(1, 5):
            word = first if length == 1 else self._word(at + length - 1)
            if not word or (length > 1 and self._tokens[at + length - 1].negated):
                break
            joined += squeeze(word)
            for field, words in (
                ("dataset", DATASET_WORDS), ("tag", TAG_WORDS), ("framework", FRAMEWORK_WORDS),
                ("optimizer", OPTIMIZER_WORDS), ("hw", HARDWARE_WORDS),
            ):  # fmt: skip
                if joined in words:
                    best = _Term(field, words[joined], length)
                    break
        return best

    def _other(self, token: Token) -> None:
        """A word that no rule claims: it governs, separates, says nothing, or is searched for."""
        self._at += 1
        word = token.lower
        if token.kind != "word":
            if word in {";", ","}:
                self._end_clause(0)
            return
        if word in {"but", "and", "or", "that", "which"}:
            if word == "but":
                self._end_clause(0)
            return
        if word in _GOVERNORS:
            self._governed = True
            return
        if word in _STOP:
            return
        if token.negated or self._negated:
            self._filters.append(Filter("text", "eq", word, True))
            self._end_clause(0)
        elif any(character.isalnum() for character in word):
            self._words.append(token.text)

    def _end_clause(self, taken: int) -> None:
        self._at += taken
        self._negated = False
        self._governed = False
        self._joined_by = None

    # -- looking ahead -----------------------------------------------------------------------------------------

    def _raw(self, at: int) -> str:
        return self._tokens[at].lower if 0 <= at < len(self._tokens) else ""

    def _word(self, at: int) -> str:
        """The word or sign at a place, "" past the end or where something else stands."""
        if 0 <= at < len(self._tokens) and self._tokens[at].kind in {"word", "op"}:
            return self._tokens[at].lower
        return ""

    def _ahead(self, at: int) -> list[str]:
        """The words from a place on, commas inside a date left out."""
        found = []
        for token in self._tokens[at : at + 7]:
            if token.kind == "word":
                found.append(token.lower)
            elif token.text != ",":
                break
        return found
