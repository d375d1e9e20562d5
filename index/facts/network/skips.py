"""Skip connections: the U-Net that they make of ways down and up, and the sums of residual blocks."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, last_name, written
from index.facts.network.layers import FAMILIES, Census
from index.files.tree import walk
from index.record import Tag

_SUMMED = re.compile(
    r"(x|identity|residual|skip|shortcut|inputs?|res|h)(_\d)?|self\.\w*(skip|shortcut|res|down)\w*\(.*"
)
_DOWN, _UP = (re.compile(f"{way}_?sampl", re.IGNORECASE) for way in ("down", "up"))
_KEPT = re.compile(r"identity|residual|shortcut")
# What an expression begins with.
_LED = {ast.Attribute: "value", ast.Subscript: "value", ast.Call: "func", ast.BinOp: "left", ast.Compare: "left"}


def unet(analysis: Analysis, census: Census) -> Tag | None:
    """Convolutions that go down and up again, joined by skips."""
    if not census.count("convolution"):
        return None
    down = census.count("pooling") or any(_stride(site.node) for _, site in census.sites["convolution"])
    names = (*(scope.name for scope in census.models), *analysis.called)  # of this module, or of one beside it
    down = down or any(_DOWN.search(name) for name in names)
    up = census.count("upsampling") or any(map(_UP.search, names))
    if not (down and up):
        return None
    built = Counter(last_name(site.node.func) for scope in analysis.program.scopes for site in scope.calls)
    joins: dict[Scope, list[ast.Call]] = defaultdict(list)
    for _, site in census.sites.get("joining", []):
        joins[site.scope].append(site.node)
    for scope in census.models:
        line = _skips(scope, joins) or (_joined_blocks(scope) if built[scope.name] >= 2 else None)
        if line:
            return Tag("unet", line, "skips join the way down to the way up")
    heads = {  # of a detector, whose outputs are one list: `Concatenate(axis=1)(regressions)`
        site.node.func for scope in analysis.program.scopes for site in scope.calls
        if isinstance(site.node.func, ast.Call) and site.node.args and isinstance(site.node.args[0], ast.Name)
    }  # fmt: skip
    sites = [
        site for name, site in census.sites.get("joining", [])  # Keras without a class
        if (name == "Concatenate" and site.node not in heads) or (name == "concatenate" and not census.models)
    ]  # fmt: skip
    together = max(Counter(site.scope for site in sites).values(), default=0)  # two rivals join a label once each
    if together >= 2 or any(built[site.scope.name] >= 2 or site.loops for site in sites):
        return Tag("unet", sites[0].node.lineno, "skips join the way down to the way up")
    return None


def residual(scope: Scope) -> int | None:
    """The line where a forward pass adds what was there before to what it has made of it."""
    for child in scope.children:
        if child.name in {"forward", "call", "__call__"}:
            for node in walk(child.node):
                if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                    sides = (node.left, node.right)
                    if not any(isinstance(side, ast.Constant) for side in sides) and any(map(_is_kept, sides)):
                        return node.lineno
                elif isinstance(node, ast.AugAssign) and _KEPT.search(written(node.value)):
                    return node.lineno
    return None


def _is_kept(side: ast.expr) -> bool:
    """Whether a side of a sum is what was there before, by its name or by the layer of it: `self.shortcut(x)`."""
    first: ast.AST = side
    while type(first) in _LED:
        first = getattr(first, _LED[type(first)])
    if isinstance(first, ast.Name) and first is not side and first.id != "self":
        return False
    return _SUMMED.fullmatch(written(side)[:60]) is not None


def _skips(scope: Scope, joined: dict[Scope, list[ast.Call]]) -> int | None:
    """The line where a forward pass joins features kept from before; not where it only adds a condition."""
    for child in scope.children:
        if child.name not in {"forward", "call", "__call__", "decode"}:
            continue
        joins = joined.get(child, [])
        attributes = [site.node for site in child.calls if isinstance(site.node.func, ast.Attribute)]
        pops = [call for call in attributes if isinstance(call.func, ast.Attribute) and call.func.attr == "pop"]
        if len(joins) >= 2 or (joins and (pops or any(site.loops for site in child.calls if site.node in joins))):
            return joins[0].lineno
        if pops:
            return pops[0].lineno
    return None


def _joined_blocks(scope: Scope) -> int | None:
    """The line where a block of the way up joins its two inputs, in a network that has several such blocks."""
    forward = scope.method("forward") or scope.method("call") or scope.method("__call__")
    if forward is None or not isinstance(forward.node, ast.FunctionDef):
        return None
    inputs = {argument.arg for argument in forward.node.args.args[1:]}
    for site in forward.calls:
        call = site.node
        if last_name(call.func) not in FAMILIES["joining"] or not call.args:
            continue
        joined = {node.id for node in ast.walk(call.args[0]) if isinstance(node, ast.Name)}
        if len(joined & inputs) >= 2:
            return call.lineno
    return None


def _stride(call: ast.Call) -> bool:
    given = [keyword.value for keyword in call.keywords if keyword.arg in {"stride", "strides"}] or call.args[3:4]
    text = written(given[0]) if given else ""
    return text in {"2", "(2, 2)", "4", "[2, 2]"}
