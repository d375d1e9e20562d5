"""The symbol table of one script: scopes, what each name is bound to, and every call, with the tests around them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from index.files.tree import children

if TYPE_CHECKING:
    from index.facts.frames import Frame

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
ScopeNode = ast.Module | ast.ClassDef | FunctionNode
Loop = ast.For | ast.AsyncFor | ast.While
_GUARDS = 100  # around one statement; each is looked at wherever the statement is
_LEAVES = {ast.Name, ast.Constant}  # most expressions are, and they hold nothing
_PLAIN = {int, bool, str, type(None)}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_RATE = re.compile(r"(^|[._])(lr|eta|learning_?rate)$", re.IGNORECASE)


@dataclass(frozen=True)
class Guard:
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


@dataclass(eq=False, slots=True)
class CallSite:
    """One call expression, where it stands, and the loops and tests around it in its own function.

    `name` is the last part of what is called, "" where it has none.
    """

    node: ast.Call
    scope: Scope
    guards: tuple[Guard, ...] = ()
    loops: tuple[Loop, ...] = ()
    name: str = field(init=False)

    def __post_init__(self) -> None:
        function = self.node.func
        named = function.id if type(function) is ast.Name else ""
        self.name = function.attr if type(function) is ast.Attribute else named


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
    fixed: dict[str, str] = field(default_factory=dict)  # of a module: what names stand for that one import alone binds
    _named: dict[str, Scope] = field(default_factory=dict, repr=False)
    _counted: int = 0

    def __post_init__(self) -> None:
        self.is_class = isinstance(self.node, ast.ClassDef)
        self.module = self.parent.module if self.parent is not None else self
        self.class_around = self if self.is_class else self.parent.class_around if self.parent is not None else None

    @property
    def line(self) -> int:
        return getattr(self.node, "lineno", 1)

    @cached_property
    def globals(self) -> set[str]:
        """The names that a function binds in the module."""
        body = self.node.body if isinstance(self.node, ast.FunctionDef | ast.AsyncFunctionDef) else []
        return {name for statement in body if isinstance(statement, ast.Global) for name in statement.names}

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
        for scope in (*self.scopes, *self.by_node.values()):
            scope.__dict__.clear()

    @property
    def classes(self) -> list[Scope]:
        return [scope for scope in self.scopes if scope.is_class]

    @property
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


def written(node: ast.expr) -> str:
    """An expression as ast.unparse writes it, which takes fifty times as long for a name or a number."""
    if type(node) is ast.Name:
        return node.id
    if type(node) is ast.Constant and type(node.value) in _PLAIN and node.kind is None:
        return repr(node.value)
    if type(node) is ast.Attribute and type(node.value) in {ast.Name, ast.Attribute}:
        return f"{written(node.value)}.{node.attr}"
    return ast.unparse(node)


def build(tree: ast.Module) -> Program:
    """The symbol table of a module; RecursionError where the script nests deeper than Python itself allows."""
    builder = _Builder()
    module = Scope(tree, "<module>", None)
    builder.scopes.append(module)
    builder.by_node[tree] = module
    builder.block(tree.body, module, (), ())
    assigned: set[str] = set()
    for name in {name for scope in builder.scopes for name in scope.bindings if "." in name}:
        assigned.update(accumulate(name.split("."), "{}.{}".format))
    elsewhere = {name for scope in builder.scopes[1:] for name in scope.bindings}
    elsewhere |= assigned | {"self", "cls"}
    module.fixed = {
        name: str(first.node)
        for name, (first, *further) in module.bindings.items()
        if first.kind == "import" and not (first.guards or further or name in elsewhere) and first.scope is module
    }
    return Program(module, builder.scopes, builder.by_node, builder.counted, assigned)


class _Builder:
    def __init__(self) -> None:
        self.scopes: list[Scope] = []
        self.by_node: dict[ast.AST, Scope] = {}
        self.counted: set[str] = set()

    def block(self, body: list[ast.stmt], scope: Scope, guards: tuple[Guard, ...], loops: tuple[Loop, ...]) -> None:
        for statement in body:
            self.statement(statement, scope, guards, loops)
            if isinstance(statement, ast.If) and len(guards) < _GUARDS and not _refuses(statement):
                # `if not train: return` guards everything after it
                if _leaves(statement.body) and not _leaves(statement.orelse):
                    guards = (*guards, Guard(statement.test, False))
                elif statement.orelse and _leaves(statement.orelse) and not _leaves(statement.body):
                    guards = (*guards, Guard(statement.test, True))

    def changed(self, target: ast.expr, value: ast.expr, loops: tuple[Loop, ...], *, in_place: bool) -> bool:
        """Whether a statement binds nothing: the rate that a loop lowers is the one that it starts from.

        What is counted up or down is noted: `t += size` and `t = t + 1`, but not `x = x + self.block(x)`.
        """
        name = dotted(target)
        if not name or not isinstance(value, ast.BinOp) or dotted(value.left) != name:
            return False
        if isinstance(value.op, ast.Add | ast.Sub) and (in_place or isinstance(value.right, ast.Constant)):
            self.counted.add(name.split(".")[-1])
        return bool(loops) and _RATE.search(name) is not None

    def statement(self, node: ast.stmt, scope: Scope, guards: tuple[Guard, ...], loops: tuple[Loop, ...]) -> None:
        match node:
            case ast.Expr():
                self.expression(node.value, scope, guards, loops)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for decorator in node.decorator_list:
                    self.expression(decorator, scope, guards, loops)
                self.bind(scope, node.name, "definition", node, node.lineno, guards=guards)
                self.function(node, node.name, scope)
            case ast.ClassDef():
                for expression in [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]:
                    self.expression(expression, scope, guards, loops)
                self.bind(scope, node.name, "definition", node, node.lineno, guards=guards)
                inner = self.scope(node, node.name, scope)
                self.block(node.body, inner, (), ())
            case ast.Assign():
                self.expression(node.value, scope, guards, loops)
                if self.changed(node.targets[0], node.value, loops, in_place=False):
                    return
                for target in node.targets:
                    self.target(target, "value", node.value, scope, guards)
            case ast.AnnAssign():
                if node.value is not None:
                    self.expression(node.value, scope, guards, loops)
                    self.target(node.target, "value", node.value, scope, guards)
                elif scope.is_class and isinstance(node.target, ast.Name):
                    self.bind(scope, node.target.id, "parameter", node.target.id, node.lineno, guards=guards)
            case ast.AugAssign():
                self.expression(node.value, scope, guards, loops)
                left = ast.copy_location(_as_load(node.target), node)
                changed = ast.copy_location(ast.BinOp(left, node.op, node.value), node)
                if not self.changed(node.target, changed, loops, in_place=True):
                    self.target(node.target, "value", changed, scope, guards)
            case ast.For() | ast.AsyncFor():
                self.expression(node.iter, scope, guards, loops)
                self.target(node.target, "element", node.iter, scope, guards)
                self.block(node.body, scope, guards, (*loops, node))
                self.block(node.orelse, scope, guards, loops)
            case ast.While():
                self.expression(node.test, scope, guards, loops)
                self.block(node.body, scope, (*guards, Guard(node.test, True)), (*loops, node))
                self.block(node.orelse, scope, guards, loops)
            case ast.If():
                self.expression(node.test, scope, guards, loops)
                self.block(node.body, scope, (*guards, Guard(node.test, True)), loops)
                self.block(node.orelse, scope, (*guards, Guard(node.test, False)), loops)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self.expression(item.context_expr, scope, guards, loops)
                    if item.optional_vars is not None:
                        self.target(item.optional_vars, "value", item.context_expr, scope, guards)
                self.block(node.body, scope, guards, loops)
            case ast.Try() | ast.TryStar():
                self.block(node.body, scope, guards, loops)
                for handler in node.handlers:
                    self.block(handler.body, scope, (*guards, Guard(ast.Name("<raised>"), True)), loops)
                self.block(node.orelse, scope, guards, loops)
                self.block(node.finalbody, scope, guards, loops)
            case ast.Import():
                for alias in node.names:
                    name = alias.asname or alias.name.split(".")[0]
                    whole = alias.name if alias.asname else name
                    self.bind(scope, name, "import", whole, node.lineno, guards=guards)
            case ast.ImportFrom():
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}" if node.module else alias.name
                    self.bind(scope, alias.asname or alias.name, "import", whole, node.lineno, guards=guards)
            case ast.Return():
                if node.value is not None:
                    self.expression(node.value, scope, guards, loops)
                    scope.returns.append((node.value, guards))
            case ast.Match():
                self.expression(node.subject, scope, guards, loops)
                for case in node.cases:
                    unknown = Guard(ast.Name("<matched>"), True)
                    self.block(case.body, scope, (*guards, unknown), loops)
            case _:
                for child in children(node):
                    if isinstance(child, ast.expr):
                        self.expression(child, scope, guards, loops)

    def expression(self, node: ast.expr, scope: Scope, guards: tuple[Guard, ...], loops: tuple[Loop, ...]) -> None:
        while type(node) is ast.Attribute:  # holds what it begins with
            node = node.value
        kind = type(node)
        if kind in _LEAVES:
            return
        if type(node) is ast.Call:
            # arguments run before the call they belong to
            for part in (node.func, *node.args, *(keyword.value for keyword in node.keywords)):
                if type(part) not in _LEAVES:
                    self.expression(part, scope, guards, loops)
            scope.calls.append(CallSite(node, scope, guards, loops))
            return
        match node:
            case ast.Lambda():
                inner = self.function(node, "<lambda>", scope)
                inner.returns.append((node.body, ()))
                return
            case ast.IfExp():
                self.expression(node.test, scope, guards, loops)
                self.expression(node.body, scope, (*guards, Guard(node.test, True)), loops)
                self.expression(node.orelse, scope, (*guards, Guard(node.test, False)), loops)
                return
            case ast.NamedExpr():
                self.target(node.target, "value", node.value, scope, guards)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for generator in node.generators:
                    self.target(generator.target, "element", generator.iter, scope, guards)
                    self.expression(generator.iter, scope, guards, loops)
                    for test in generator.ifs:
                        self.expression(test, scope, guards, loops)
                parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
                for part in parts:
                    self.expression(part, scope, guards, loops)
                return
            case _:
                pass
        for child in children(node):
            if type(child) not in _LEAVES and isinstance(child, ast.expr):
                self.expression(child, scope, guards, loops)

    def function(self, node: FunctionNode, name: str, parent: Scope) -> Scope:
        inner = self.scope(node, name, parent)
        arguments = node.args
        for default in [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]:
            self.expression(default, parent, (), ())
        rest = [arguments.kwarg] if arguments.kwarg is not None else []
        for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]:
            self.bind(inner, argument.arg, "parameter", argument.arg, argument.lineno)
        if isinstance(node, ast.Lambda):
            self.expression(node.body, inner, (), ())
        else:
            self.block(node.body, inner, (), ())
        return inner

    def scope(self, node: ScopeNode, name: str, parent: Scope) -> Scope:
        inner = Scope(node, name, parent)
        parent.children.append(inner)
        self.scopes.append(inner)
        self.by_node[node] = inner
        return inner

    def target(
        self,
        target: ast.expr,
        kind: Literal["value", "element"],
        value: ast.expr,
        scope: Scope,
        guards: tuple[Guard, ...],
        path: tuple[int, ...] = (),
    ) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for index, part in enumerate(target.elts):
                self.target(part, kind, value, scope, guards, (*path, index))
            return
        name = dotted(target)
        if name is not None:
            self.bind(scope, name, kind, value, target.lineno, path, guards)

    def bind(
        self,
        scope: Scope,
        name: str,
        kind: Literal["value", "element", "parameter", "import", "definition"],
        node: ast.AST | str,
        line: int,
        path: tuple[int, ...] = (),
        guards: tuple[Guard, ...] = (),
    ) -> None:
        home = scope
        if name in scope.globals:
            home = self.scopes[0]
        home.bindings.setdefault(name, []).append(Binding(kind, line, node, scope, path, guards))


def _as_load(target: ast.expr) -> ast.expr:
    """The target of `x += 1` as an expression that reads x."""
    match target:
        case ast.Name():
            return ast.Name(target.id, ast.Load())
        case ast.Attribute():
            return ast.Attribute(target.value, target.attr, ast.Load())
        case ast.Subscript():
            return ast.Subscript(target.value, target.slice, ast.Load())
        case _:
            return target


def _refuses(statement: ast.If) -> bool:
    """Whether a test only refuses settings that cannot be: whoever runs the script gives others."""
    return any(body and isinstance(body[-1], ast.Raise) for body in (statement.body, statement.orelse))


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether a block never runs into what follows it."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break):
        return True
    return (
        isinstance(last, ast.Expr)
        and isinstance(last.value, ast.Call)
        and dotted(last.value.func) in {"sys.exit", "exit", "quit", "os._exit"}
    )
