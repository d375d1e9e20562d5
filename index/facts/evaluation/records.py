"""What an attribute or a key of a value is: a field of an object, an entry of a dict, an option, a configuration."""

from __future__ import annotations

import ast
import re
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

from index.facts.evaluation import options
from index.facts.evaluation.configs import SUFFIXES, Configs
from index.facts.evaluation.definitions import Definitions
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.known_calls import HOLDERS, RECORDS
from index.facts.evaluation.program import Binding, Guard, Program, Scope, dotted
from index.facts.evaluation.siblings import Siblings, names_settings

_TRACKS = re.compile(r"(^|[a-z])(Experiment|Run|Tracker)$")
_KEPT_AS = {"config", "cfg", "params", "hparams"}
GETS = {"get", "pop", "getint", "getfloat", "getboolean"}
_SAME_FILE = {"open", "read", "read_text", "resolve", "expanduser"}
_GIVES = re.compile(r"conf|cfg|arg|opt(s|ion|$)|pars|param|setting|flag|hps|^main$", re.IGNORECASE)
_LAST = 1 << 30  # the line after all others
_MEANT = {"value", "params"}  # keys that mean something of themselves
MOST = 64  # places that a value may come from; a choice of so many is none
_LOADS = re.compile(r"load|read|parse|config|cfg|open|yaml|json|toml", re.IGNORECASE)


class Records(Definitions):
    """Looks keys up in what following found."""

    def __init__(self, program: Program, configs: Configs, siblings: Siblings | None = None) -> None:
        super().__init__(program)
        self.options = options.Options(program)
        self.configs = configs
        self.siblings = siblings or Siblings(configs, program)
        self._alone = self.siblings.none
        if self._alone:
            self._methods = {child.name for scope in program.classes for child in scope.children}
        self._active: set[tuple[Any, ...] | str] = set()

    def narrow(self, keys: set[str] | None, *, handed: bool) -> None:
        """Says what the text of the script rules out, so that it is not looked for: `keys` are all
        that it may have, None where a file of settings may have others; whether what it defines is `handed` on, or all
        of it only called by its own name."""
        self.handed = handed
        if self._alone and keys is not None and "*" not in self.program.module.bindings:
            self._own = self.program.names | keys | self.options.names() | _MEANT
            self._leading = self._own if handed else {scope.name for scope in self.program.scopes}

    @abstractmethod
    def _live(self, bindings: list[Binding], before: int, frame: Frame) -> list[Binding]:
        """The bindings that may be in force at a line."""

    @abstractmethod
    def _bound(self, bindings: list[Binding], frame: Frame) -> list[Origin]:
        """What the bindings stand for."""

    @abstractmethod
    def _assigned(self, text: str, line: int, frame: Frame) -> list[Origin]:
        """What was assigned to a dotted name before a line."""

    @abstractmethod
    def _attributes(self, owner: Scope) -> dict[str, list[Binding]]:
        """What the methods of a class bind to its attributes."""

    @abstractmethod
    def _field(self, owner: Scope, key: str, instance: Origin | None) -> list[Origin]:
        """An attribute of a class of this script, or of the object that one call of it makes."""

    @abstractmethod
    def _parameter(self, name: str, frame: Frame) -> list[Origin]:
        """What a function is given for a parameter."""

    @abstractmethod
    def holds(self, guard: Guard, frame: Frame) -> bool | None:
        """Whether a guarded statement runs; None when that cannot be known from the text."""

    @cached_property
    def merged(self) -> dict[str, ast.Dict | None]:
        """Settings that a file is merged into, `cfg.merge_from_file("x.yaml")`, by name; None where it is not known."""
        found: dict[str, ast.Dict | None] = {}
        for scope in self.program.scopes:
            for site in scope.calls:
                function = site.node.func
                if site.name != "merge_from_file" or not isinstance(function, ast.Attribute):
                    continue
                frame = Frame(scope)
                if any(self.holds(guard, frame) is False for guard in site.guards):
                    continue
                path = self._file(site.node.args[0], frame, 0) if site.node.args else None
                found[(dotted(function.value) or "").split(".")[0]] = self.configs.read(path) if path else None
        return found

    def _key(self, origin: Origin, key: str) -> list[Origin]:
        """`.key` or `["key"]` of one origin; empty when it is not known."""
        begun: list[tuple[str, int, Frame]] = []
        for alias, where in origin.aliases:
            text = f"{alias.id}.{key}"
            assigned = self._assigned(text, alias.lineno, where)
            if assigned:
                return self._aliased(assigned, text, alias.lineno, where)
            if text in self.program.assigned:
                begun.append((text, alias.lineno, where))
        found = self._entry(origin, key)
        for text, line, where in reversed(begun):  # cfg["train"]["lr"] = 0.1 is assigned below it
            found = self._aliased(found, text, line, where)
        return found

    def _entry(self, origin: Origin, key: str) -> list[Origin]:
        """What an origin has of itself under a key, whatever is assigned to it."""
        node, frame = origin.node, origin.frame
        if origin.name:
            if origin.name.endswith("FLAGS"):
                flag = self.options.flag(key) or self.siblings.flag(key)
                if flag is not None and flag.file and isinstance(flag.default, ast.Constant):
                    settings = self.configs.read(str(flag.default.value))
                    return [Origin(settings, frame)] if settings is not None else []
                return self._option(flag)
            if origin.name == "wandb.config":
                return self._all(self._key(given, key) for given in self._tracked())
            full = f"{origin.name}.{key}"
            return self._imported(full, frame) or [Origin(node, frame, name=full)]
        if isinstance(node, ast.Dict):
            for name, value in zip(node.keys, node.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == key:
                    return self.follow(value, frame)
            return self._spread(node, frame, key) if None in node.keys else []
        if isinstance(node, ast.Constant) and key == "value":  # of an enumeration: Task.CIFAR.value
            return [origin]
        if isinstance(node, ast.ClassDef):
            return self._field(self.program.by_node[node], key, None)
        if isinstance(node, ast.Call):
            if options.parses(node):
                return self._option(self._parsed(node, frame, key)) or self._typed(node, frame, key)
            if key == "value" and (
                flagged := options.flag_of(node)
            ):  # LR = flags.DEFINE_float("lr", 0.1, ""): LR.value
                return self._option(self.options.flag(flagged) or self.siblings.flag(flagged))
            owner = self.instance_of(origin)
            if owner is not None:
                return self._field(owner, key, origin) or (self._record(node, frame, key) if _of_dicts(owner) else [])
            settings = self._settings(node, frame)
            if settings is not None:
                return self._key(Origin(settings, frame), key)
            if dotted(node.func) == "locals" and key in frame.scope.bindings:
                return self.follow(ast.Name(key, ast.Load(), lineno=node.lineno, col_offset=0), frame)
            if key in _KEPT_AS and (
                _TRACKS.search(_last(node)) or dotted(node.func) == "wandb.init"
            ):  # with Experiment({"lr": 0.1}) as run: run.config.lr
                told = [*(k.value for k in node.keywords if k.arg in {"config", "params"}), *node.args[:1]]
                return self.follow(told[0], frame) if told else []
            return self._record(node, frame, key) if _last(node) in RECORDS else []
        if isinstance(node, ast.Name) and frame.scope.rest == node.id:
            given = self._parameter(key, frame)
            return [o for o in given if not (isinstance(o.node, ast.Name) and o.node.id == key)]
        return []

    def _spread(self, node: ast.Dict, frame: Frame, key: str) -> list[Origin]:
        """What a table has under a key of those that it takes over: `{**defaults, "seed": 1}`."""
        within = (id(node), frame, key)
        if within in self._active:  # a table may be made of itself, in a loop
            return []
        self._active.add(within)
        try:
            taken = [value for name, value in zip(node.keys, node.values, strict=True) if name is None]
            return self._all(self._key(o, key) for value in reversed(taken) for o in self.follow(value, frame))
        finally:
            self._active.discard(within)

    def _keys(self, origins: list[Origin], keys: list[str]) -> list[Origin]:
        """What keys after one another lead to."""
        for key in keys:
            origins = self._all(self._key(origin, key) for origin in origins)
        return origins

    def _may_hold(self, origin: Origin) -> bool:
        """Whether settings that a call spreads may have keys that nobody can see."""
        node = origin.node
        if isinstance(node, ast.Call):
            known = options.parses(node) or self.instance_of(origin) is not None or _last(node) in RECORDS
            return not known and self._settings(node, origin.frame) is None
        return isinstance(node, ast.Subscript) or origin.element

    def _tracked(self) -> list[Origin]:
        """The settings that a run is begun with, `wandb.init(config=settings)`, which are read from it from then on."""
        if "wandb" in self._active:
            return []
        self._active.add("wandb")
        try:
            return self._all(
                self.follow(keyword.value, Frame(scope))
                for scope in self.program.scopes
                for site in scope.calls
                if dotted(site.node.func) == "wandb.init" or site.name == "WandbLogger"
                for keyword in site.node.keywords
                if keyword.arg == "config"
            )
        finally:
            self._active.discard("wandb")

    def _parsed(self, call: ast.Call, frame: Frame, key: str) -> options.Option | None:
        """An option of the command line that a call parses, declared here or in a module of settings."""
        home = frame.scope.module
        option = self.options.parsed(key) if home is self.program.module else None
        if option is None and isinstance(call.func, ast.Attribute):
            homes = {origin.frame.scope.module: None for origin in self._parsers(call.func.value, frame)}
            for module in homes:  # that the parser comes from
                if module is self.program.module:
                    option = option or self.options.parsed(key)
            option = option or self.siblings.parsed(key, home, *homes)
        return option

    def _parsers(self, node: ast.expr, frame: Frame) -> list[Origin]:
        """What makes a parser, and those that it has the options of: `ArgumentParser(parents=[shared])`."""
        made = self.follow(node, frame)
        parents = [(keyword.value, origin.frame) for origin in made if isinstance(origin.node, ast.Call)
                   for keyword in origin.node.keywords if keyword.arg == "parents"]  # fmt: skip
        of_them = [self.follow(parent, home) for value, home in parents
                   for parent in getattr(value, "elts", [value])[:4]]  # fmt: skip
        return [*made, *(origin for origins in of_them for origin in origins)]

    def _typed(self, call: ast.Call, frame: Frame, key: str) -> list[Origin]:
        """A field of the class that is its own parser, as those of typed-argument-parser are: `Args().parse_args()`."""
        made = self.follow(call.func.value, frame) if isinstance(call.func, ast.Attribute) else []
        owners = [(owner, origin) for origin in made if (owner := self.instance_of(origin)) is not None]
        return self._all(self._field(owner, key, origin) for owner, origin in owners)

    def _dataclass(self, call: ast.Call, frame: Frame, index: int) -> list[Origin]:
        """The class whose fields `HfArgumentParser((Model, Data, …)).parse_args_into_dataclasses()` fills."""
        if not isinstance(call.func, ast.Attribute):
            return []
        for origin in self.follow(call.func.value, frame):
            made = origin.node
            if isinstance(made, ast.Call) and (dotted(made.func) or "").endswith(("HfArgumentParser", "TrlParser")):
                classes = made.args[0] if made.args else None
                if isinstance(classes, ast.Tuple | ast.List) and -len(classes.elts) <= index < len(classes.elts):
                    return self.follow(classes.elts[index], origin.frame)
        return []

    def _aliased(self, origins: list[Origin], text: str, line: int, frame: Frame) -> list[Origin]:
        """Origins that are also reached by a dotted name: what is assigned below it belongs to them."""
        alias = ast.Name(text, ast.Load(), lineno=line, col_offset=0)
        return [
            replace(origin, aliases=((alias, frame), *origin.aliases)) if type(origin.node) in HOLDERS else origin
            for origin in origins
        ]

    def _imported(self, name: str, frame: Frame) -> list[Origin]:
        """What a name of a module of settings beside the script stands for; empty where there is none."""
        found = self.siblings.find(name, frame.scope.module)
        if found is None or not found[1]:
            return []
        module, keys = found
        within = (module, keys[0])
        if within in self._active:  # modules may import each other
            return []
        self._active.add(within)
        try:
            return self._named_in(module, keys[0], keys[1:])
        finally:
            self._active.discard(within)

    def _named_in(self, module: Scope, name: str, keys: list[str]) -> list[Origin]:
        if all(name not in scope.bindings for scope in (module, *self.siblings.starred(module))):
            return []
        origins = self.follow(ast.Name(name, ast.Load(), lineno=_LAST, col_offset=0), Frame(module))
        return [origin for origin in self._keys(origins, keys) if self._is_setting(origin, module)]

    def _is_setting(self, origin: Origin, module: Scope) -> bool:
        """Whether what another file has is a setting: not a function but for one that gives settings, and of a module
        that is called otherwise no class but one made of them. What else it defines is its own file's."""
        if self.siblings.project:
            return True
        node = origin.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return _GIVES.search(node.name) is not None and bool(self.program.by_node[node].returns)
        if isinstance(node, ast.ClassDef):
            return self.siblings.of_settings(module) or (names_settings(node.name) and not node.name.isupper())
        return not origin.name or origin.name.endswith("FLAGS") or self.siblings.of_settings(module)

    def _option(self, option: options.Option | None) -> list[Origin]:
        if option is None or option.default is None:
            return []
        return self.follow(option.default, Frame(option.scope))

    def _settings(self, call: ast.Call, frame: Frame) -> ast.Dict | None:
        """What a call that loads a configuration file gives, where the file is named by a literal path."""
        if _last(call).endswith("ConfigParser"):
            return self._sections(call)
        if not _loads(_last(call)):
            return None
        for part in [*call.args[:2], *(k.value for k in call.keywords if k.arg in {"stream", "fp", "path", "config"})]:
            path = self._file(part, frame, 0)
            if path is not None and "\n" in path:  # yaml.load("lr: 0.001\nepochs: 5\n")
                return self.configs.written(path)
            if path is not None and path.lower().endswith(SUFFIXES[:-1]):
                return self.configs.read(path)
        return None

    def _sections(self, parser: ast.Call) -> ast.Dict | None:
        """The file that a parser of settings is told to read: `config = ConfigParser(); config.read("train.ini")`."""
        for scope in self.program.scopes:
            for site in scope.calls:
                function, frame = site.node.func, Frame(scope)
                if site.name != "read" or not isinstance(function, ast.Attribute) or not site.node.args:
                    continue
                if any(origin.node is parser for origin in self.follow(function.value, frame)):
                    path = self._file(site.node.args[0], frame, 0)
                    return self.configs.read(path) if path and path.lower().endswith(SUFFIXES[:-1]) else None
        return None

    def _file(self, node: ast.expr, frame: Frame, depth: int) -> str | None:
        """The literal path of the file that an expression names, opens or reads."""
        for origin in self.follow(node, frame) if depth < 5 else []:
            made = origin.node
            if isinstance(made, ast.Constant) and isinstance(made.value, str):
                return made.value
            if isinstance(made, ast.JoinedStr):  # f"configs/{NAME}.yaml"
                pieces = [part.value if isinstance(part, ast.FormattedValue) else part for part in made.values]
                told = [self._file(piece, origin.frame, depth + 1) for piece in pieces]
                return "".join(piece for piece in told if piece) if all(told) else None
            if isinstance(made, ast.BinOp) and isinstance(made.op, ast.Add | ast.Div):
                before = self._file(made.left, origin.frame, depth + 1)
                after = self._file(made.right, origin.frame, depth + 1)
                if isinstance(made.op, ast.Add):
                    return f"{before}{after}" if before and after else None
                return f"{before}/{after}" if before and after else after  # Path(…) / "config.yaml"
            if isinstance(made, ast.Call):
                last = (dotted(made.func) or "").split(".")[-1] or getattr(made.func, "attr", "")
                if last == "join":
                    parts = [self._file(part, origin.frame, depth + 1) for part in made.args]
                    return "/".join(part for part in parts if part) or None
                if last in {"open", "Path", "str", "abspath", "realpath"} and made.args:
                    return self._file(made.args[0], origin.frame, depth + 1)
                if last in _SAME_FILE and isinstance(made.func, ast.Attribute):
                    return self._file(made.func.value, origin.frame, depth + 1)
        return None

    def _hydra(self, scope: Scope) -> ast.Dict | None:
        """The configuration that `@hydra.main(config_path=…, config_name=…)` hands to a function."""
        if not isinstance(scope.node, ast.FunctionDef):
            return None
        for decorator in scope.node.decorator_list:
            if isinstance(decorator, ast.Call) and (dotted(decorator.func) or "").endswith("hydra.main"):
                given = {keyword.arg: keyword.value for keyword in decorator.keywords}
                found: dict[str | None, ast.expr] = {**given}
                found.update(zip(("config_path", "config_name"), decorator.args, strict=False))
                outer = Frame(scope.parent or scope)
                folder = self._file(found["config_path"], outer, 0) if "config_path" in found else ""
                name = self._file(found["config_name"], outer, 0) if "config_name" in found else None
                if folder and name is None:  # before Hydra 1.0 the path was the file's
                    folder, _, name = folder.rpartition("/")
                if name:
                    return self.configs.composed((folder or "").removeprefix("./"), name)
        return None

    def _got(self, call: ast.Call, base: ast.expr, frame: Frame) -> list[Origin]:
        """What `settings.get("lr", 0.1)` gives, and `parser.getint("train", "epochs", fallback=9)`."""
        objects = self.follow(base, frame)
        keys = [str(part.value) for part in call.args[:2] if isinstance(part, ast.Constant)]
        found = self._all(self._key(origin, keys[0]) for origin in objects)
        fallback = next((given.value for given in call.keywords if given.arg == "fallback"), None)
        if found and len(keys) == 2 and any(map(_of_sections, objects)):
            found = self._all(self._key(origin, keys[1]) for origin in found)
            return found or (self.follow(fallback, frame) if fallback is not None else [])
        if found:
            return found
        if fallback is not None:  # no file that the text names has it
            return self.follow(fallback, frame)
        computed = any(isinstance(o.node, ast.Dict) and _computed(o.node) for o in objects)
        return self.follow(call.args[1], frame) if len(call.args) > 1 and not computed else []

    def _record(self, call: ast.Call, frame: Frame, key: str) -> list[Origin]:
        within = (id(call), frame, key)
        if within in self._active:
            return []
        for keyword in call.keywords:
            if keyword.arg == key:
                return self.follow(keyword.value, frame)
        spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
        self._active.add(within)  # a record may be made of itself: `args = vars(args)` in a loop
        try:
            found = self._all(
                self._key(origin, key) for part in [*call.args[:1], *spread] for origin in self.follow(part, frame)
            )
            renamed = not found and bool(spread) and key.isupper()  # Namespace(**{k.upper(): v for …})
            return found or (self._option(self.options.parsed(key.lower())) if renamed else [])
        finally:
            self._active.discard(within)

    def _all(self, groups: Iterable[list[Origin]]) -> list[Origin]:
        """What all of the groups hold, a list of its own."""
        found: list[Origin] = []
        for group in groups:
            found += group
            if len(found) > MOST:
                break
        return found[:MOST]


def _of_dicts(owner: Scope) -> bool:
    """Whether a class is one of dicts: `class Dotted(dict)`."""
    bases = owner.node.bases if isinstance(owner.node, ast.ClassDef) else []
    return any((dotted(base) or "").rpartition(".")[2] in RECORDS for base in bases)


def _last(call: ast.Call) -> str:
    return (dotted(call.func) or "").rpartition(".")[2]


@lru_cache(maxsize=10_000)  # of all names that are called, few are different
def _loads(name: str) -> bool:
    return _LOADS.search(name) is not None


def _of_sections(origin: Origin) -> bool:
    """Whether an object is a parser of settings in sections."""
    return isinstance(origin.node, ast.Call) and (dotted(origin.node.func) or "").endswith("ConfigParser")


def _computed(node: ast.Dict) -> bool:
    """Whether a dict has keys that only a run knows: `{torch.cuda.is_available(): "cuda"}.get(True, "cpu")`."""
    return not all(isinstance(key, ast.Constant) for key in node.keys)
