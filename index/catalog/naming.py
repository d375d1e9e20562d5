"""Model ids: folder and file name, lengthened by parent folders until no other script has the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePath


def model_ids(paths: Iterable[str]) -> dict[str, str]:
    """Path → `<folder>_<stem>`, or with as many folders before it as it takes to be alone."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    pending = list(paths)
    depth = 1
    while pending:
        groups: dict[str, list[str]] = defaultdict(list)
        for path in pending:
            groups[_name(PurePath(path), depth)].append(path)
        pending = []
        for name, members in groups.items():
            folders = {PurePath(member).parent for member in members}
            at_end = all(depth >= len(folder.parts) - 1 for folder in folders)
            if len(members) == 1 and (name not in taken or at_end):
                names = {members[0]: name}
            elif len(folders) < len(members):
                # files of one folder that differ by their suffix alone: no folder tells them apart
                names = {member: f"{name}{PurePath(member).suffix}" for member in members}
            else:
                pending += members
                continue
            found |= names
            taken |= set(names.values())
        depth += 1
    return found


def name_alone(path: str) -> str:
    """What a script is called until it is known which others there are."""
    return _name(PurePath(path), 1)


def _name(path: PurePath, depth: int) -> str:
    folders = [part for part in path.parent.parts if part != path.anchor]
    return "_".join([*folders[-depth:], path.stem])
