"""What an attribute or a key of a value is: a field of an object, an entry of a dict, an option, a configuration."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from index.facts import options
from index.facts.definitions import Definitions
from index.facts.frames import Frame, Origin
from index.facts.known_calls import RECORDS
from index.facts.program import Binding, CallSite, Program, Scope, dotted


class Records(Definitions):
    """Looks keys up in what following found."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.options = options.Options(program)
        self._active: set[tuple[Any, ...]] = set()

    @abstractmethod
    def _live(self, bindings: list[Binding], before: int, frame: Frame) -> list[Binding]:
        """The bindings that may be in force at a line."""

    @abstractmethod
    def _bound(self, bindings: list[Binding], frame: Frame) -> list[Origin]:
        """What the bindings stand for."""

    @abstractmethod
    def _assigned(self, text: str, line: int, frame: Frame) -> list[Origin]:
        """What was assigned to a dotted name before a line."""

    def _key(self, origin: Origin, key: str) -> list[Origin]:
        """`.key` or `["key"]` of one origin; empty when it is not known."""
        node, frame = origin.node, origin.frame
        for alias, where in origin.aliases:
            assigned = self._assigned(f"{alias.id}.{key}", alias.lineno, where)
            if assigned:
                return assigned
        if origin.name:
            if origin.name.endswith("FLAGS"):
                return self._option(self.options.flag(key))
            return [Origin(node, frame, name=f"{origin.name}.{key}")]
        if isinstance(node, ast.Dict):
            for name, value in zip(node.keys, node.values, strict=True):
                if isinstance(name, ast.Constant) and name.value == key:
                    return self.follow(value, frame)
            return []
        if isinstance(node, ast.ClassDef):
            return self._field(self.program.by_node[node], key, None)
        if isinstance(node, ast.Call):
            if options.parses(node):
                return self._option(self.options.parsed(key))
            owner = self.instance_of(origin)
            if owner is not None:
                return self._field(owner, key, origin)
            return self._record(node, frame, key)
        return []

    def _option(self, option: options.Option | None) -> list[Origin]:
        if option is None or option.default is None:
            return []
        return self.follow(option.default, Frame(option.scope))

    def _record(self, call: ast.Call, frame: Frame, key: str) -> list[Origin]:
        within = (id(call), frame, key)
        if (dotted(call.func) or "").split(".")[-1] not in RECORDS or within in self._active:
            return []
        for keyword in call.keywords:
            if keyword.arg == key:
                return self.follow(keyword.value, frame)
        spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
        self._active.add(within)  # a record may be made of itself: `args = vars(args)` in a loop
        try:
            return self._all(
                self._key(origin, key) for part in [*call.args[:1], *spread] for origin in self.follow(part, frame)
            )
        finally:
            self._active.discard(within)

    def _field(self, owner: Scope, key: str, instance: Origin | None) -> list[Origin]:
        """An attribute of a class of this script, or of the object that one call of it makes."""
        call = instance.node if instance is not None and isinstance(instance.node, ast.Call) else None
        initialiser = self.member(owner, "__init__")
        if call is not None and instance is not None:
            for keyword in call.keywords if initialiser is None else []:
                if keyword.arg == key:
                    return self.follow(keyword.value, instance.frame)
            if initialiser is None and call.args:
                fields = [name for name in owner.bindings if "." not in name]
                if key in fields and fields.index(key) < len(call.args):
                    return self.follow(call.args[fields.index(key)], instance.frame)
        if initialiser is not None:
            bindings = initialiser.bindings.get(f"self.{key}", [])
            if bindings:
                site = CallSite(call, instance.frame.scope) if call is not None and instance else None
                home = Frame(initialiser, site, instance.frame if site and instance else None)
                return self._bound(self._live(bindings, 1 << 30, home), home)
        for scope in [owner, *self.bases(owner)]:
            bindings = scope.bindings.get(key, [])
            if bindings:
                found = self._bound(self._live(bindings, 1 << 30, Frame(scope)), Frame(scope))
                return self._all(self._field_default(item) for item in found)
        return []

    def _field_default(self, origin: Origin) -> list[Origin]:
        """`field(default=3)` and `field(default_factory=lambda: [3])` of a dataclass."""
        node = origin.node
        if isinstance(node, ast.Call) and (dotted(node.func) or "").split(".")[-1] in {"field", "Field"}:
            for keyword in node.keywords:
                if keyword.arg == "default":
                    return self.follow(keyword.value, origin.frame)
                if keyword.arg == "default_factory":
                    if isinstance(keyword.value, ast.Lambda):
                        return self.follow(keyword.value.body, origin.frame)
                    scope = self.definition(keyword.value, origin.frame)
                    return [Origin(scope.node, origin.frame)] if scope is not None else []
        return [origin]

    def _all(self, groups: Iterable[list[Origin]]) -> list[Origin]:
        found: list[Origin] = []
        for group in groups:
            found += group
            if len(found) > 64:
                break
        return found[:64]
