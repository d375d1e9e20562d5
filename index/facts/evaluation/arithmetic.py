"""One step of arithmetic with the constants of a script, bounded: `10**10**10` has no result, and costs nothing."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable

Constant = int | float | str | bool | None
MAX_INT = 1 << 63
MAX_TEXT = 1000
_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
}  # fmt: skip


def combined(op: ast.operator, a: Constant, b: Constant) -> int | float | str | None:
    """One arithmetic step, or None where it has no result or one too large to be a setting."""
    if isinstance(a, str) and isinstance(b, str) and isinstance(op, ast.Add | ast.Div):
        return (a + ("/" if isinstance(op, ast.Div) else "") + b)[:MAX_TEXT]
    if not isinstance(a, int | float) or not isinstance(b, int | float):
        return None
    try:
        if isinstance(op, ast.Pow):
            if abs(b) > 64 or abs(a) > 1_000_000:
                return None
            result = a**b
        elif isinstance(op, ast.LShift | ast.RShift):
            if not (isinstance(a, int) and isinstance(b, int) and 0 <= b <= 64):
                return None
            result = a << b if isinstance(op, ast.LShift) else a >> b
        elif type(op) in _ARITHMETIC:
            result = _ARITHMETIC[type(op)](a, b)
        else:
            return None
    except (ArithmeticError, ValueError):
        return None
    if not isinstance(result, int | float) or not abs(result) < MAX_INT:
        return None
    return result
