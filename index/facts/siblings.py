"""Modules of settings beside a script: `from config import LR`, `import settings as cfg`, `from src.config import *`.

They are parsed and followed like the script itself, never imported. Only modules that are named as settings are
opened: what any other file does is that file's own facts.
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache

from index.facts.configs import Configs
from index.facts.program import Program, Scope, build

_SETTINGS = re.compile(
    r"conf(ig(uration)?s?)?\d*$|cfgs?$|settings?|params?$|parameters?$|const(ants?)?$|defaults?$|globals?$|"
    r"args|arg(ument)?s?(_?pars\w*)?$|opt(ion)?s$|flags?$",
    re.IGNORECASE,
)
_MOST = 8  # modules that one script opens


@lru_cache(maxsize=10_000)  # of all names that are imported, few are different
def _settings(name: str) -> bool:
    return _SETTINGS.search(name) is not None


class Siblings:
    """The modules of settings that one script imports, parsed once each."""

    def __init__(self, configs: Configs, program: Program) -> None:
        self._configs = configs
        self._program = program
        self._modules: dict[str, Scope | None] = {}
        self._places: dict[Scope, str] = {}

    def find(self, name: str) -> tuple[Scope, list[str]] | None:
        """The module that a name starts with, and the names after it: "config.train.lr" → config, [train, lr]."""
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            if _settings(parts[end - 1]):
                module = self._module("/".join(parts[:end]))
                if module is not None:
                    return module, parts[end:]
        return None

    def place(self, module: Scope, line: int) -> str:
        """Where a line of one of these modules is: "config.py:6"; "" for any other scope."""
        return f"{self._places[module]}:{line}" if module in self._places else ""

    def starred(self) -> list[Scope]:
        """The modules of settings whose every name the script imports, the last one first."""
        found = []
        for binding in reversed(self._program.module.bindings.get("*", [])):
            if isinstance(binding.node, str):
                module = self.find(binding.node.removesuffix(".*"))
                if module is not None and not module[1]:
                    found.append(module[0])
        return found

    def _module(self, path: str) -> Scope | None:
        if path not in self._modules:
            self._modules[path] = None  # while it is read: modules may import each other
            if len(self._modules) <= _MOST:
                self._modules[path] = self._parsed(path)
        return self._modules[path]

    def _parsed(self, path: str) -> Scope | None:
        found = self._configs.module(path)
        if found is None:
            return None
        name, text = found
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                program = build(ast.parse(text))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        self._program.by_node.update(program.by_node)  # so that its classes can be looked into
        self._places[program.module] = name
        return program.module
