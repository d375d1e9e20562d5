"""The command-line options a script declares, and their defaults: argparse (any parser), optparse, click, absl."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from index.facts.evaluation.program import CallSite, Program, Scope

_PARSED = {"parse_args", "parse_known_args", "parse_intermixed_args", "parse_args_into_dataclasses"}
_FLAG_TYPES = {"DEFINE_integer": "int", "DEFINE_float": "float"}
_TRAINING = re.compile(r"^(pre|fine)?[-_]?(train|fit|learn|tune)", re.IGNORECASE)
_OWN = {"add_argument", "add_option"}  # of parsers: argparse's and optparse's
_ADDS = {"add", "arg", "add_arg", "aa"}
_HELPERS = {"add_arg", "add_arguments"}
_FILLED = {"automain", "main", "capture", "command"}  # of Sacred
_DECLARES = ("a", "set_defaults", "DEFINE_")  # how all begin that declare one


@dataclass(frozen=True, eq=False)
class Option:
    """One option; `default` is None where the script makes it required. `file` is one that names a configuration,
    `choices` is what it may be."""

    name: str
    default: ast.expr | None
    line: int
    scope: Scope
    file: bool = False
    choices: ast.expr | None = None


class Options:
    """Options by destination name, separately for parsers, for absl flags and for each click command."""

    def __init__(self, program: Program) -> None:
        self._parsed: dict[str, Option] = {}
        self._flags: dict[str, Option] = {}
        again: dict[str, list[tuple[CallSite, Option]]] = {}
        defaults: list[CallSite] = []
        for scope in program.scopes:
            for site in scope.calls:
                name = site.name
                if not name.startswith(_DECLARES):
                    continue
                if name in _OWN or (name in _ADDS and _is_alias(program, site.node, name)):
                    option = _argparse(site)
                    if option:
                        self._parsed.setdefault(option.name, option)
                        again.setdefault(option.name, []).append((site, option))
                elif name == "set_defaults":
                    defaults.append(site)
                elif name.startswith("add_dict_to_") and len(site.node.args) == 2:
                    for option in _of_dict(site):
                        self._parsed.setdefault(option.name, option)
                elif option := _of_helper(site):
                    self._parsed.setdefault(option.name, option)
                elif flag := flag_of(site.node):
                    default = _converted(flag_default(site.node), _FLAG_TYPES.get(name, ""))
                    self._flags[flag] = Option(
                        flag, default, site.node.lineno, site.scope, name == "DEFINE_config_file"
                    )
        for name, sites in again.items():
            declared = [(_command(site), option) for site, option in sites] if len(sites) > 1 else []
            if any(command for command, _ in declared):
                self._parsed[name] = _of_training(declared)
        for site in defaults:
            for keyword in site.node.keywords:
                if keyword.arg:
                    self._parsed[keyword.arg] = Option(keyword.arg, keyword.value, keyword.value.lineno, site.scope)
            for option in _of_groups(site):
                self._parsed[option.name] = option

    def parsed(self, name: str) -> Option | None:
        """The option `args.<name>` of a parsed command line."""
        return self._parsed.get(name)

    def flag(self, name: str) -> Option | None:
        """The absl flag `FLAGS.<name>`."""
        return self._flags.get(name)

    def names(self) -> set[str]:
        """What options may be read as: a script may spell all of them with capitals."""
        return {*self._parsed, *map(str.upper, self._parsed), *self._flags}

    def all(self) -> list[Option]:
        """Every option and flag, in the order of the text."""
        return [*self._parsed.values(), *self._flags.values()]


def _command(site: CallSite) -> str:
    """The command whose parser declares an option: `train = commands.add_parser("train")`; "" where it is for all."""
    parser = site.node.func.value if isinstance(site.node.func, ast.Attribute) else None
    bound = site.scope.bindings.get(parser.id, []) if isinstance(parser, ast.Name) else []
    made = [binding.node for binding in bound if binding.line <= site.node.lineno]
    last = made[-1] if made else None
    return (
        (_text(last.args[0]) or "" if last.args else "")
        if isinstance(last, ast.Call) and _called(last) == "add_parser"
        else ""
    )


def _of_training(declared: list[tuple[str, Option]]) -> Option:
    """Of the options of one name that several commands have, that of the one which trains; open where none says so."""
    training = [option for command, option in declared if _TRAINING.search(command)]
    first = declared[0][1]
    if training:
        return training[0]
    same = len({ast.dump(option.default) if option.default is not None else "" for _, option in declared}) == 1
    return first if same else Option(first.name, None, first.line, first.scope)


def _is_alias(program: Program, call: ast.Call, name: str) -> bool:
    """Whether a name is short for a parser's method: `add = parser.add_argument`, or of a module: `py.arg("--lr")`."""
    if isinstance(call.func, ast.Attribute):
        return name == "arg" and bool(call.args) and (_text(call.args[0]) or "").startswith("--")
    bound = [binding.node for scope in program.scopes for binding in scope.bindings.get(name, [])]
    return any(isinstance(node, ast.Attribute) and node.attr == "add_argument" for node in bound)


def flag_of(call: ast.Call) -> str:
    """The name of the absl flag that a call declares; "" where it declares none."""
    declares = _called(call).startswith("DEFINE_") and call.args and flag_default(call) is not None
    return _text(call.args[0]) or "" if declares else ""


def flag_default(call: ast.Call) -> ast.expr | None:
    """What an absl flag is by default: its second argument, or the one of that name."""
    named = (keyword.value for keyword in call.keywords if keyword.arg == "default")
    return call.args[1] if len(call.args) >= 2 else next(named, None)


def parses(call: ast.Call) -> bool:
    """Whether a call gives the parsed command line."""
    name = _called(call)
    bare = name == "args" and isinstance(call.func, ast.Attribute) and not call.args  # py.args()
    return bare or name in _PARSED


def click(function: Scope, parameter: str) -> Option | None:
    """The option that a click decorator on `function` declares for one of its parameters."""
    if not isinstance(function.node, ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    for decorator in function.node.decorator_list:
        if isinstance(decorator, ast.Call) and _called(decorator) in {"option", "argument"}:
            names = [text for text in map(_text, decorator.args) if text]
            plain = [name for name in names if not name.startswith("-")]
            longest = max(names, key=len, default="")
            if parameter == (plain[0] if plain else longest.lstrip("-").replace("-", "_")):
                default = _keyword(decorator, "default")
                if default is None and _constant(_keyword(decorator, "is_flag")) is True:
                    default = ast.copy_location(ast.Constant(False), decorator)
                return Option(parameter, default, decorator.lineno, function.parent or function)
    return None


def sacred(program: Program, function: Scope, parameter: str) -> Option | None:
    """The setting that an experiment of Sacred fills a parameter with: the local of that name of `@ex.config`, for a
    function that is decorated with `@ex.automain` or `@ex.capture`."""
    homes = {home for home, what in _decorations(function) if what in _FILLED}
    for scope in program.functions if homes else []:
        if any(home in homes and what == "config" for home, what in _decorations(scope)):
            for binding in scope.bindings.get(parameter, []):
                if binding.kind == "value" and isinstance(binding.node, ast.expr):
                    return Option(parameter, ast.copy_location(ast.Name(parameter, ast.Load()), binding.node),
                                  binding.line, scope)  # fmt: skip
    return None


def _decorations(function: Scope) -> list[tuple[str, str]]:
    """The decorators of a function that are methods: of `@ex.config` ("ex", "config")."""
    made = getattr(function.node, "decorator_list", [])
    methods = [step.func if isinstance(step, ast.Call) else step for step in made]
    return [
        (step.value.id, step.attr)
        for step in methods
        if isinstance(step, ast.Attribute) and isinstance(step.value, ast.Name)
    ]


def _argparse(site: CallSite) -> Option | None:
    call = site.node
    names = [text for text in map(_text, call.args) if text]
    dest = _text(_keyword(call, "dest"))
    if dest is None:
        long = [name for name in names if name.startswith("--")]
        first = next(iter(long or names), None)
        if first is None:
            return None
        dest = first.lstrip("-").replace("-", "_")
    default = _keyword(call, "default")
    action = _text(_keyword(call, "action"))
    if default is None and action in {"store_true", "store_false"}:
        default = ast.copy_location(ast.Constant(action == "store_false"), call)
    kind = _keyword(call, "type")
    if default is not None:  # optparse may be told the type by its name: type="float"
        default = _converted(default, kind.id if isinstance(kind, ast.Name) else _text(kind) or "")
    required = _constant(_keyword(call, "required")) is True or any(not n.startswith("-") for n in names)
    if default is None and not required:
        default = ast.copy_location(ast.Constant(None), call)
    return Option(dest, default, call.lineno, site.scope, choices=_keyword(call, "choices"))


def _converted(default: ast.expr | None, kind: str) -> ast.expr | None:
    """A default that is text, as a parser converts it to a number."""
    if default is None or kind not in {"int", "float"} or _text(default) is None:
        return default
    return ast.copy_location(ast.Call(ast.Name(kind, ast.Load()), [default], []), default)


def _of_helper(site: CallSite) -> Option | None:
    """The option that a project's own helper declares, as those of PaddlePaddle do: `add_arg("lr", float, 1e-3, help)`,
    also bound to its parser by `partial`."""
    given = site.node.args
    kind = given[1] if len(given) > 2 and site.name in _HELPERS else None
    name = _text(given[0]) if isinstance(kind, ast.Name | ast.Attribute) else None
    if name is None:
        return None
    default = _converted(given[2], kind.id) if isinstance(kind, ast.Name) else given[2]
    return Option(name.lstrip("-").replace("-", "_"), default, site.node.lineno, site.scope)


def _of_dict(site: CallSite) -> list[Option]:
    """The options that `add_dict_to_argparser(parser, defaults)` makes of a dict written out beside it."""
    given = site.node.args[1]
    bound = [b.node for b in site.scope.bindings.get(given.id, [])] if isinstance(given, ast.Name) else [given]
    made = bound[0] if bound else None
    entries: list[tuple[str | None, ast.expr]] = []
    if isinstance(made, ast.Call) and _called(made) == "dict":
        entries = [(keyword.arg, keyword.value) for keyword in made.keywords]
    elif isinstance(made, ast.Dict):
        entries = [(_text(key), value) for key, value in zip(made.keys, made.values, strict=True)]
    return [Option(name, value, value.lineno, site.scope) for name, value in entries if name]


def _of_groups(site: CallSite) -> list[Option]:
    """The options of jsonargparse that get defaults by a dict, those of one class together as `args` has them:
    `parser.set_defaults({"model.lr": 1e-3, "model.width": 64, "seed": 1})`."""
    given = site.node.args[0] if site.node.args else None
    groups: dict[str, ast.Dict] = {}
    found = []
    for key, value in zip(given.keys, given.values, strict=True) if isinstance(given, ast.Dict) else ():
        head, dot, rest = (_text(key) or "").partition(".")
        if head and not dot:
            found.append(Option(head, value, value.lineno, site.scope))
        elif head:
            group = groups.setdefault(head, ast.copy_location(ast.Dict([], []), value))
            group.keys.append(ast.copy_location(ast.Constant(rest), value))
            group.values.append(value)
    return found + [Option(head, group, group.lineno, site.scope) for head, group in groups.items()]


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _text(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.JoinedStr):  # f"--lr", with nothing to fill in
        parts = [_text(part) for part in node.values]
        return "".join(filter(None, parts)) if all(parts) else None
    value = _constant(node)
    return value if isinstance(value, str) else None


def _constant(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
