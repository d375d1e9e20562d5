"""Where an expression is evaluated, and where following one ends."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from index.facts.evaluation.program import CallSite, Scope


class Frame:
    """A scope being run, and the call that entered it where one call is meant rather than any of them.

    The same calls lead to the same object: frames are looked up far more often than they are made.
    """

    __slots__ = ("call", "caller", "scope")
    scope: Scope
    call: CallSite | None
    caller: Frame | None

    def __new__(cls, scope: Scope, call: CallSite | None = None, caller: Frame | None = None) -> Frame:
        key = (call.node if call is not None else None, caller)
        known = scope.frames.get(key)
        if known is None:
            known = scope.frames[key] = super().__new__(cls)
            known.scope, known.call, known.caller = scope, call, caller
        return known

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


@dataclass(eq=False, slots=True)  # not frozen: of all objects these are made most often, and that doubles the time
class Origin:
    """Where following ended: an expression, a definition (FunctionDef, ClassDef), an element of a loop, or an
    imported name (then `name` is its full dotted name). `aliases` are the names it was reached by, nearest first:
    an assignment to an attribute of any of them changes what the attribute is. `given` is the call of
    `functools.partial` by which it was reached, which is given some of its arguments."""

    node: ast.AST
    frame: Frame
    name: str = ""
    element: bool = False
    aliases: tuple[tuple[ast.Name, Frame], ...] = ()
    given: tuple[ast.Call, Frame] | None = None
