"""Recurrent cells that a script writes out gate by gate, rather than build them of a layer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, last_name
from index.files.tree import walk
from index.record import Tag

_SIGMOIDS = {"sigmoid", "sigm", "hard_sigmoid", "hardsigmoid", "expit", "logistic"}
_TANHS = {"tanh", "hardtanh"}
_PRODUCTS = {"mul", "multiply"}


def cells(analysis: Analysis) -> Iterator[Tag]:
    """The LSTM of a function with a sigmoid for each of three gates, a tanh for what comes in and one for what goes
    out, and a state that is a sum of two products; the GRU of one with two gates, of which one mixes the old state and
    the new."""
    text = analysis.source.text.lower()
    if "tanh" not in text or not any(name in text for name in _SIGMOIDS):
        return
    for scope in analysis.program.scopes:
        names = [site.name.lower() for site in scope.calls]
        gates, squeezed = (sum(name in some for name in names) for some in (_SIGMOIDS, _TANHS))
        if gates >= 3 and squeezed >= 2:
            kind, line = "lstm", next((line for line, _ in _mixed(scope)), 0)
        elif gates == 2 and squeezed == 1:
            kind, line = "gru", next((line for line, kept in _mixed(scope) if kept), 0)
        else:
            continue
        if line:
            yield Tag(kind, line, "its gates are written out")
            yield Tag("rnn", line, "its gates are written out")
            return


def _mixed(scope: Scope) -> Iterator[tuple[int, bool]]:
    """The lines of sums of two products in a function: `f * c + i * g`; and whether one of the factors is what another
    leaves of 1: `(1 - z) * h + z * n`."""
    for node in walk(scope.node):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = (_factors(node.left), _factors(node.right))
            if all(sides):
                yield node.lineno, any(map(_left_of_one, (*sides[0], *sides[1])))


def _factors(node: ast.expr) -> tuple[ast.expr, ...]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return node.left, node.right
    if isinstance(node, ast.Call) and last_name(node.func) in _PRODUCTS:
        return tuple(node.args)
    return ()


def _left_of_one(node: ast.expr) -> bool:
    one = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant)
    return one and node.left.value == 1  # type: ignore[attr-defined]
