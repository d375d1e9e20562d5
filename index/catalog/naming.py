"""Model ids: folder and file name, lengthened by parent folders until no other script has the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable


def model_ids(paths: Iterable[str]) -> dict[str, str]:
    """Full path → `<folder>_<stem>`, or with as many folders before it as it takes to be alone."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    pending = list(paths)
    depth = 1
    while pending:
        groups: dict[str, list[str]] = defaultdict(list)
        for path in pending:
            groups[_name(path, depth)].append(path)
        pending = []
        for name, members in groups.items():
            folders = {member.rpartition("/")[0] for member in members}
            at_end = all(depth >= len(_parts(folder)) for folder in folders)
            if len(members) == 1 and (name not in taken or at_end):
                names = {members[0]: name}
            elif len(folders) < len(members):
                # files of one folder that differ by their suffix alone: no folder tells them apart
                names = {member: f"{name}{_divided(member)[1]}" for member in members}
            else:
                pending += members
                continue
            found |= names
            taken |= set(names.values())
        depth += 1
    return found


def name_alone(path: str) -> str:
    """What a script is called until it is known which others there are."""
    return _name(path, 1)


def _name(path: str, depth: int) -> str:
    folders = _parts(path.rpartition("/")[0])
    return "_".join([*folders[-depth:], _divided(path)[0]])


def _parts(folder: str) -> list[str]:
    """The names in a path: a hundred thousand times, where a `PurePath` took seconds."""
    return [part for part in folder.split("/") if part]


def _divided(path: str) -> tuple[str, str]:
    """The name of a file without its suffix, and that."""
    file = path.rpartition("/")[2]
    stem, dot, suffix = file.rpartition(".")
    return (stem, dot + suffix) if stem and suffix else (file, "")
