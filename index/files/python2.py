"""Scripts of older Pythons in the syntax of today's, line for line, so that they can be parsed too."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from itertools import groupby

_OPEN, _CLOSE = set("([{"), set(")]}")
_CHANGED = {"print", "exec", "except", "raise"}  # what statements begin with that are written otherwise
_ENDS = {tokenize.NEWLINE, tokenize.COMMENT, tokenize.ENDMARKER}
Edit = tuple[int, int, int, str]  # line, first column, last column, what stands there instead


def modernised(text: str) -> str | None:
    """The text with its print and exec statements, `except A, e`, `raise A, "…"` and `async=True` as Python 3 takes
    them.

    None where it has none of these, or cannot be split into tokens.
    """
    try:
        tokens = [token for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type != tokenize.NL]
    except (tokenize.TokenError, SyntaxError):
        return None
    edits = list(_edits(tokens))
    if not edits:
        return None
    lines = text.split("\n")
    for row, group in groupby(sorted(edits), key=lambda edit: edit[0]):
        line, pieces, at = lines[row - 1], [], 0
        for _, start, end, instead in group:
            pieces += [line[at:start], instead]
            at = end
        lines[row - 1] = "".join([*pieces, line[at:]])
    return "\n".join(lines)


def _edits(tokens: list[tokenize.TokenInfo]) -> Iterator[Edit]:
    first = True
    for place, token in enumerate(tokens):
        if first and token.string in _CHANGED:
            yield from _statement(tokens, place)
        if token.string in {"async", "await"} and tokens[place + 1].string == "=":  # names until Python 3.7
            yield token.start[0], token.start[1], token.end[1], f"{token.string}_"
        if token.type in {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENCODING}:
            first = True
        else:
            first = token.string in {";", ":"} and _depth(tokens, place) == 0


def _depth(tokens: list[tokenize.TokenInfo], place: int) -> int:
    """How many brackets are open before a token, on its own logical line."""
    depth = 0
    for token in reversed(tokens[max(0, place - 200) : place]):
        if token.type == tokenize.NEWLINE:
            break
        depth += (token.string in _OPEN) - (token.string in _CLOSE)
    return depth


def _statement(tokens: list[tokenize.TokenInfo], place: int) -> Iterator[Edit]:
    word, following = tokens[place], tokens[place + 1 : place + 2]
    end, commas = _extent(tokens, place)
    if end <= place + 1 or not following:
        return
    last = tokens[end - 1]
    if word.string in {"print", "exec"} and (
        following[0].type in {tokenize.NAME, tokenize.NUMBER, tokenize.STRING}
        or following[0].string in {">>", "-", "~", "{", "["}
        or (following[0].string == "(" and not _whole_call(tokens, place + 1, end))
    ):
        (row, column), stop = word.end, last.end
        yield row, column, column, "("
        if following[0].string == ">>":
            (there, start), (_, after) = following[0].start, following[0].end
            yield there, start, after, ""
        yield stop[0], stop[1], stop[1], ")"
    elif word.string == "except" and len(commas) == 1:
        (row, start), (_, after) = commas[0].start, commas[0].end
        yield row, start, after, " as"
    elif word.string == "raise" and commas and following[0].type == tokenize.NAME:
        (row, start), (_, after) = commas[0].start, commas[0].end
        yield row, start, after, "("
        yield last.end[0], last.end[1], last.end[1], ")"


def _extent(tokens: list[tokenize.TokenInfo], place: int) -> tuple[int, list[tokenize.TokenInfo]]:
    """Where a simple statement ends, and the commas that stand in no bracket."""
    depth = 0
    commas: list[tokenize.TokenInfo] = []
    for index in range(place + 1, len(tokens)):
        token = tokens[index]
        if token.type in _ENDS or (depth == 0 and token.string in {";", ":"}):
            return index, commas
        depth += (token.string in _OPEN) - (token.string in _CLOSE)
        if depth == 0 and token.string == ",":
            commas.append(token)
    return len(tokens), commas


def _whole_call(tokens: list[tokenize.TokenInfo], place: int, end: int) -> bool:
    """Whether the bracket that opens at a token closes only where the statement ends."""
    depth = 0
    for index in range(place, end):
        depth += (tokens[index].string in _OPEN) - (tokens[index].string in _CLOSE)
        if depth == 0:
            return index == end - 1
    return True
