"""What a script has of libraries by way of a module beside it of which it imports every name: `from common import *`,
where `common.py` says `import torch.nn as nn`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.facts.evaluation.configs import Configs
from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.program import Binding, Program

_MOST = 6  # modules that are looked into
_IMPORT = re.compile(
    r"^(?:import[ \t]+(?P<module>[\w.]+)(?:[ \t]+as[ \t]+(?P<alias>\w+))?[ \t]*(?:#.*)?$|"
    r"from[ \t]+(?P<home>[\w.]+)[ \t]+import[ \t]+(?P<names>\*|\([^)]*\)|[\w \t,]+))",
    re.MULTILINE,
)


def bind(program: Program, configs: Configs) -> None:
    """Binds what star imports bring of libraries and the script gives no meaning of its own."""
    bindings = program.module.bindings
    pending = [(str(star.node).removesuffix(".*"), star.line) for star in bindings.get("*", [])]
    seen: set[str] = set()
    while pending and len(seen) < _MOST:
        home, line = pending.pop(0)
        if home in seen or home.partition(".")[0] in LIBRARIES:
            continue
        seen.add(home)
        found = configs.module(home.replace(".", "/"))
        if found is None or "__all__" in found[1]:
            continue
        folder = found[0].removesuffix(".py").removesuffix("/__init__").replace("/", ".").rpartition(".")[0]
        for name, full in _imported(found[1], folder):
            if name == "*":
                pending.append((full, line))
            elif name not in bindings and full.partition(".")[0] in LIBRARIES:
                bindings[name] = [Binding("import", line, full, program.module)]


def _imported(text: str, folder: str) -> Iterator[tuple[str, str]]:
    """What a module imports, by the name that it has there; "*" for all that another one has."""
    for match in _IMPORT.finditer(text):
        if match["module"] is not None:
            root = match["module"].partition(".")[0]
            yield match["alias"] or root, match["module"] if match["alias"] else root
            continue
        home = match["home"]
        if home.startswith("."):
            home = f"{folder}.{home.lstrip('.')}".strip(".")
        for part in match["names"].strip("() \t").split(","):
            name, _, alias = part.strip().partition(" as ")
            if name:
                yield (name, home) if name == "*" else (alias.strip() or name, f"{home}.{name}")
