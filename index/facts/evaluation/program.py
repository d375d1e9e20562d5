"""The symbol table of one script: scopes, what each name is bound to, and every call, with the tests around them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from index.facts.evaluation.frames import Frame

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
ScopeNode = ast.Module | ast.ClassDef | FunctionNode
Loop = ast.For | ast.AsyncFor | ast.While
_PLAIN = {int, bool, str, type(None)}
_ALONE = {ast.Name, ast.Attribute, ast.Call}  # what is written as it is, whatever is written behind it
_OPERANDS = {*_ALONE, ast.Constant, ast.Subscript}
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//",
                                         ast.Mod: "%", ast.MatMult: "@"}  # fmt: skip
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Guard(NamedTuple):
    """A statement under it runs only where `test` comes out as `wanted`."""

    test: ast.expr
    wanted: bool


@dataclass(eq=False, slots=True)
class Binding:
    """One way a name gets its value. `path` are the indices of a tuple unpacking; `node` of an import is its name."""

    kind: Literal["value", "element", "parameter", "import", "definition"]
    line: int
    node: ast.AST | str
    scope: Scope
    path: tuple[int, ...] = ()
    guards: tuple[Guard, ...] = ()


@dataclass(eq=False, slots=True, init=False)
class CallSite:
    """One call expression, where it stands, and the loops and tests around it in its own function.

    `name` is the last part of what is called, "" where it has none.
    """

    node: ast.Call
    scope: Scope
    guards: tuple[Guard, ...]
    loops: tuple[Loop, ...]
    name: str

    def __init__(
        self, node: ast.Call, scope: Scope, guards: tuple[Guard, ...] = (), loops: tuple[Loop, ...] = ()
    ) -> None:
        self.node, self.scope, self.guards, self.loops = node, scope, guards, loops
        function = node.func
        if type(function) is ast.Attribute:
            self.name = function.attr
        else:
            self.name = function.id if type(function) is ast.Name else ""


@dataclass(eq=False)
class Scope:
    """A module, class or function. Names are kept dotted: `args.lr = 1` binds "args.lr" here."""

    node: ScopeNode
    name: str
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    calls: list[CallSite] = field(default_factory=list)
    returns: list[tuple[ast.expr, tuple[Guard, ...]]] = field(default_factory=list)
    children: list[Scope] = field(default_factory=list)
    frames: dict[tuple[ast.Call | None, Frame | None], Frame] = field(default_factory=dict, repr=False)
    is_class: bool = field(init=False)
    module: Scope = field(init=False, repr=False)  # that it stands in: the script's own, or one beside it
    class_around: Scope | None = field(init=False, repr=False)  # the innermost one, itself if it is one
    globals: set[str] = field(init=False, repr=False)  # names that a function binds in the module
    fixed: dict[str, str] = field(default_factory=dict)  # of a module: what names stand for that one import alone binds
    _named: dict[str, Scope] = field(default_factory=dict, repr=False)
    _counted: int = 0

    def __post_init__(self) -> None:
        self.is_class = isinstance(self.node, ast.ClassDef)
        self.module = self.parent.module if self.parent is not None else self
        self.class_around = self if self.is_class else self.parent.class_around if self.parent is not None else None
        body = self.node.body if isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef) else []
        self.globals = {name for statement in body if type(statement) is ast.Global for name in statement.names}

    @property
    def line(self) -> int:
        return getattr(self.node, "lineno", 1)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where a call of the function gives each of its parameters: 0 for the first, of a method the one after
        `self`."""
        node = self.node
        if not isinstance(node, _FUNCTIONS):
            return {}
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
        static = isinstance(node, ast.FunctionDef) and any(dotted(d) == "staticmethod" for d in node.decorator_list)
        return {name: index for index, name in enumerate(names[1:] if self.owner is not None and not static else names)}

    @cached_property
    def rest(self) -> str | None:
        """The name under which a function takes what it is given by other names: `**kwargs`."""
        node = self.node
        return node.args.kwarg.arg if isinstance(node, _FUNCTIONS) and node.args.kwarg is not None else None

    @property
    def owner(self) -> Scope | None:
        """The class whose method this is."""
        return self.parent if self.parent is not None and self.parent.is_class and not self.is_class else None

    def method(self, name: str) -> Scope | None:
        """The function or class of that name directly inside, the last one defined."""
        if self._counted != len(self.children):  # made anew while the scope still grows
            self._named = {child.name: child for child in self.children}
            self._counted = len(self.children)
        return self._named.get(name)

    def within(self) -> list[Scope]:
        """Every scope inside, at any depth."""
        return [inner for child in self.children for inner in (child, *child.within())]


@dataclass(eq=False)
class Program:
    """All scopes of a script, the module's first, and every call in the order of the text."""

    module: Scope
    scopes: list[Scope]
    by_node: dict[ast.AST, Scope]
    counted: set[str]  # names and attributes that some statement counts up or down: `self.steps += 1`
    assigned: set[str]  # dotted names that some statement binds, `args.lr = 1`, and what they begin with

    def release(self) -> None:
        """Takes apart what holds itself, so that its memory is free at once: to wait for the collector costs more than
        to parse the script. Nothing of it is to be used any more."""
        for scope in self.scopes:
            scope.__dict__.clear()

    def leave(self) -> None:
        """Forgets who called what: the next script that follows it does so by calls of its own."""
        for scope in self.scopes:
            scope.frames.clear()

    @cached_property
    def imports(self) -> list[Binding]:
        """Everything that the script imports, wherever in it."""
        every = (binding for scope in self.scopes for bindings in scope.bindings.values() for binding in bindings)
        return [binding for binding in every if binding.kind == "import"]

    @cached_property
    def given(self) -> set[str]:
        """The names by which calls are given something."""
        sites = (site for scope in self.scopes for site in scope.calls)
        return {keyword.arg for site in sites for keyword in site.node.keywords if keyword.arg is not None}

    @property
    def names(self) -> set[str]:
        """All that something of the script is called: what its scopes bind, `self.net` as "net", and what calls are
        given by name."""
        return self.given.union(name.rpartition(".")[2] for scope in self.scopes for name in scope.bindings)

    @cached_property
    def calls(self) -> list[ast.Call]:
        """Every call, scope by scope."""
        return [site.node for scope in self.scopes for site in scope.calls]

    @cached_property
    def classes(self) -> list[Scope]:
        return [scope for scope in self.scopes if scope.is_class]

    @cached_property
    def functions(self) -> list[Scope]:
        return [scope for scope in self.scopes if isinstance(scope.node, _FUNCTIONS)]


def dotted(node: ast.AST) -> str | None:
    """`a.b["c"]` → "a.b.c"; None for anything that is not a chain of names and constant string keys."""
    if type(node) is ast.Name:  # most are, and of all functions this one is called most
        return node.id
    text = ""
    while True:
        if type(node) is ast.Attribute:
            text = f".{node.attr}{text}"
            node = node.value
        elif type(node) is ast.Name:
            return node.id + text
        elif type(node) is ast.Subscript and type(node.slice) is ast.Constant and type(node.slice.value) is str:
            text = f".{node.slice.value}{text}"
            node = node.value
        else:
            return None


def last_name(node: ast.AST) -> str:
    """`a.b["c"]` → "c"; "" for anything that is not such a chain."""
    return (dotted(node) or "").split(".")[-1]


def written(node: ast.expr) -> str:
    """An expression as ast.unparse writes it, which takes ten times as long for what most are."""
    if type(node) is ast.Name:
        return node.id
    if type(node) is ast.Constant and type(node.value) in _PLAIN and node.kind is None:
        return repr(node.value)
    if type(node) is ast.Attribute and type(node.value) in _ALONE:
        return f"{written(node.value)}.{node.attr}"
    if type(node) is ast.Call and type(node.func) in _ALONE:
        given = [*map(written, node.args)]
        given += [(f"{part.arg}=" if part.arg else "**") + written(part.value) for part in node.keywords]
        return f"{written(node.func)}({', '.join(given)})"
    if type(node) is ast.BinOp and type(node.op) in _SIGNS and {type(node.left), type(node.right)} <= _OPERANDS:
        return f"{written(node.left)} {_SIGNS[type(node.op)]} {written(node.right)}"
    return ast.unparse(node)
