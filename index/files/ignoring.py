"""What the person does not want indexed: `.gitignore` and `.diffwbignore`, each for its folder and those below."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pathspec

FILES = (".gitignore", ".diffwbignore")
_MAX_BYTES = 200_000
_MAX_LINES = 2_000
_FOLDERS_WITHIN = re.compile(r"(?<![^/!])\*\*/[ \t]*$")  # pathspec reads `a/**/` as `a/**`; git means folders alone


_ANYWHERE = "^(?:.+/)?"  # how pathspec begins what it makes of a pattern without a slash


@dataclass(frozen=True)
class Ignored:
    """The patterns in force in a folder: those of the folders around it, then its own, the last that fits decides."""

    folder: Path
    spec: pathspec.GitIgnoreSpec
    outer: Ignored | None = None

    def holds(self, path: str, folder: bool) -> bool:
        """Whether a file or folder is ignored."""
        whole = path + ("/" if folder else "")
        step: Ignored | None = self
        while step is not None:
            relative = whole[step._above :]
            if step._any.search(relative):  # most files are looked at once for all patterns
                for pattern in reversed(step.spec.patterns):
                    if _fits(pattern, relative):
                        return bool(pattern.include)
            step = step.outer
        return False

    @cached_property
    def _above(self) -> int:
        return len(self.folder.as_posix().rstrip("/")) + 1

    @cached_property
    def _any(self) -> re.Pattern[str]:
        """What every path fits that fits one of the patterns."""
        given: list[Any] = [pattern for pattern in self.spec.patterns if pattern.include is not None]
        texts = [pattern.regex.pattern.replace("(?P<ps_d>", "(?:") for pattern in given]
        anywhere = [text.removeprefix(_ANYWHERE) for text in texts if text.startswith(_ANYWHERE)]
        others = [text for text in texts if not text.startswith(_ANYWHERE)]
        return re.compile(
            "|".join([*others, f"{_ANYWHERE}(?:{'|'.join(anywhere)})"] if anywhere else others or ["(?!)"])
        )


def _fits(pattern: Any, relative: str) -> bool:
    """Whether a pattern speaks of this very path.

    pathspec's patterns fit what lies below a folder too (their group `ps_d` is the slash after it). Nobody looks into
    an ignored folder anyway, and `!b` takes back the folder b, not what another pattern says of what is in it. Without
    that group the pattern ends in `/**`, which speaks of what is in a folder and not of the folder itself.
    """
    if pattern.include is None:
        return False
    end = len(relative)
    return any(
        match.end("ps_d") == end if match.lastgroup == "ps_d" else match.end() < end or relative[-1] != "/"
        for match in pattern.regex.finditer(relative)
    )


def within(folder: Path, names: set[str], outer: Ignored | None) -> Ignored | None:
    """The patterns in force inside a folder that holds files of these names."""
    lines: list[str] = []
    for name in FILES:
        if name in names:
            lines += _lines(folder / name)
    if not lines:
        return outer
    kept = []
    for line in lines:
        line = _FOLDERS_WITHIN.sub("**/*/", line)
        try:
            pathspec.GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue  # one pattern that cannot be understood does not undo the others
        kept.append(line)
    return Ignored(folder, pathspec.GitIgnoreSpec.from_lines(kept), outer)


def around(root: Path) -> Ignored | None:
    """The patterns that the folders above a root set for it, up to the top of its repository."""
    above: list[Path] = []
    for folder in [root, *root.parents]:
        if folder != root:
            above.insert(0, folder)
        if (folder / ".git").exists():
            break
    else:
        return None
    found: Ignored | None = None
    for folder in above:
        found = within(folder, {name for name in FILES if (folder / name).is_file()}, found)
    return found


def _lines(file: Path) -> list[str]:
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > _MAX_BYTES:
            return []
        return file.read_text(encoding="utf-8", errors="replace").splitlines()[:_MAX_LINES]
    except OSError:
        return []
