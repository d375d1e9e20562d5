"""Where an expression is evaluated, and where following one ends."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from index.facts.program import CallSite, Scope


@dataclass(frozen=True, eq=False)
class Frame:
    """A scope being run, and the call that entered it where one call is meant rather than any of them.

    Two frames are the same when the same calls led to them.
    """

    scope: Scope
    call: CallSite | None = None
    caller: Frame | None = None
    key: tuple[Any, ...] = field(init=False, repr=False)
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        outer = self.caller.key if self.caller is not None else ()
        key = (id(self.scope), id(self.call.node) if self.call is not None else 0, outer)
        object.__setattr__(self, "key", key)
        before = self.caller._hash if self.caller is not None else 0
        object.__setattr__(self, "_hash", hash((key[0], key[1], before)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Frame) and self._hash == other._hash and self.key == other.key)

    def outer(self, scope: Scope) -> Frame:
        """The frame of an enclosing scope: the caller's, where it was entered from there."""
        step = self.caller
        while step is not None:
            if step.scope is scope:
                return step
            step = step.caller
        return Frame(scope)

    def runs(self, scope: Scope) -> bool:
        """Whether a scope is being run, here or further out: to enter it again would be recursion."""
        step: Frame | None = self
        while step is not None:
            if step.scope is scope:
                return True
            step = step.caller
        return False


@dataclass(frozen=True, eq=False)
class Origin:
    """Where following ended: an expression, a definition (FunctionDef, ClassDef), an element of a loop, or an
    imported name (then `name` is its full dotted name). `aliases` are the names it was reached by, nearest first:
    an assignment to an attribute of any of them changes what the attribute is."""

    node: ast.AST
    frame: Frame
    name: str = ""
    element: bool = False
    aliases: tuple[tuple[ast.Name, Frame], ...] = ()
