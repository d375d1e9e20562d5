"""The outline of a model: its classes as a tree of the layers they build, with the shapes that are literal."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import Scope, dotted, written
from index.facts.network.layers import FAMILIES, Census
from index.record import Part

_MOST = 400  # parts of one outline
_DEPTH = 5
_OTHER = Identifiers(
    r"optim|criterion|loss|scheduler|tokenizer|logger|metric|device|memory|buffer|config", re.IGNORECASE
)
_BUILT = {ast.Name, ast.List, ast.Call}  # what may be a part
_BUILDERS = ("__init__", "setup", "build", "__call__", "forward")


def read(analysis: Analysis, census: Census, trained: str | None) -> tuple[Part, ...]:
    """The trained classes first, then the others that are no part of them; of a script without classes, its layers."""
    wanted = (trained or "").split(" / ")
    names = {model.name: model for model in census.models}
    first = [names[name] for name in wanted if name in names]
    maker = _Maker(analysis, names, census)
    found = [maker.of_class(model, "", model.line, 0) for model in first or _whole(analysis, census, names)]
    return tuple(found) if found else tuple(maker.of_module(census))


def _whole(analysis: Analysis, census: Census, names: dict[str, Scope]) -> list[Scope]:
    """The classes that are no part of another one."""
    mentions = [node for node in analysis.source.of(ast.Name) if node.id in names]
    inner = {node.id for model in census.models for node in mentions if node.id != model.name and _within(model, node)}
    return [model for model in census.models if model.name not in inner]


def _within(model: Scope, node: ast.Name) -> bool:
    """Whether a name stands in a class, its decorators included."""
    assert isinstance(model.node, ast.ClassDef)
    first = min([model.line, *(decorator.lineno for decorator in model.node.decorator_list)])
    return first <= node.lineno <= (model.node.end_lineno or first)


class _Maker:
    def __init__(self, analysis: Analysis, classes: dict[str, Scope], census: Census) -> None:
        self._analysis = analysis
        self._classes = classes
        self._census = census
        self._left = _MOST
        self._inside: Scope | None = None  # the constructor that is being read

    def of_class(self, model: Scope, attribute: str, line: int, depth: int) -> Part:
        """A class with what its constructor (or its compact call) assigns and builds."""
        self._left -= 1
        parts: list[Part] = []
        method = next((found for name in _BUILDERS if (found := model.method(name)) is not None), None)
        if method is not None and depth < _DEPTH:
            body = getattr(method.node, "body", [])
            outer, self._inside = self._inside, method
            for node in body if isinstance(body, list) else []:
                parts += self._statement(node, depth)
            self._inside = outer
        return Part(attribute, model.name, line, tuple(parts))

    def of_module(self, census: Census) -> list[Part]:
        """The layers of a model that is put together without a class."""
        families = (sites for family, sites in census.sites.items() if family != "joining")
        sites = sorted((site for sites in families for _, site in sites), key=lambda s: s.node.lineno)
        calls = {id(site.node): site.node for site in sites}
        return [Part("", _shown(call), call.lineno) for call in list(calls.values())[:_MOST]]

    def _statement(self, statement: ast.stmt, depth: int) -> list[Part]:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
            name = (dotted(target) or "").removeprefix("self.")
            return self._value(statement.value, name, depth) if not _OTHER.search(name) else []
        if isinstance(statement, ast.Return | ast.Expr) and statement.value is not None:
            return self._value(statement.value, "", depth)
        inside = [*getattr(statement, "body", []), *getattr(statement, "orelse", [])]
        nested = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return [part for node in inside if not isinstance(statement, nested) for part in self._statement(node, depth)]

    def _value(self, node: ast.expr, name: str, depth: int) -> list[Part]:
        if isinstance(node, ast.Name):
            return self._given(node, name, depth)
        if isinstance(node, ast.List) and node.elts and depth < _DEPTH:
            found = [part for element in node.elts for part in self._value(element, "", depth + 1)]
            return [Part(name, "list", node.lineno, tuple(found))] if found else []
        if not isinstance(node, ast.Call) or self._left <= 0 or depth > _DEPTH:
            return []
        called = (dotted(node.func) or "").split(".")[-1]
        if isinstance(node.func, ast.Call):  # flax: nn.Dense(128)(x)
            return self._value(node.func, name, depth)
        own = self._classes.get(called)
        if own is not None:
            return [self.of_class(own, name, node.lineno, depth + 1)]
        if called in {"append", "add"} and node.args:
            return self._value(node.args[0], (dotted(node.func) or "").removeprefix("self.").rpartition(".")[0], depth)
        if called == "ModuleList" and not any(_elements(part) for part in node.args):
            return []  # what is appended to it is shown where that is done
        if not called[:1].isupper():
            return self._made(node, name, depth)
        self._left -= 1
        inner: list[Part] = []
        for part in node.args:
            for element in _elements(part):
                if type(element) in _BUILT:
                    inner += self._value(element, "", depth + 1)
        return [Part(name, called if inner else _shown(node), node.lineno, tuple(inner))]

    def _made(self, call: ast.Call, name: str, depth: int) -> list[Part]:
        """The layers that a function of the script makes: `*block(64, 128)`, `self.up = up(64, 32)`."""
        scope, resolver = self._inside, self._analysis.evaluator.resolver
        if scope is None or depth >= _DEPTH:
            return []
        function = resolver.own(call.func, Frame(scope))
        if function is None and isinstance(call.func, ast.Attribute):
            function = resolver.method_called(call.func, Frame(scope))
        if function is None or function.is_class or function is scope or not self._census.within(function, *FAMILIES):
            return []
        self._left -= 1
        self._inside = function
        body = getattr(function.node, "body", [])
        found = [part for node in body for part in self._statement(node, depth + 1)] if isinstance(body, list) else []
        self._inside = scope
        layers = [layer for part in found for layer in (part.parts if part.what == "list" else (part,))]
        inner = tuple(Part("", layer.what, layer.line, layer.parts) for layer in layers)
        return [Part(name, _shown(call), call.lineno, inner)] if inner else []

    def _given(self, node: ast.Name, name: str, depth: int) -> list[Part]:
        """A part that the constructor is handed: `self.encoder = encoder`, made where the class is built."""
        scope = self._inside
        if scope is None or depth >= _DEPTH:
            return []
        for origin in self._analysis.evaluator.resolver.follow(node, Frame(scope)):
            made = self._analysis.evaluator.resolver.instance_of(origin)
            if made is not None and self._classes.get(made.name) is made and scope.parent is not made:
                return [self.of_class(made, name, node.lineno, depth + 1)]
        return []


def _elements(node: ast.expr) -> list[ast.expr]:
    """The parts of a list handed to a container; of `[Block() for _ in range(n)]` the one that is repeated."""
    if type(node) is ast.Starred:
        node = node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return node.elts
    return [node.elt] if isinstance(node, (ast.ListComp, ast.GeneratorExp)) else [node]


def _shown(call: ast.Call) -> str:
    """`Conv2d(1, 32, 3, padding=1)`: the call as written, its module left out."""
    called = (dotted(call.func) or written(call.func)).split(".")[-1]
    given = [written(part) for part in call.args]
    given += [f"{keyword.arg}={written(keyword.value)}" for keyword in call.keywords if keyword.arg]
    text = f"{called}({', '.join(given)})".encode("utf-8", "replace").decode()
    return text if len(text) <= 90 else text[:89] + "…"
