"""What the names of a script stand for: its own classes, functions and methods, and who calls them."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable

from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.known_calls import VALIDATES
from index.facts.evaluation.program import CallSite, Program, Scope, dotted

_ANCESTORS = 32
_NAMED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)  # made once: this is asked most of all
_DEFINED = {*_NAMED, ast.Lambda}


class Definitions(ABC):
    """The definitions of one program, found by following expressions."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._sites: dict[Scope, list[CallSite]] | None = None
        self._complete = False  # whether these are all
        self._inherited: dict[Scope, list[Scope]] = {}
        # Where following leads to nothing else: the methods of all classes, all that anything of the script is called,
        # and of that what may stand for a class or function.
        self._methods: set[str] | None = None
        self._own: set[str] | None = None
        self._leading: set[str] | None = None
        self.handed = (
            True  # whether the script uses any of its functions and classes but to call it, or inherit from it
        )
        self._alone = False  # whether the script imports libraries alone

    @abstractmethod
    def follow(self, node: ast.expr, frame: Frame) -> list[Origin]:
        """All the places the value of an expression may come from."""

    def name(self, node: ast.expr, frame: Frame) -> str:
        """The full dotted name of what an expression refers to ("torch.optim.Adam"), "" when it is not one."""
        imported = self._imported_name(node, frame.scope.module)
        if imported:
            return imported
        for origin in self.follow(node, frame):
            if origin.name:
                return origin.name
            if isinstance(origin.node, _NAMED):
                return origin.node.name
        return dotted(node) or (node.attr if isinstance(node, ast.Attribute) else "")

    def _imported_name(self, node: ast.expr, module: Scope) -> str:
        """The full name of what one import of a library alone binds, as the text has it; "" for any other."""
        if not self._alone:
            return ""
        rest = ""
        while type(node) is ast.Attribute:
            rest = f".{node.attr}{rest}"
            node = node.value
        whole = module.fixed.get(node.id) if type(node) is ast.Name else None
        return whole + rest if whole is not None and "FLAGS" not in whole + rest else ""  # those are options

    def definition(self, node: ast.expr, frame: Frame) -> Scope | None:
        """The class or function of this script that an expression refers to, seen through jit and the like."""
        return next(iter(self.definitions(node, frame)), None)

    def definitions(self, node: ast.expr, frame: Frame) -> list[Scope]:
        """All of them, where a name may stand for one or another: each branch imports its own."""
        if self.foreign(node):
            return []
        defined = [o.node for o in self.follow(node, frame) if type(o.node) in _DEFINED]
        if not defined:  # as mostly
            return []
        scopes = map(self.program.by_node.get, dict.fromkeys(defined))
        return [scope for scope in scopes if scope is not None]

    def foreign(self, node: ast.expr) -> bool:
        """Whether the name of an expression is that of no class or function of the script."""
        if self._leading is None:
            return False
        if type(node) is ast.Attribute:
            return node.attr not in self._leading
        return type(node) is ast.Name and node.id not in self._leading

    def own(self, node: ast.expr, frame: Frame) -> Scope | None:
        """The class or function that the script itself defines; None where it is another file's."""
        scope = self.definition(node, frame)
        return scope if scope is not None and scope.module is self.program.module else None

    def call_sites(self, scope: Scope) -> list[CallSite]:
        """Every call of a function, or of a class, that the text shows."""
        if self._sites is None:
            sites = [site for caller in self.program.scopes for site in caller.calls]
            named = [self._named_callee(site) for site in sites]
            # to follow the others asks who calls what: until they are known that is told of these, wherever they stand
            self._sites = _by_callee(sites, named)
            followed = (callee or self._callee(site) for site, callee in zip(sites, named, strict=True))
            self._sites = _by_callee(sites, followed)
            self._complete = True
        return self._sites.get(scope, [])

    def _named_callee(self, site: CallSite) -> Scope | None:
        """What is called by the very name that it was defined under."""
        function = site.node.func
        if isinstance(function, ast.Name) and not self.foreign(function):
            return self.static(function.id, site.scope)
        return None

    def _callee(self, site: CallSite) -> Scope | None:
        function = site.node.func
        if self.foreign(function):
            return None
        if isinstance(function, ast.Name):
            return self.definition(function, Frame(site.scope))
        if isinstance(function, ast.Attribute) and (self._methods is None or function.attr in self._methods):
            return self.method_called(function, Frame(site.scope))
        return None

    def method_called(self, function: ast.Attribute, frame: Frame) -> Scope | None:
        """The method of a class of this script that `base.method` means, when the base can be known."""
        if self._methods is not None and function.attr not in self._methods:
            return None
        if isinstance(function.value, ast.Name) and function.value.id in {"self", "cls"}:
            owner = frame.scope.class_around
            return self.member(owner, function.attr) if owner else None
        if isinstance(function.value, ast.Call) and dotted(function.value.func) == "super":
            owner = frame.scope.class_around
            return self._method(self.bases(owner), function.attr) if owner else None
        for origin in self.follow(function.value, frame):
            owner = self.instance_of(origin)
            if owner is not None:
                return self.member(owner, function.attr)
        return None

    def object_called(self, function: ast.expr, frame: Frame) -> Scope | None:
        """The `__call__` of the object of this script that an expression stands for, or the `forward` that trains as it
        runs, as those of meta-learners do: `losses = maml(x_support, y_support, x_query, y_query)`."""
        if self._methods is not None and self._methods.isdisjoint({"__call__", "forward"}):
            return None
        for origin in self.follow(function, frame):
            owner = self.instance_of(origin) if isinstance(origin.node, ast.Call) else None
            if owner is not None:
                ahead = self.member(owner, "forward")
                trains = ahead is not None and {"backward", "step"} <= {site.name for site in ahead.calls}
                return self.member(owner, "__call__") or (ahead if trains else None)
        return None

    def instance_of(self, origin: Origin) -> Scope | None:
        """The class of this script that an origin is, or makes an object of."""
        kind = type(origin.node)
        if kind is ast.ClassDef:
            return self.program.by_node.get(origin.node)
        if isinstance(origin.node, ast.Call):
            made = origin.node.func
            if (
                isinstance(made, ast.Attribute) and made.attr in VALIDATES
            ):  # Settings.model_validate(given), of pydantic
                made = made.value
            scope = self.definition(made, origin.frame)
            return scope if scope is not None and scope.is_class else None
        return None

    def bases(self, scope: Scope) -> list[Scope]:
        """The classes of this script that a class inherits from, nearest first."""
        if scope not in self._inherited:
            seen, pending = [scope], self._parents(scope)
            # names that are bound again make classes that seem to inherit from each other
            while pending and len(seen) < _ANCESTORS:
                parent = pending.pop(0)
                if parent not in seen:
                    seen.append(parent)
                    pending = self._parents(parent) + pending
            self._inherited[scope] = seen[1:]
        return self._inherited[scope]

    def _parents(self, scope: Scope) -> list[Scope]:
        if not isinstance(scope.node, ast.ClassDef):
            return []
        named = [self._base(base, scope) for base in scope.node.bases if isinstance(base, ast.Name | ast.Attribute)]
        return [parent for parent in named if parent is not None]

    def _base(self, base: ast.Name | ast.Attribute, scope: Scope) -> Scope | None:
        return self.static(base.id, scope.parent) if isinstance(base, ast.Name) else None

    def member(self, owner: Scope, name: str) -> Scope | None:
        """A method of a class, its own or inherited."""
        return self._method([owner, *self.bases(owner)], name)

    def _method(self, owners: list[Scope], name: str) -> Scope | None:
        for scope in owners:
            method = scope.method(name)
            if method is not None:
                return method
        return None

    def static(self, name: str, scope: Scope | None) -> Scope | None:
        """The class or function a plain name was defined as, without following values."""
        while scope is not None:
            for binding in reversed(scope.bindings.get(name, [])):
                if binding.kind == "definition" and isinstance(binding.node, ast.AST):
                    return self.program.by_node.get(binding.node)
                return None
            scope = scope.parent
        return None


def in_script(line: int, frame: Frame) -> int:
    """A line of what a frame runs, as a line of the script: of another file, that of the call that led there."""
    outermost = frame
    while outermost.caller is not None:
        outermost = outermost.caller
    script, step = outermost.scope.module, frame
    while step.scope.module is not script and step.call is not None and step.caller is not None:
        line, step = step.call.node.lineno, step.caller
    return line


def _by_callee(sites: Iterable[CallSite], callees: Iterable[Scope | None]) -> dict[Scope, list[CallSite]]:
    found: dict[Scope, list[CallSite]] = {}
    for site, callee in zip(sites, callees, strict=True):
        if callee is not None:
            found.setdefault(callee, []).append(site)
    return found
