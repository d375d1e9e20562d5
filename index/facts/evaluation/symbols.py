"""Finds the symbols of a script: what binds each name, and every call, with the tests and loops around it."""

from __future__ import annotations

import ast
import re
from itertools import accumulate
from typing import Literal

from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.libraries import LENT, LIBRARIES
from index.facts.evaluation.program import (
    Binding,
    CallSite,
    FunctionNode,
    Guard,
    Loop,
    Program,
    Scope,
    ScopeNode,
    dotted,
)
from index.files.tree import children

_GUARDS = 100  # around one statement; each is looked at wherever the statement is
_LEAVES = {ast.Name, ast.Constant}  # most expressions are, and they hold nothing
# Expressions that bind a name, or guard what is in them.
_BINDING = {ast.Lambda, ast.IfExp, ast.NamedExpr, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp}
_RATE = Identifiers(r"(^|[._])(lr|eta|learning_?rate)$", re.IGNORECASE)


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
        match node:  # the most frequent ones first
            case ast.Assign():
                self.expression(node.value, scope, guards, loops)
                if self.changed(node.targets[0], node.value, loops, in_place=False):
                    return
                for target in node.targets:
                    self.target(target, "value", node.value, scope, guards)
            case ast.Expr():
                self.expression(_of_base(node.value, scope), scope, guards, loops)
            case ast.Return():
                if node.value is not None:
                    self.expression(node.value, scope, guards, loops)
                    scope.returns.append((node.value, guards))
            case ast.If():
                self.expression(node.test, scope, guards, loops)
                self.block(node.body, scope, (*guards, Guard(node.test, True)), loops)
                self.block(node.orelse, scope, (*guards, Guard(node.test, False)), loops)
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
                own = node.level > 0 or (node.module or "").partition(".")[0] not in LIBRARIES
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}" if node.module else alias.name
                    if own and alias.asname is None:  # from .utils import tf
                        whole = LENT.get(alias.name, whole)
                    self.bind(scope, alias.asname or alias.name, "import", whole, node.lineno, guards=guards)
            case ast.Match():
                self.expression(node.subject, scope, guards, loops)
                before: tuple[Guard, ...] = ()
                for case in node.cases:
                    test = _matched(node.subject, case)
                    self.block(case.body, scope, (*guards, *before, Guard(test, True)), loops)
                    before = (*before, Guard(test, False))[-_GUARDS // 2 :]
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
            if type(node.func) not in _LEAVES:
                self.expression(node.func, scope, guards, loops)
            for part in node.args:
                if type(part) not in _LEAVES:
                    self.expression(part, scope, guards, loops)
            for keyword in node.keywords:
                if type(keyword.value) not in _LEAVES:
                    self.expression(keyword.value, scope, guards, loops)
            scope.calls.append(CallSite(node, scope, guards, loops))
            return
        if kind not in _BINDING:
            for child in children(node):
                if type(child) not in _LEAVES and isinstance(child, ast.expr):
                    self.expression(child, scope, guards, loops)
            return
        match node:
            case ast.Lambda():
                inner = self.function(node, "<lambda>", scope)
                inner.returns.append((node.body, ()))
            case ast.IfExp():
                self.expression(node.test, scope, guards, loops)
                self.expression(node.body, scope, (*guards, Guard(node.test, True)), loops)
                self.expression(node.orelse, scope, (*guards, Guard(node.test, False)), loops)
            case ast.NamedExpr():
                self.target(node.target, "value", node.value, scope, guards)
                self.expression(node.value, scope, guards, loops)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for generator in node.generators:
                    self.target(generator.target, "element", generator.iter, scope, guards)
                    self.expression(generator.iter, scope, guards, loops)
                    for test in generator.ifs:
                        self.expression(test, scope, guards, loops)
                parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
                for part in parts:
                    self.expression(part, scope, guards, loops)

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


def _of_base(made: ast.expr, scope: Scope) -> ast.expr:
    """`Base.__init__(self, rate)` of a class with that base alone as what it is: `super().__init__(rate)`."""
    owner = scope.owner.node if scope.owner is not None and isinstance(made, ast.Call) else None
    bases = owner.bases if isinstance(owner, ast.ClassDef) else []
    if not isinstance(made, ast.Call) or not isinstance(made.func, ast.Attribute) or len(bases) != 1 or not made.args:
        return made
    if made.func.attr != "__init__" or dotted(made.func.value) != dotted(bases[0]) or dotted(made.args[0]) != "self":
        return made
    base = ast.copy_location(ast.Call(ast.copy_location(ast.Name("super", ast.Load()), made), [], []), made)
    function = ast.copy_location(ast.Attribute(base, "__init__", ast.Load()), made)
    return ast.copy_location(ast.Call(function, made.args[1:], made.keywords), made)


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


def _matched(subject: ast.expr, case: ast.match_case) -> ast.expr:
    """What a case asks: whether the subject is one of some constants; anything is what is left. Any other is open."""
    patterns = case.pattern.patterns if isinstance(case.pattern, ast.MatchOr) else [case.pattern]
    values = [pattern.value for pattern in patterns if isinstance(pattern, ast.MatchValue)]
    if case.guard is None and len(values) == len(patterns):
        return ast.copy_location(ast.Compare(subject, [ast.In()], [ast.Tuple(values, ast.Load())]), subject)
    if case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None:
        return ast.copy_location(ast.Constant(1), subject)
    return ast.Name("<matched>")


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
