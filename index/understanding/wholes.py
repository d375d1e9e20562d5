"""What a share is asked of: "do all my GANs use Adam", "what percentage of my scripts are CNNs", "does dcgan.py use
dropout"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.understanding.lines import BE, DO, Line, words

# what a whole ends at, the surest first: "all models that were trained on MNIST | use Adam"
_VERBS = (
    words(
        """use uses train trains run runs have has are is state states contain contains include includes do does did
        don't doesn't didn't aren't isn't haven't hasn't"""
    ),
    words("using trained written built set running"),
    words("on in with"),
)
_OF_EACH = r"(?!.* (?:what|which|each|every|same|different|per|by|as) )"  # by what an answer is divided
_DOES = words(f"{BE} {DO} have has")
_MY = rf"(?: {words('my our the these those all single one')})*"
_WHOLE = r"(?P<whole> (?!not |n't ).+?)"
_SHARE = words("percentage percent % share fraction proportion")
# how each begins, which is soon told, and how it goes on
_FORMS = (
    ("all", rf"^(?: (?:so|and))? {_DOES} (?P<how>all|every|each|most|both)(?: of)?", f"{_MY}{_WHOLE}"),
    ("share", rf" (?:what|which)(?: {words(BE)})?(?: (?:the|a))? {_SHARE}(?: of)?", f"{_MY}{_WHOLE}"),
    ("count", rf"^(?: {words('so and please tell show give me')})* how many of", f"{_MY}{_WHOLE}"),
)
_SCRIPT = rf"(?: {words('the my our script model file notebook')})*(?P<whole> \S*(?:\w_\w|/\w|\w\.py|\w\.ipynb)\S*)"
_WHETHER = rf"^(?: (?:so|and))? {_DOES}{_SCRIPT} "


@dataclass(frozen=True)
class Whole:
    """`kind` is "all", "most of", "share", "count", or "whether" of the one script that is named; `tokens` are the
    places of what names the whole."""

    kind: str
    tokens: range


def whole(line: Line) -> Whole | None:
    """The whole of which a question asks a part, None where it asks for none. What only says so is taken."""
    for kind, begun, on in _FORMS:
        verbs = _VERBS if re.search(begun, line.text) else ()
        ways = (re.search(rf"{begun}{on}(?= {verb} {_OF_EACH})", line.text) for verb in verbs)
        if match := next(filter(None, ways), None):
            line.take_between(match.start(), match.start("whole"))
            how = match.groupdict().get("how")
            return Whole("most of" if how == "most" else kind, line.tokens(match.start("whole"), match.end("whole")))
    match = re.search(_WHETHER, line.text)
    return Whole("whether", line.tokens(match.start("whole"), match.end("whole"))) if match else None
