"""Modules of settings beside a script: `from config import LR`, `import settings as cfg`, `from src.config import *`.

They are parsed and followed like the script itself, never imported. Only modules that are named as settings are
opened: what any other file does is that file's own facts.
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import cached_property, lru_cache

from index.facts.configs import Configs
from index.facts.options import Option, Options
from index.facts.program import Program, Scope, build

_SETTINGS = re.compile(
    r"conf(ig(uration)?s?)?\d*$|cfgs?$|settings?|params?$|parameters?$|const(ants?)?$|defaults?$|globals?$|"
    r"args|arg(ument)?s?(_?pars\w*)?$|opt(ion)?s$|flags?$",
    re.IGNORECASE,
)
# Names of settings, whatever the module is called that has them: `from utils import get_args, BATCH_SIZE, TrainConfig`.
_NAMED = re.compile(
    r"(^|_)(cfgs?|conf|config\w*|args|arguments|opts?|options|hparams|hps?|hyper_?param\w*|parser|settings?|flags|params)$|"
    r"^[A-Z][A-Z0-9_]+$|(Config|Args|Arguments|Settings|Options|HParams|Hyperparameters|Params|CFG)$"
)
_STARRED = re.compile(r"^from[ \t]+([.\w]{1,80})[ \t]+import[ \t]+\*", re.MULTILINE)
_MOST = 8  # modules that one script opens


@lru_cache(maxsize=10_000)  # of all names that are imported, few are different
def _settings(name: str) -> bool:
    return _SETTINGS.search(name) is not None


@lru_cache(maxsize=10_000)
def names_settings(name: str) -> bool:
    """Whether a name, of whatever module, is that of settings."""
    return _NAMED.search(name) is not None


class Siblings:
    """The modules of settings that one script imports, parsed once each."""

    def __init__(self, configs: Configs, program: Program) -> None:
        self._configs = configs
        self._program = program
        self._modules: dict[str, Scope | None] = {}
        self._places: dict[Scope, str] = {}
        self._options: dict[Scope, Options] = {}
        self._found: dict[str, tuple[Scope, list[str]] | None] = {}

    def find(self, name: str, within: Scope | None = None) -> tuple[Scope, list[str]] | None:
        """The module that a name starts with, and the names after it: "config.train.lr" → config, [train, lr].

        `within` is the module that imports it: its own folder is looked into first.
        """
        place = self._places.get(within, "") if within is not None and self._places else ""
        if "/" in place:
            found = self._find(f"{place.rpartition('/')[0].replace('/', '.')}.{name}")
            if found is not None:
                return found
        return self._find(name)

    def _find(self, name: str) -> tuple[Scope, list[str]] | None:
        if name not in self._found:
            self._found[name] = None  # while it is looked for
            self._found[name] = self._split(name)
        return self._found[name]

    def _split(self, name: str) -> tuple[Scope, list[str]] | None:
        parts = name.split(".")
        for end in range(len(parts), 0, -1):
            if _settings(parts[end - 1]) or (end == len(parts) - 1 and names_settings(parts[-1])):
                module = self._module("/".join(parts[:end]))
                if module is not None:
                    return module, parts[end:]
        return None

    def place(self, module: Scope, line: int) -> str:
        """Where a line of one of these modules is: "config.py:6"; "" for any other scope."""
        return f"{self._places[module]}:{line}" if module in self._places else ""

    def of_settings(self, module: Scope) -> bool:
        """Whether one of these modules is called as settings are."""
        stem = self._places.get(module, "").removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
        return _settings(stem)

    def parsed(self, name: str, within: Scope) -> Option | None:
        """The option of a command line that one of these modules declares: its own, else one of any that is open."""
        for module in (within, *self._places):
            if module in self._options and (option := self._options[module].parsed(name)) is not None:
                return option
        return None

    def flag(self, name: str) -> Option | None:
        """The absl flag that one of these modules, as far as they are open, declares."""
        return next((found for options in self._options.values() if (found := options.flag(name)) is not None), None)

    @cached_property
    def starred(self) -> list[Scope]:
        """The modules of settings whose every name the script imports, the last one first; also by way of a module
        that imports every name of them: `from utils import *`, and there `from parameters import *`."""
        stars = [str(binding.node).removesuffix(".*") for binding in self._program.module.bindings.get("*", [])]
        found, seen = [], set(stars)
        while stars:
            home = stars.pop()
            module = self.find(home)
            if module is not None and not module[1]:
                found.append(module[0])
            elif module is None and len(seen) <= _MOST and (beside := self._configs.module(home.replace(".", "/"))):
                inner = [name.lstrip(".") for name in _STARRED.findall(beside[1]) if name.lstrip(".") not in seen]
                seen.update(inner)
                stars += inner
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
        self._options[program.module] = Options(program)
        return program.module
