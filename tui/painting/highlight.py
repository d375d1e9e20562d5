"""Python code as lines of words, each of a kind; the kinds' colours are the theme's."""

from __future__ import annotations

from tui.text import sanitise

Word = tuple[str, str]  # kind, text
TAB = 4  # cells
LONGEST_LINE = 2000  # cells that are shown of one
MOST_COLOURED = 400_000  # characters; a longer text is shown plain


def plain(text: str) -> list[list[Word]]:
    """The lines of a text as they are."""
    return [[("plain", line[:LONGEST_LINE])] for line in sanitise(text).expandtabs(TAB).split("\n")]


def coloured(text: str) -> list[list[Word]]:
    """The lines of Python code, its words told apart; as long as it is not too long."""
    if len(text) > MOST_COLOURED:
        return plain(text)
    from pygments.lexers.python import PythonLexer
    from pygments.token import Token

    kinds = (
        (Token.Comment, "comment"), (Token.Literal.String.Doc, "comment"), (Token.Literal.String, "string"),
        (Token.Literal.Number, "number"), (Token.Operator.Word, "keyword"), (Token.Keyword, "keyword"),
        (Token.Name.Function, "name"), (Token.Name.Class, "name"),
    )  # fmt: skip
    lines: list[list[Word]] = [[]]
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for token, value in lexer.get_tokens(sanitise(text).expandtabs(TAB)):
        kind = next((name for family, name in kinds if token in family), "plain")
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append((kind, part[:LONGEST_LINE]))
    return lines
