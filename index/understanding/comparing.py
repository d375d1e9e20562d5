"""Comparisons: "compare X and Y", "X versus Y", "how does X differ from Y". Each side becomes a query of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import reduce
from itertools import chain, pairwise, takewhile
from typing import TYPE_CHECKING, TypeVar

from index.understanding import numbers
from index.understanding.ahead import Ahead
from index.understanding.alike import in_common
from index.understanding.english import Reader
from index.understanding.filters import Filter, Query, either, every
from index.understanding.lexicon import NEGATORS, NOUNS, STOP

if TYPE_CHECKING:
    from index.understanding.query import Token

T = TypeVar("T")
_ASKS = {"compare", "compares", "comparing", "comparison", "comparisons", "contrast", "contrasting", "difference",
         "differences", "differ", "differs", "distinguish", "distinguishes", "versus", "vs", "distinction",
         "distinctions", "contrasted", "compared", "differing", "similarities", "juxtapose"}  # fmt: skip
_BETWEEN = {"versus", "vs", "against"}
_AFTER = {"differ", "differs", "compared", "distinguishes", "distinguish"}  # the first side stands before these
_JOINTS = ({"with", "to", "from", "than", "against", "versus", "vs", "beside", "alongside"}, {"and", "or", "&", "/"})
_CHANGES = {"changed", "changes", "change"}  # "what changes from X to Y"
_SETS, _BESIDE = {"set", "put", "hold", "lay", "place"}, {"beside", "alongside", "against"}  # "set X beside Y"
# what is asked about both, and belongs to neither: "differences in architecture between …"
_ASPECTS = {"architecture", "architectures", "settings", "setup", "setups", "hyperparameters", "hyperparameter",
            "parameters", "training", "results", "performance", "design", "structure", "terms", "configuration",
            "configurations", "main", "key", "how", "what", "me", "side", "detail", "details", "each", "other",
            "respect", "optimizers", "differently", "trained", "those", "that", "do", "does", "did", "apart",
            "similar", "against", "another", "different"}  # fmt: skip
# what a noun may stand after and be left out of the first of two: "recurrent and convolutional networks"
_BESIDE_IT = {("apart", "from"), ("aside", "from"), ("other", "than")}
_ADJECTIVE = re.compile(
    r"\w+(?:al|ive|ent|ic|ised|ized|oned)|\d-?d|v\d+|small|large|tiny|big|deep|shallow|(single|multi|one|two)-?step"
)
_MARKED, _SHORT = {","}, 2  # words of a side that only names something
_POINTING = {"that", "those", "one", "ones"}
_OF_BOTH = {"for", "on", "over"}
_LEADS_ON = {"on", "for", "in", "using", "with", "from", "over", "trained", ",", "?", ";"}


def sides(tokens: list[Token], today: date) -> Query | None:
    """The query of a comparison, whose `sides` are what is compared; None where nothing is, or no two sides stand."""
    common = in_common(tokens)
    found = _compared(_dated_alike(common or tokens, today), today)
    return replace(found, alike=True) if found is not None and common else found


def _compared(tokens: list[Token], today: date) -> Query | None:
    words = [token.lower if token.kind == "word" else "" for token in tokens]
    if words[:1] and words[0] in _SETS and _BESIDE & {*words}:
        words[0] = "compare"
    if (apart := _set_apart(words)) is not None:
        words[apart] = "compare"
    if not any(word in _ASKS for word in words) and (joint := _and_another(words)):
        words[joint] = "versus"
    if not any(word in _ASKS for word in words):
        pairs = enumerate(pairwise(words))
        changed = next((at for at, (verb, way) in pairs if verb in _CHANGES and way in {"between", "from"}), None)
        if changed is None or Ahead(tokens, today).dated(changed + 2):  # "changed between March and May"
            return None
        words[changed] = "differences"
    elif apart is None:
        asked = next(place for place, word in enumerate(words) if word in _ASKS)
        if (end := _but_for(words, asked)) < len(words):
            return _compared(tokens[:end], today)
    asked = next(place for place, word in enumerate(words) if word in _ASKS)
    begins = "between" if "between" in words else "of"  # not "what distinguishes the GANs of 2023"
    said = begins == "between" or words[asked] not in _AFTER
    start = max((place + 1 for place, word in enumerate(words) if word == begins and said), default=0)
    if words[asked + 1 : asked + 2] == ["from"] and numbers.read(words[asked + 2 :]):
        return None  # "rates that differ from 1e-3"
    if start <= asked and words[asked] not in _BETWEEN:
        start = 0 if words[asked] in _AFTER else asked + 1
    shared = _side(tokens[:asked], today) if start > asked else None
    found: list[tuple[int, Query]] = []  # how much the sides are alike, and the comparison
    only = words[asked] if words[asked] in _BETWEEN else ""  # "a CNN with attention vs an LSTM"
    for joints in ({only},) if only else _JOINTS:
        for place in range(start + 1, len(tokens) - 1):
            if words[place] not in joints or _in_a_name(tokens, place, today):
                continue
            former, latter = tokens[start:place], tokens[place + 1 :]
            if not found and (several := _several(former, latter, today)):
                return _of_several(several, shared, _of_both(latter, today))
            if two := _two(former, latter, today):
                first, second = two
                told, purpose = _of_both(latter, today), _purpose(former, latter, today)
                # "the VAE in Haiku and that in Stax": a word of its own, in place of what the first says
                own = _side(latter, today) if _points(latter) is not None else None
                other = None if own is not None and own.words and not own.filters else first
                filled = _filled(first, second, shared, told, purpose), _filled(second, other, shared, told)
                alike = {one.field for one in first.filters} & {one.field for one in second.filters}
                found.append((len(alike), _together(*filled)))
    # "Adam with 1e-3 and SGD with 0.1" is divided where both say the same of themselves
    return max(found, key=lambda one: one[0])[1] if found else None


def _two(former: list[Token], latter: list[Token], today: date) -> tuple[Query, Query] | None:
    """The sides before and after a joint; None where one of them says nothing."""
    parts = _with_noun(former, latter), _named_again(latter, former, today)
    first, second = (_side(part, today) for part in parts)
    if first and second and {*first.filters} == {*second.filters} and first.words != second.words:
        first, second = (_side(part, today, kinds=False) for part in parts)  # they do not tell them apart
    return (first, second) if first is not None and second is not None else None


def _and_another(words: list[str]) -> int:
    """The place of "and" in "the VAE in JAX and the one in PyTorch", which asks for two things; 0 where it is none."""
    for at in range(2, len(words) - 3):
        one = words[at + 1 : at + 3] in (["the", "one"], ["the", "ones"]) and words[at + 3] in _LEADS_ON
        if words[at] == "and" and one and not _LEADS_ON.isdisjoint(words[:at]):
            return at
    return 0


def _dated_alike(tokens: list[Token], today: date) -> list[Token]:
    """The tokens, with the date that is said once beside both: "before and after 2023"."""
    for at in range(len(tokens) - 3):
        first, joint, second = (token.lower for token in tokens[at : at + 3])
        span = Ahead(tokens, today).dated_at(at + 3) if {first, second} == {"before", "after"} else None
        if joint in _JOINTS[0] | _JOINTS[1] and span is not None:
            day = tokens[at + 3 : at + 3 + span]
            return [*tokens[: at + 1], *day, *tokens[at + 1 :]]
    return tokens


def _but_for(words: list[str], asked: int) -> int:
    """The place of what a difference is asked beside, "… apart from attention"; the end where nothing is."""
    for place in range(asked + 3, len(words) - 1):
        if words[place] == "besides" or tuple(words[place : place + 2]) in _BESIDE_IT:
            return place
    return len(words)


def _several(former: list[Token], latter: list[Token], today: date) -> list[Query]:
    """The sides where more than two are listed, "A, B and C" or "A vs B vs C": all say something of one kind, or are
    named in a word or two each."""
    joints = _BETWEEN | _JOINTS[1]
    last = next(
        (at for at in range(len(latter) - 1, -1, -1) if latter[at].lower in joints), -1
    )  # no list goes on after
    parts = [*_listed(former, _MARKED), *_listed(latter[: max(0, last)], _MARKED | joints), latter[last + 1 :]]
    if len(parts) < 3:
        return []
    read = [_side(part, today) for part in parts]
    found = [side for side in read if side is not None]
    short = not any(
        one.lower in _LEADS_ON or len([word for word in part if word.lower not in STOP]) > _SHORT
        for part in parts
        for one in part
    )
    if len(found) < len(parts):
        return []
    fields = [{one.field for one in side.filters} for side in found]
    return found if short or set.intersection(*fields) else []


def _listed(tokens: list[Token], joints: set[str]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.lower in joints:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def _of_several(sides: list[Query], shared: Query | None, told: tuple[Filter, ...]) -> Query:
    """Each side with what the end of the last, or the beginning, says of all."""
    own = {one.field for one in sides[0].filters}
    told = tuple(one for one in (*told, *(shared.filters if shared else ())) if one.field not in own)
    *former, last = sides
    return _together(*(_filled(side, last, None, told) for side in former), _filled(last, None, None, told))


def _set_apart(words: list[str]) -> int | None:
    """The place of "sets" in "what sets X apart from Y", of "separates" in "what separates X from Y", of "is" in
    "how is X different from Y" and "how is X other than Y"."""
    if ("different", "between") in pairwise(words):
        return words.index("different")
    for place, word in enumerate(words):
        following = words[place + 1 :]
        if not {"what", "how"} & {*words[:place]}:
            continue
        if word in {"set", "sets"} and any(pair == ("apart", "from") for pair in pairwise(following)):
            return place
        if word in {"separates", "tells"} and "from" in following[1:]:
            return place
        apart = word == "different" and following[:1] in (["from"], ["to"], ["than"])
        if words[0] == "how" and (apart or (word == "other" and following[:1] == ["than"])):
            return next((at for at in range(1, place) if words[at] in {"is", "are", "was", "were"}), None)
    return None


def _in_a_name(tokens: list[Token], place: int, today: date) -> bool:
    """Whether a word belongs to the name of one thing, as in "cats vs dogs"."""
    terms = ((start, Ahead(tokens, today).term(start)) for start in range(max(0, place - 2), place))
    return any(term is not None and start + term.taken > place for start, term in terms)


def _named_again(tokens: list[Token], before: list[Token], today: date) -> list[Token]:
    """A side with what "one" stands for in it: the beta VAE and "the ladder one", the GAN for faces and "that for
    digits"."""
    if (pointing := _points(tokens)) is not None:
        meant = [*takewhile(lambda token: token.lower not in _LEADS_ON, before)]
        return [*meant, *tokens[pointing + 1 :]] if meant != before else tokens
    last = next((token for token in reversed(tokens) if token.kind == "word"), None)
    if last is None or last.lower not in {"one", "ones"}:
        return tokens
    meant = [token for place, token in enumerate(before) if Ahead(before, today).term(place)]
    return [token for token in tokens if token is not last] + meant[-1:]


def _points(tokens: list[Token]) -> int | None:
    """The place of "that" or "one" at the beginning of a side, where what it says of itself follows."""
    said = [token.lower for token in tokens[:3]]
    return next((at for at, pair in enumerate(pairwise(said)) if pair[0] in _POINTING and pair[1] in _LEADS_ON), None)


def _with_noun(tokens: list[Token], after: list[Token]) -> list[Token]:
    """A side that ends with an adjective, with the noun that stands after the other's: "conditional and unconditional
    diffusion models"."""
    words = [token for token in tokens if token.kind == "word"]
    if not words or not _ADJECTIVE.fullmatch(words[-1].lower):
        return tokens
    at = next((at for at, token in enumerate(after) if _ADJECTIVE.fullmatch(token.lower)), None)
    noun = [*takewhile(lambda token: token.lower not in _LEADS_ON, after[at + 1 :])] if at is not None else []
    return [*tokens, *noun]


def _of_both(tokens: list[Token], today: date) -> tuple[Filter, ...]:
    """What the end of the last side says of both: "X and Y on Cityscapes"; dates are of the one beside them."""
    tokens = [token for token in tokens if token.lower not in _ASKS]
    start = next((at for at in range(len(tokens) - 1, 0, -1) if tokens[at].lower in _LEADS_ON), 0)
    start -= start > 1 and tokens[start - 1].lower in NEGATORS  # "…, not in Keras"
    before = _side(tokens[:start], today) if start else None
    told = Reader(tokens[start:], today, governed=True).query() if before is not None else None
    if told is None or told.words or told.phrases:
        return ()
    return tuple(one for one in told.filters if one.field not in {"created", "modified", "tag"})


def _purpose(former: list[Token], latter: list[Token], today: date) -> tuple[str, ...]:
    """The words at the end of the last side that say what both are for or on: "a CNN or an LSTM for genres", "LSTM vs
    ResNet genres"."""
    at = next((at for at in range(len(latter) - 1, 0, -1) if latter[at].lower in _LEADS_ON), 0)
    if not at:
        return _of_a_name(former, latter, today)
    if latter[at].lower not in _OF_BOTH or any(token.lower in _LEADS_ON for token in former):
        return ()
    told = _side(latter[at + 1 :], today)
    return told.words if told is not None and not told.filters else ()


def _of_a_name(former: list[Token], latter: list[Token], today: date) -> tuple[str, ...]:
    """The words after the name of a kind, where nothing but a name stands on the other side."""
    term = Ahead(latter, today).term(0)
    rest = latter[term.taken :] if term is not None and term.field == "tag" and len(former) == 1 else []
    plain = all(token.text.isalpha() and token.lower not in STOP | NOUNS for token in rest)
    told = _side(rest, today) if rest and plain else None
    return told.words if told is not None and not (told.filters or told.concepts or told.components) else ()


def _side(tokens: list[Token], today: date, *, kinds: bool = True) -> Query | None:
    """One side read by itself, None where nothing is left of it. `kinds`: the tags it names are demanded."""
    kept = [token for token in tokens if token.lower not in _ASKS | _ASPECTS]
    found = Reader(kept, today, governed=kinds).query()
    if not kinds:
        return found if found.filters or found.words or found.phrases else None
    told = [one.value for one in found.filters if one.field == "tag"]
    named = tuple(Filter("tag", "eq", name) for name in found.concepts if name not in told)
    found = replace(found, filters=(*found.filters, *named))
    return found if found.filters or found.words or found.phrases else None


def _filled(
    side: Query,
    other: Query | None,
    shared: Query | None,
    told: tuple[Filter, ...] = (),
    purpose: tuple[str, ...] = (),
) -> Query:
    """A side with what only the other one says: in "diffusion on CIFAR-10 and MNIST" both are of diffusion."""
    have = {condition.field for condition in side.filters}
    filters = [*side.filters, *(one for one in told if one.field not in have)]
    concepts, words = [*side.concepts], [*side.words, *purpose]
    another = any(not _ADJECTIVE.fullmatch(word) for word in side.words)  # "a ResNet and a VGG on CIFAR-10"
    bare = bool(side.words) and not another and not side.filters  # "U-Nets in 2D and in 3D"
    for source in (other, shared):
        if source is None:
            continue
        for condition in source.filters:
            if another and condition.field == "tag":
                continue
            told_before = source is shared and condition.field not in {"tag", "created", "modified"}
            if condition.field not in have and (told_before or bare or not (side.words and not side.filters)):
                filters.append(condition)
                concepts += [str(condition.value)] if condition.field == "tag" and not condition.negated else []
    apart = {one.field for one in side.filters} & {one.field for one in (other.filters if other else ())}
    if other and not side.words and (apart or not side.filters):  # "Keras and PyTorch for Gomoku"
        words += other.words
    elif other and bare:
        words += [word for word in other.words if not _ADJECTIVE.fullmatch(word)]
    text = " ".join(words) or " ".join(concepts)
    return replace(side, filters=tuple(dict.fromkeys(filters)), concepts=tuple(dict.fromkeys(concepts)),
                   words=tuple(dict.fromkeys(words)), text=text)  # fmt: skip


def _together(*sides: Query) -> Query:
    """What is asked of any side, as one query."""
    common = tuple(one for one in sides[0].filters if all(one in side.filters for side in sides))
    apart = [tuple(one for one in side.filters if one not in common) for side in sides]
    filters: tuple[Filter, ...] = common
    if all(apart):
        filters = (*common, reduce(either, map(every, apart)))
    text = " ".join(dict.fromkeys(" ".join(side.text for side in sides).split()))
    return Query(
        text, filters, _once(side.words for side in sides), _all(side.phrases for side in sides),
        _once(side.concepts for side in sides), next((side.sort for side in sides if side.sort), ()),
        None, _all(side.unclear for side in sides), sides,
        demanded=frozenset().union(*(side.demanded for side in sides)),
    )  # fmt: skip


def _all(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(chain.from_iterable(parts))


def _once(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(_all(parts)))
