"""Networks without a framework whose weights are bred, not moved: made at random, crossed over and mutated."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, dotted
from index.files.tree import walk

_BRED = re.compile(r"mutat|cross_?over|neuro_?evol|genetic|breed", re.IGNORECASE)
_NETWORK = re.compile(r"neural|network|weights", re.IGNORECASE)
_AHEAD = re.compile(r"^_?((feed_?)?forward(_pass|_prop\w*)?|predict|activate|think|feed)$")
_CROSSES = re.compile(r"^_?(cross_?over|mutat\w+|breed)", re.IGNORECASE)
_SELECTS = re.compile(r"^_?(evolve|select|natural_selection|next_generation|new_generation|reproduce|tournament|breed)")
_PRODUCTS = {"dot", "matmul"}


def candidate(text: str) -> bool:
    """Whether a text may breed networks."""
    return _BRED.search(text) is not None and _NETWORK.search(text) is not None


def find(analysis: Analysis) -> tuple[str, int] | None:
    """The class that is such a network, else the one that breeds them, and its line."""
    if not candidate(analysis.source.text):
        return None
    classes = analysis.program.classes
    found = next(filter(_is_network, classes), None) or next(filter(_breeds, classes), None)
    return (found.name, found.line) if found is not None else None


def _is_network(scope: Scope) -> bool:
    """Whether a class makes weights at random, and goes ahead by their products."""
    ahead = any(_AHEAD.match(child.name) and _multiplies(child) for child in scope.children)
    made = (dotted(site.node.func) or "" for child in scope.children for site in child.calls)
    return ahead and any("rand" in name or "normal" in name or "uniform" in name for name in made)


def _multiplies(scope: Scope) -> bool:
    return any(site.name in _PRODUCTS for site in scope.calls) or any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult) for node in walk(scope.node)
    )


def _breeds(scope: Scope) -> bool:
    """Whether a class crosses over or mutates individuals, and selects among them."""
    names = [child.name for child in scope.children]
    crossing = [name for name in names if _CROSSES.match(name)]
    return bool(crossing) and any(_SELECTS.match(name) and [name] != crossing for name in names)
