"""The setting that an unresolved value hangs on, looked up by its name: the one number that the script gives to any.

Settings reach a training by ways that nothing follows: `self.__dict__.update(…)`, `Namespace(**{k.upper(): v for …})`,
a file that is read, an object of another library. Where a script states a setting of that name only once, or always
the same, that is its value however it gets there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from index.facts.data import loaders
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.configs import SUFFIXES
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import Scope, dotted
from index.facts.evaluation.values import Value
from index.facts.training import optimizers, stated
from index.facts.training.training import Training
from index.files.tree import walk

_KEYS = {
    "lr": re.compile(r"(\w*_)?(lr|learn(ing)?_?rate)(_\w+)?$|^lr\w$", re.IGNORECASE),
    "batch": re.compile(r"\w*(batch|bs)\w*$", re.IGNORECASE),
    "epochs": re.compile(r"\w*epochs?\w*$", re.IGNORECASE),
}
_ASKS = re.compile(r"predict|eval|test|sampl|generat|infer|valid|plot|show|log|search|sweep|tune|trial", re.IGNORECASE)
_BOOSTS = re.compile(r"XGB|LGBM|CatBoost|\w+Boosting\w*$")  # at a rate of its own
_RATES = ("lr", "learningrate")
_COUNTS = ("epochs", "numepochs", "nepochs", "maxepochs")
_FILES = 4  # configuration files that a script may name
# Calls that only need the number of rows, and those that show it.
_MAKES_UP = Identifiers(
    r"rand|zeros|ones|empty|full|Input|print|info|fill|summary|format|build$|shape|^(repeat|tile)$|plot|grid|^i?m?show",
    re.IGNORECASE,
)

Stated = tuple[ast.expr, Frame]


def completed(analysis: Analysis, trainings: list[Training]) -> list[Training]:
    """The trainings, with what they left open and the script states by name."""
    found = []
    for training in trainings:
        rate = _known(analysis, training.lr, "lr")
        if rate is None and not training.optimizer_name:  # another file has the optimizer
            rate = _only(analysis, _RATES)
        effective = _known(analysis, training.effective, "lr")
        size = _known(analysis, training.batch, "batch")
        count = _known(analysis, training.epochs, "epochs")
        if size is None and not training.name.endswith(".fit"):  # which has a size of its own
            size = _size(analysis)
        if count is None and not training.optimizer_name:
            count = _option(analysis, _COUNTS)
        found.append(replace(training, lr=rate, effective=effective, batch=size, epochs=count))
    return found


def alone(analysis: Analysis) -> list[Training]:
    """A training that another file has and this one only sets going, where a rate or a count of epochs is stated: a
    size alone may be of whatever is made or asked in batches."""
    found = completed(analysis, stated.alone(analysis))
    return [t for t in found if any(value is not None and value.number is not None for value in (t.lr, t.epochs))]


def _known(analysis: Analysis, value: Value | None, what: str) -> Value | None:
    """A value, or where it is open the number of the setting that it hangs on."""
    if value is None or value.options or value.node is None:
        return value
    node = value.node
    while isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:  # float(…)
        node = node.args[0]
    root, _, key = (_entry(node) or dotted(node) or "").rpartition(".")
    resolver = analysis.evaluator.resolver
    if root == "self" and f"self.{key}" not in analysis.source.text:
        return value  # of an object of another file, which may compute it
    if not key or not _KEYS[what].match(key) or root.partition(".")[0] in resolver.merged:
        return value
    wanted = _plain(key)
    numbers = _nearest(analysis, root, wanted)
    if numbers is None or len(numbers) > 1:
        return value
    for found in numbers:
        return found if found.line else replace(found, line=value.line, beside=found.beside or value.beside)
    return _configured(analysis, wanted, value)


def _nearest(analysis: Analysis, root: str, wanted: str, *, alone: bool = False) -> list[Value] | None:
    """The numbers that a setting is given by the script; where none is and the script is not asked `alone`, by the
    modules of settings beside it."""
    siblings = analysis.evaluator.resolver.siblings
    for homes in ([analysis.program.module], [] if alone else filter(siblings.of_settings, siblings.opened())):
        stated_by = [found for home in homes for found in _stated(analysis, home, root, wanted)]
        numbers = _numbers(analysis, stated_by, wanted)
        if numbers is None or numbers:
            return numbers
    return []


def _entry(node: ast.AST) -> str | None:
    """`config.get("lr", …)` as `config.lr`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "get":
        return None
    key = node.args[0] if node.args else None
    text = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
    return f"{dotted(node.func.value) or ''}.{text}"


def _configured(analysis: Analysis, wanted: str, value: Value) -> Value:
    """The one number that the configuration files give to a setting which the script names, however it reads them."""
    named = {node.value for node in analysis.source.of(ast.Constant)
             if isinstance(node.value, str) and node.value.endswith(SUFFIXES[:-1])}  # fmt: skip
    configs = analysis.evaluator.resolver.configs
    named = {name if name.count("/") > 1 else name.lstrip("/") for name in named}  # here + "/cfg.json"
    read = [settings for name in sorted(named)[:_FILES] if (settings := configs.read(name))]
    found: dict[object, Value] = {}
    for node in (part for settings in read for part in walk(settings) if isinstance(part, ast.Dict)):
        for key, entry in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and _plain(str(key.value)) == wanted:
                told = analysis.value(entry, Frame(analysis.program.module))
                found.setdefault(told.number, replace(told, line=value.line, beside=value.beside))
    return next(iter(found.values())) if len(found) == 1 and None not in found else value


def _only(analysis: Analysis, names: tuple[str, ...]) -> Value | None:
    """The one number that the script states under any of some names, and does not only name so."""
    found: dict[object, Value] = {}
    module, of = analysis.program.module, analysis.source.of
    read = {_plain(node.id) for node in of(ast.Name) if isinstance(node.ctx, ast.Load)}
    read |= {_plain(node.attr) for node in of(ast.Attribute) if isinstance(node.ctx, ast.Load)}
    scopes = [scope for scope in (module, *module.within()) if not scope.is_class]
    for wanted in names:
        idle = {node for scope in scopes for node, _ in _assigned(analysis, scope, wanted)}
        stated_by = [pair for pair in _stated(analysis, module, "", wanted) if wanted in read or pair[0] not in idle]
        numbers = _numbers(analysis, stated_by, wanted)
        if numbers is None:
            return None
        found |= {value.number: value for value in numbers}
    return next(iter(found.values())) if len(found) == 1 else None


def _option(analysis: Analysis, names: tuple[str, ...]) -> Value | None:
    """The one number that an option of the script under one of some names is by default."""
    options = [o for o in analysis.evaluator.resolver.options.all() if _plain(o.name) in names]
    told = [analysis.value(o.default, Frame(o.scope)) for o in options if o.default is not None]
    return told[0] if len(options) == len(told) == 1 and told[0].number is not None else None


def _size(analysis: Analysis) -> Value | None:
    """The one size of batches that the script states and uses for more than to make up a tensor of that many rows:
    what serves the batches may be anything."""
    of = analysis.source.of
    read: list[tuple[str, ast.expr]] = [(node.id, node) for node in of(ast.Name) if isinstance(node.ctx, ast.Load)]
    read += [(node.attr, node) for node in of(ast.Attribute) if isinstance(node.ctx, ast.Load)]
    read += [((dotted(node) or "").rpartition(".")[2], node) for node in of(ast.Subscript)]
    sizes = {name for name in {name for name, _ in read} if loaders.is_size(name)}
    made_up: set[ast.AST] = set()
    for call in of(ast.Call) if sizes else []:
        called = call.func.attr if isinstance(call.func, ast.Attribute) else dotted(call.func) or ""
        if _MAKES_UP.search(called):
            made_up.update(node for part in [*call.args, *(k.value for k in call.keywords)] for node in walk(part))
    used = {_plain(name): node for name, node in reversed(read) if name in sizes and node not in made_up}
    found: dict[object, Value] = {}
    for wanted in sorted(used):
        node = used[wanted]
        numbers = _nearest(analysis, "", wanted, alone=isinstance(node, ast.Name))  # batch_size, _ = x.size()
        if numbers is None:
            return None
        found |= {value.number: value if value.line else replace(value, line=node.lineno) for value in numbers}
    return next((value for number, value in found.items() if len(found) == 1 and number != 1), None)


def _numbers(analysis: Analysis, stated: list[Stated], wanted: str) -> list[Value] | None:
    """The different numbers among what a setting is given; None where one is computed from something else."""
    found: dict[object, Value] = {}
    for node, frame in stated:
        told = analysis.scaled(node, frame)
        if told.number is not None:
            line, beside = analysis.evaluator.placed(getattr(node, "lineno", 0), frame)
            found.setdefault(told.number, replace(told, line=line, beside=beside or told.beside))
        elif not (told.known and told.constant is None) and all(wanted not in _plain(name) for name in _names(node)):
            return None
    return list(found.values())


def _stated(analysis: Analysis, module: Scope, root: str, wanted: str) -> Iterator[Stated]:
    """What a module gives to anything of a name: options, assignments, arguments by name, entries of dicts."""
    resolver = analysis.evaluator.resolver
    own = module is analysis.program.module
    for option in (resolver.options if own else resolver.siblings.options(module)).all():
        if _plain(option.name) == wanted and option.default is not None:
            yield option.default, Frame(option.scope)
    scopes = (module, *module.within())
    for scope in scopes:
        if not loaders.evaluates(scope.name):
            yield from _assigned(analysis, scope, wanted)
            yield from _given_by_name(scope, wanted)
    others = _others(scopes, root)
    dicts = analysis.source.of(ast.Dict) if own else [n for n in walk(module.node) if isinstance(n, ast.Dict)]
    for node in dicts:
        if node not in others:
            yield from ((entry, Frame(module)) for entry in _entries(node, wanted))


def _assigned(analysis: Analysis, scope: Scope, wanted: str) -> Iterator[Stated]:
    if scope.is_class and not _made_bare(analysis, scope):  # else its objects may be made without its fields
        return
    holds, frame = analysis.evaluator.resolver.holds, Frame(scope)
    for name, bindings in scope.bindings.items():
        if _plain(name.rpartition(".")[2]) == wanted:
            live = [b.node for b in bindings if b.kind == "value" and isinstance(b.node, ast.expr) and not b.path
                    and all(holds(guard, frame) is not False for guard in b.guards)]  # fmt: skip
            if len({analysis.value(node, frame).number is None for node in live}) == 1:  # else one of several
                yield from ((node, frame) for node in live)


def _made_bare(analysis: Analysis, scope: Scope) -> bool:
    """Whether the one object of a class is made with nothing, as it stands, `args = Args()`, or the class is handed on
    itself: `Trainer(Args)`."""
    calls = [call for call in analysis.source.of(ast.Call) if dotted(call.func) == scope.name]
    handed = (part for call in analysis.source.of(ast.Call) for part in call.args if isinstance(part, ast.Name))
    alone = len(calls) == 1 and not calls[0].args and not calls[0].keywords
    return alone or (not calls and any(part.id == scope.name for part in handed))


def _given_by_name(scope: Scope, wanted: str) -> Iterator[Stated]:
    for site in scope.calls:
        if _ASKS.search(site.name) or site.name.endswith("Loader") or optimizers.canonical(site.name):
            continue
        if loaders.held_out(site.node) or _BOOSTS.match(site.name):
            continue
        for keyword in site.node.keywords:
            if keyword.arg and _plain(keyword.arg) == wanted:
                yield keyword.value, Frame(scope)


def _entries(node: ast.Dict, wanted: str) -> Iterator[ast.expr]:
    for key, entry in zip(node.keys, node.values, strict=True):
        said = key.value if isinstance(key, ast.Constant) else dotted(key) if key is not None else None
        if isinstance(said, str) and _plain(said.rpartition(".")[2]) == wanted:
            yield entry


def _others(scopes: tuple[Scope, ...], root: str) -> set[ast.AST]:
    """The dicts of other names, where it is known what binds the name that a value is looked up in."""
    made = [binding for scope in scopes for binding in scope.bindings.get(root, [])]
    if not made or any(binding.kind != "value" for binding in made):
        return set()
    given = {part.id for binding in made if isinstance(binding.node, ast.AST)
             for part in walk(binding.node) if isinstance(part, ast.Name)}  # fmt: skip
    bound = ((name, binding.node) for scope in scopes for name, found in scope.bindings.items() for binding in found)
    return {node for name, node in bound if name not in {root, *given} and isinstance(node, ast.Dict)}


def _names(node: ast.expr) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _plain(name: str) -> str:
    """A name without what people write differently: `batchSize`, `batch_size`, `BATCH_SIZE`."""
    return name.replace("_", "").replace("-", "").lower()
