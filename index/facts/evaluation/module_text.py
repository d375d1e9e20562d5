"""Files of the project as text: what each defines at its top and what it imports, opened where a name leads there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from index.facts.evaluation.analysis import Analysis

_MOST = 24  # places of one script that are looked at
_TOP = re.compile(r"^(?:class|def)[ \t]+(\w+)|^if __name__", re.MULTILINE)
_IMPORTS = re.compile(
    r"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]{1,2000}\)|(?:[^\n\\]|\\\n){1,600})", re.MULTILINE
)
_MODULES = re.compile(r"^[ \t]*import[ \t]+([\w.]+)(?:[ \t]+as[ \t]+(\w+))?[ \t]*$", re.MULTILINE)
_ADDED = re.compile(r"sys\.path\.(?:append|insert)\((?:\d,[ \t]*)?[\"']([\w./-]{1,80})[\"']\)")
_COMMENT = re.compile(r"^[ \t]*#[^\n]*$", re.MULTILINE)
OF_LIBRARIES = re.compile(
    r"^(torch\w*|timm|transformers|diffusers|accelerate|lightning|pytorch_lightning|sklearn|skorch|numpy|gym|gymnasium|wandb|"
    r"keras|tensorflow|tf_keras|flax|haiku|equinox|jax|mlx|paddle|torch_geometric|chainer|objax|sonnet|mxnet|gpytorch|pyro)\b"
)


@dataclass(eq=False)
class Module:
    """One file of the project: its definitions at the top, and what it imports."""

    place: str
    text: str

    @cached_property
    def definitions(self) -> dict[str, tuple[int, int]]:
        """Name → the span of its definition."""
        found = list(_TOP.finditer(self.text))
        ends = [*(match.start() for match in found), len(self.text)][1:]
        return {match[1]: (match.start(), end) for match, end in zip(found, ends, strict=False) if match[1]}

    @cached_property
    def imports(self) -> dict[str, str]:
        """Name → what it is imported as, in full; what is imported whole under "*", divided by blanks."""
        found: dict[str, str] = {}
        for match in _IMPORTS.finditer(self.text):
            home = match[1].lstrip(".")
            for part in match[2].split("#")[0].strip("() \t\n").replace("\\", " ").split(","):
                words = part.split()
                if words and words[0] == "*":
                    found["*"] = f"{found.get('*', '')} {home}".strip()
                elif words and words[0].isidentifier():
                    found[words[-1]] = f"{home}.{words[0]}".lstrip(".")
        for match in _MODULES.finditer(self.text):
            found[match[2] or match[1].split(".")[0]] = match[1] if match[2] else match[1].split(".")[0]
        return found

    @cached_property
    def own(self) -> list[str]:
        """The names that lead on to other definitions of the project."""
        return [*self.definitions, *(name for name, full in self.imports.items() if not OF_LIBRARIES.match(full))]

    def starred(self, name: str) -> list[str]:
        """What a name that the file does not have may be in full, of a module whose every name it imports."""
        return [f"{home}.{name}" for home in self.imports.get("*", "").split() if not OF_LIBRARIES.match(home)]

    @cached_property
    def starred_library(self) -> bool:
        """Whether it imports every name of a library's module."""
        return any(OF_LIBRARIES.match(home) for home in self.imports.get("*", "").split())

    def part(self, name: str) -> str:
        start, end = self.definitions[name]
        return _COMMENT.sub("", self.text[start:end])

    def line(self, name: str) -> int:
        return self.text.count("\n", 0, self.definitions[name][0]) + 1


@lru_cache(maxsize=64)  # the scripts of a folder look into the same ones
def _module(place: str, text: str) -> Module:
    return Module(place, text)


class Modules:
    """The modules beside one script, each read once."""

    def __init__(self, analysis: Analysis) -> None:
        self._configs = analysis.evaluator.resolver.configs
        self._read: dict[str, Module | None] = {}
        self._added = _ADDED.findall(analysis.source.text[:20_000])

    def find(self, name: str, folder: str) -> Module | None:
        """The module of a dotted name, `folder` being that of the file that imports it."""
        path = name.replace(".", "/")
        tried = [f"{folder}/{path}"] if folder else []
        for place in [*tried, path, *(f"{added.rstrip('/')}/{path}" for added in self._added[:3])]:
            if place not in self._read:
                found = self._configs.module(place) if path and len(self._read) < _MOST else None
                self._read[place] = _module(*found) if found is not None else None
            module = self._read[place]
            if module is not None:
                return module
        return None
