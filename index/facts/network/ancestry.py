"""What the classes of other files inherit from in the end: a framework's class, by way of the project's own."""

from __future__ import annotations

import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.module_text import OF_LIBRARIES, Modules

_MOST = 6  # classes of one script, and classes that each goes through
_BASES = re.compile(r"class[ \t]+\w+[ \t]*\(([\w., \t]{1,200})\)")


def inherited(analysis: Analysis, full: str) -> str:
    """The framework's class that a class of another file inherits from: "vae.VAE" → "lightning.LightningModule"; ""
    where there is none, or it cannot be told."""
    if full.partition(".")[0] in LIBRARIES:
        return ""
    known = analysis.ancestors
    if full not in known:
        known[full] = _ancestor(Modules(analysis), full, "", 0) if len(known) < _MOST else ""
    return known[full]


def _ancestor(modules: Modules, full: str, folder: str, depth: int) -> str:
    """`folder` is that of the file which names the class."""
    home, _, name = full.rpartition(".")
    module = modules.find(home, folder) if home and depth < _MOST else None
    if module is None:
        return ""
    inner = module.place.rpartition("/")[0]
    if name not in module.definitions:
        others = [module.imports[name]] if name in module.imports else module.starred(name)
        return next((found for other in others if (found := _led(modules, other, inner, depth))), "")
    head = _BASES.match(module.part(name))
    for base in map(str.strip, head[1].split(",") if head is not None else []):
        root, dot, rest = base.partition(".")
        if base in module.definitions:
            found = _ancestor(modules, f"{home}.{base}", folder, depth + 1) if base != name else ""
        elif root in module.imports:
            found = _led(modules, module.imports[root] + dot + rest, inner, depth)
        else:
            found = next((found for o in module.starred(base) if (found := _led(modules, o, inner, depth))), "")
        if found:
            return found
    return ""


def _led(modules: Modules, full: str, folder: str, depth: int) -> str:
    return full if OF_LIBRARIES.match(full) else _ancestor(modules, full, folder, depth + 1)
