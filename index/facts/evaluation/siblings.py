"""Modules beside a script: `from config import LR`, `import settings as cfg`, `from trainer import Trainer`.

They are parsed and followed like the script itself, never imported. At first only modules that are named as settings
are opened: what any other file does is that file's own facts. Where those leave open how a script trains, the rest of
its project is opened too, for what the script runs of it.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from index.facts.evaluation.configs import Configs
from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.options import Option, Options
from index.facts.evaluation.program import Program, Scope
from index.facts.evaluation.shelf import Parsed, give_back, take
from index.facts.evaluation.telling import Telling

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
_MOST = 8  # modules of settings that one script opens
_MOST_OF_PROJECT = 16  # modules of any kind
_MOST_TEXT = 50_000  # characters of them, in all: what is longer is a library in its own repository
# What a module must have that is opened for what it does: most of a project are layers and plots. In lower case; what
# begins with a letter of its own passes all others over.
_TELLS = re.compile(
    r"\.(backward|step|batch)\(|\.fit\w*\(|optim|train_on_batch|minimize|apply_gradients|data(loader|module|sets?\.)|"
    r"load_data|batch_size|learning_rate|learner|parse_args|grad\(|is_available\(|import \*"
)
_TELLS_BY_PLACE = re.compile(
    r"\b(lr\b|(enum|dataset)\):)|^(def ((get|load|build|make|create)_\w*(model|net)|\w*factory\()|from \.|@dataclass)",
    re.MULTILINE,
)


@lru_cache(maxsize=10_000)  # of all names that are imported, few are different
def _settings(name: str) -> bool:
    return _SETTINGS.search(name) is not None


@lru_cache(maxsize=10_000)
def names_settings(name: str) -> bool:
    """Whether a name, of whatever module, is that of settings."""
    return _NAMED.search(name) is not None


@lru_cache(maxsize=10_000)
def _settings_within(name: str) -> tuple[int, ...]:
    """How many parts of a full name may be a module of settings, most first: "config.train.lr" → 1."""
    parts = name.split(".")
    last = len(parts) - 1
    return tuple(
        end for end in range(len(parts), 0, -1)
        if _settings(parts[end - 1]) or (end == last and names_settings(parts[-1]))
    )  # fmt: skip


@lru_cache(maxsize=100)  # the scripts of a folder import the same modules
def _tells(text: str) -> bool:
    said = text.lower()
    return _TELLS.search(said) is not None or _TELLS_BY_PLACE.search(said) is not None


class Siblings:
    """The modules of settings that one script imports, parsed once each; those of its whole `project` where asked."""

    def __init__(self, configs: Configs, program: Program, *, project: bool = False) -> None:
        self.project = project
        self._configs = configs
        self._program = program
        self._read: dict[str, tuple[str, Parsed] | None] = {}
        self._text = 0
        self._modules: dict[str, Scope | None] = {}
        self._places: dict[Scope, str] = {}
        self._parsed: dict[Scope, Parsed] = {}
        self._found: dict[str, tuple[Scope, list[str]] | None] = {}
        self._starred: dict[Scope, list[Scope]] = {}

    def of_project(self) -> Siblings:
        """The same, of the whole project; what is parsed already is not parsed again."""
        whole = Siblings(self._configs, self._program, project=True)
        whole._read, whole._text = self._read, self._text
        return whole

    def release(self) -> None:
        """Gives back what was parsed, for the next script. Nothing of it is to be used any more."""
        give_back([opened[1] for opened in self._read.values() if opened is not None])
        self._read.clear()

    @cached_property
    def none(self) -> bool:
        """Whether the script imports libraries alone: whatever is followed, no module is opened."""
        return all(str(binding.node).partition(".")[0] in LIBRARIES for binding in self._program.imports)

    def any(self) -> bool:
        """Whether the script imports any of these modules."""
        return any(self.find(str(binding.node).removesuffix(".*")) is not None for binding in self._program.imports)

    def find(self, name: str, within: Scope | None = None) -> tuple[Scope, list[str]] | None:
        """The module that a name starts with, and the names after it: "config.train.lr" → config, [train, lr].

        `within` is the module that imports it: its own folder is looked into first.
        """
        place = self._places.get(within, "") if within is not None and self._places else ""
        folder, head = place.rpartition("/")[0], name.partition(".")[0]
        if not folder or head in LIBRARIES:
            return self._find(name)
        beside = f"{folder.replace('/', '.')}.{name}"
        # `from src.agent import Agent` in src/__init__.py is no name of that module itself
        inside = self._find(beside) if self._configs.has_module(f"{folder}/{head}") else None
        return inside or self._find(name) or self._find(beside)

    def _find(self, name: str) -> tuple[Scope, list[str]] | None:
        if name not in self._found:
            self._found[name] = None  # while it is looked for
            self._found[name] = self._split(name)
        return self._found[name]

    def _split(self, name: str) -> tuple[Scope, list[str]] | None:
        parts = name.split(".")
        if parts[0] in LIBRARIES:
            return None
        for end in _settings_within(name):
            module = self._module("/".join(parts[:end]))
            if module is not None:
                return module, parts[end:]
        return self._of_any_kind(parts) if self.project else None

    def _of_any_kind(self, parts: list[str]) -> tuple[Scope, list[str]] | None:
        """The innermost module of a name: what a package around it says is not asked."""
        end = 0
        while end < len(parts) and self._configs.has_module("/".join(parts[: end + 1])):
            end += 1
        module = self._module("/".join(parts[:end])) if end else None
        if module is None:
            return None
        return module, parts[end:] or self._taken_out(parts, module)

    def _taken_out(self, parts: list[str], module: Scope) -> list[str]:
        """What a package calls like the module that it takes it out of: `from .train import train` in its
        `__init__.py`, after which `from package import train` is the function."""
        name = parts[-1]
        package = self._module("/".join(parts[:-1])) if name in module.bindings and parts[:-1] else None
        bound = package.bindings.get(name, []) if package is not None else []
        return [name] if any(str(b.node).endswith(f"{name}.{name}") for b in bound if b.kind == "import") else []

    def opened(self) -> list[Scope]:
        """The modules that were opened, in that order."""
        return list(self._places)

    def place(self, module: Scope, line: int) -> str:
        """Where a line of one of these modules is: "config.py:6"; "" for any other scope."""
        return f"{self._places[module]}:{line}" if module in self._places else ""

    def of_settings(self, module: Scope) -> bool:
        """Whether one of these modules is called as settings are."""
        stem = self._places.get(module, "").removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
        return _settings(stem)

    def options(self, module: Scope) -> Options:
        """The options that one of these modules declares."""
        return self._parsed[module].options

    def telling(self, module: Scope) -> Telling:
        """What one of these modules has that may tell how the script trains."""
        return self._parsed[module].telling

    def parsed(self, name: str, *within: Scope) -> Option | None:
        """The option of a command line that one of these modules declares: of its own, else of any that is open."""
        for module in (*within, *self._places):
            if module in self._parsed and (option := self._parsed[module].options.parsed(name)) is not None:
                return option
        return None

    def flag(self, name: str) -> Option | None:
        """The absl flag that one of these modules, as far as they are open, declares."""
        flags = (module.options.flag(name) for module in self._parsed.values())
        return next((flag for flag in flags if flag is not None), None)

    def starred(self, within: Scope) -> list[Scope]:
        """The modules whose every name a module imports, the last one first; of settings, the script's own."""
        if not self.project:
            return self._by_way
        if within not in self._starred:
            found: list[Scope] = []
            pending = [within]
            while pending:
                home = pending.pop()
                for binding in home.bindings.get("*", []):
                    module = self.find(str(binding.node).removesuffix(".*"), home)
                    if module is not None and not module[1] and module[0] not in (within, *found, *pending):
                        pending.append(module[0])
                found += [home] if home is not within else []
            self._starred[within] = found
        return self._starred[within]

    @cached_property
    def _by_way(self) -> list[Scope]:
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
            found = self._opened(path)
            if found is not None and (module := found[1].program.module) not in self._places:
                name, parsed = found
                program = parsed.program
                self._modules[path] = module
                self._program.by_node.update(program.by_node)  # so that its classes can be looked into
                self._program.counted |= program.counted
                self._program.assigned |= program.assigned
                self._places[module] = name
                self._parsed[module] = parsed
        return self._modules[path]

    def _opened(self, path: str) -> tuple[str, Parsed] | None:
        """The name of the module at a path, and what it says."""
        if path not in self._read:
            self._read[path] = None
            most = _MOST_OF_PROJECT if self.project else _MOST
            opened = sum(read is not None for read in self._read.values())
            found = self._configs.module(path) if opened < most else None
            if found is not None and self._worth(path, *found):
                name, text = found
                self._text += len(text)
                parsed = take(text)
                self._read[path] = (name, parsed) if parsed is not None else None
        return self._read[path]

    def _worth(self, path: str, name: str, text: str) -> bool:
        """Whether a module is to be parsed: one of settings is, any other if it tells, or is of a package and says what
        that has, and is no library."""
        if not self.project or _settings(path.rpartition("/")[2]):
            return True
        if self._text + len(text) > _MOST_TEXT:
            return False
        return _tells(text) or (name.endswith("__init__.py") and "import" in text)
