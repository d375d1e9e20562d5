"""What things have in common: "what do X and Y share", "how are X and Y alike", "similarities between X and Y"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.understanding.lines import BE, DO, Line, words

if TYPE_CHECKING:
    from index.understanding.query import Token

_HAVE = "have has had"
_SIDES = r"(?P<sides> .+? (?:and|&|,) .+?)"
_ASKS = r"(?P<before>(?: .*)? (?:what|which|where|how|anything|everything|something)(?: .*?)?)"
_LEADS = words("what which is are were there any the main some list show tell find give name describe me us all")
_NOUNS = words("similarity similarities commonality commonalities parallels resemblance")
# at the end of what is said of them
_SHARE = rf"(?: both| all| {words(_HAVE)}| got)* (?:in common|share|agree(?: on| in)?|overlap)"
_WITH = r"(?: have| has)? (?:in common|share|shares) with"
_ALIKE = words("alike similar comparable related identical") + r"(?: to (?:each other|one another))?"
_OF = words("to in for between among across of by with on")
_FORMS = tuple(
    re.compile(form)
    for form in (
        # what do X and Y have in common · which dataset do X and Y share · have X and Y anything in common
        rf"^(?:{_ASKS})? {words(f'{DO} {_HAVE}')}{_SIDES}(?: {words('anything something')})?{_SHARE} $",
        # tell me what X and Y have in common · the facts that X and Y share
        rf"^(?P<before>.* (?:what|that|which|everything|anything)){_SIDES}{_SHARE} $",
        # how are X and Y alike · in what way are X and Y similar · what makes X and Y alike
        rf"^(?P<before>(?: .*)? (?:how|(?:what|which) (?:ways?|respects?|regards?)|what)) {words(f'{BE} makes make')}"
        rf"{_SIDES} (?:the same|{_ALIKE}) $",
        rf"^(?P<before>(?: .*)? how) (?:similar|alike|close|related) {words(BE)}{_SIDES} $",
        # what is common to X and Y · what is the same in X and in Y · what stays the same between X and Y
        rf"^(?P<before>(?: .*)? (?:what|which(?: \S+)+?)) {words(f'{BE} stays remains')}"
        rf" (?:the same|common|shared|alike|similar|in common|unchanged) {_OF}{_SIDES} $",
        # similarities between X and Y · what X has in common with Y
        rf"^(?P<before>(?: {_LEADS})*) {_NOUNS}(?: (?:is|are) there| there (?:is|are))?"
        rf" {words('between of among in')}(?P<sides> .+? (?:and|&|to|with) .+?) $",
        # what does X share with Y · what does X have in common with Y
        rf"^(?:{_ASKS})?(?: {words(f'{DO} {_HAVE}')})?(?P<sides> .+?{_WITH} .+?) $",
        # how is X like Y · how is X similar to Y
        rf"^(?P<before>(?: .*)? how) {words(BE)}(?P<sides> .+? (?:like|similar to|alike to) .+?) $",
    )
)
_JOINT = re.compile(rf"(?:{_WITH}| like| similar to| alike to)(?= )")


def in_common(tokens: list[Token]) -> list[Token] | None:
    """What has something in common, put as a comparison of the sides; None where nothing asks for it."""
    line = Line(tokens)
    match = next(filter(None, (form.search(line.text) for form in _FORMS)), None)
    if match is None:
        return None

    def between(start: int, end: int) -> list[Token]:
        return [tokens[at] for at in line.tokens(start, end)]

    before = between(*match.span("before")) if match["before"] else []
    start, end = match.span("sides")
    sides = between(start, end)
    if joint := _JOINT.search(line.text, start, end):
        said = _said(between(*joint.span())[0], "and")
        sides = [*between(start, joint.start()), said, *between(joint.end(), end)]
    return [*before, _said(sides[0], "similarities"), _said(sides[0], "between"), *sides]


def _said(token: Token, text: str) -> Token:
    return replace(token, kind="word", text=text)
