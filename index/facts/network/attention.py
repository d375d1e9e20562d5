"""Attention that a script writes out, rather than takes from a library."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, dotted, written
from index.facts.network.layers import Census
from index.files.tree import walk
from index.record import Tag

_FEATURE_MAPS = {"elu", "relu", "feature_map", "phi", "kernel_fn"}  # of linear attention (Katharopoulos et al. 2020)
_MAPS = {"softmax", *_FEATURE_MAPS}
_WEIGHED = re.compile(r"att(entio)?n", re.IGNORECASE)
_SCORES = re.compile(r"scores?|energ|align|att(entio)?n", re.IGNORECASE)
_SUMS = {"bmm", "matmul", "einsum", "baddbmm", "reduce_sum", "dot", "sum"}
_NORMS = {"LayerNorm", "LayerNormalization", "RMSNorm"}
_DEEP = 2  # heads in many heads in a block
_ATTENDED = re.compile(r"^(q|k|query|queries|keys?)\b")


def tags(analysis: Analysis, census: Census) -> Iterator[Tag]:
    """The tags of attention, each with the line that shows it."""
    yield from _written_out(analysis, census)
    yield from _attending(analysis, census)


def attending(analysis: Analysis, census: Census) -> set[Scope]:
    """The classes of networks that show attention."""
    lines = [tag.line for tag in tags(analysis, census)]
    return {scope for scope in census.models if any(scope.line <= line <= _last(scope) for line in lines)}


def block(analysis: Analysis, census: Census) -> Scope | None:
    """The block of a transformer that is put together from classes of the script: one that attends, or is made of such,
    one of a few linear layers, and a normalisation of each place beside them."""
    attend = {scope.name for scope in attending(analysis, census)}
    built = {scope: {site.name for part in (scope, *scope.within()) for site in part.calls} for scope in census.models}
    for _ in range(_DEEP if attend else 0):
        made_of = {scope.name for scope in census.models if attend & built[scope] and not _normalises(built[scope])}
        attend |= made_of
    feed = {scope.name for scope in census.models if census.within(scope, "linear") > 1} - attend
    blocks = (scope for scope in census.models if _normalises(built[scope]))
    return next((scope for scope in blocks if attend & built[scope] and feed & built[scope]), None)


def _normalises(built: set[str]) -> bool:
    return not built.isdisjoint(_NORMS)


def _last(scope: Scope) -> int:
    return getattr(scope.node, "end_lineno", None) or scope.line


def _written_out(analysis: Analysis, census: Census) -> Iterator[Tag]:
    """Attention written out: a softmax over a product of queries and keys, or over each of them (linear)."""
    for scope in analysis.program.functions:
        if scope.owner is not None and scope.owner not in census.models and census.models:
            continue
        over: dict[str, int] = {}
        mapped = False
        weighed = ""
        for site in scope.calls:
            call, name = site.node, site.name
            if name not in _MAPS:
                continue
            module = dotted(call.func) or ""
            subject: ast.expr | None = call.args[0] if call.args else None
            if (
                name == "softmax"
                and isinstance(call.func, ast.Attribute)
                and module.split(".")[0] not in {"F", "torch", "nn", "tf", "jax"}
            ):
                subject = call.func.value
            if subject is not None and (name == "softmax" or _ATTENDED.match(_plain(subject))):
                over[_plain(subject)] = call.lineno
                weighed = weighed or (_plain(subject) if _weighs(scope, _plain(subject)) else "")
                mapped |= name in _FEATURE_MAPS
        queries = [line for text, line in over.items() if re.match(r"^(q|queries|query)\b", text)]
        keys = [line for text, line in over.items() if re.match(r"^(k|keys|key)\b", text)]
        if keys and (queries or len(over) == 1):
            how = "a feature map" if mapped else "softmax"
            of = "queries and over keys apart" if queries else "keys before they meet the queries"
            yield Tag("linear-attention", keys[0], f"{how} over {of}")
            yield Tag("attention", keys[0], "attention written out")
            continue
        if not over or mapped:
            continue
        names = {node.id for node in walk(scope.node) if isinstance(node, ast.Name)}
        names |= {node.attr for node in walk(scope.node) if isinstance(node, ast.Attribute)}
        asked = {"q", "k"} <= names or {"Q", "K"} <= names
        if asked or (names & {"query", "queries"} and names & {"key", "keys"}):
            yield Tag("attention", next(iter(over.values())), "softmax over queries and keys")
        elif weighed:
            yield Tag("attention", over[weighed], "a sum weighed by the softmax of scores")


def _weighs(scope: Scope, subject: str) -> bool:
    """Whether a softmax is over the scores of an attention, whose class sums something weighed by them."""
    owner = scope.owner
    named = f"{subject} {scope.name} {owner.name if owner is not None else ''}"
    if not _SCORES.search(subject) or not _WEIGHED.search(named):
        return False
    around = owner.children if owner is not None else [scope]
    return any(site.name in _SUMS for method in around for site in method.calls)


def _attending(analysis: Analysis, census: Census) -> Iterator[Tag]:
    """Classes that keep a softmax and call it on what they made of queries, keys and values."""
    for scope in census.models if "Softmax" in analysis.names else []:
        names: dict[str, int] = {}
        for node in walk(scope.node):
            if isinstance(node, ast.Name | ast.Attribute):
                names.setdefault(node.id if isinstance(node, ast.Name) else node.attr, node.lineno)
        softmax = names.get("Softmax")
        parts = {part for name in names for part in name.split("_")} if softmax else set()  # self.query_conv
        if softmax and ({"q", "k", "v"} <= parts or {"query", "key", "value"} <= parts):
            yield Tag("attention", softmax, "softmax over queries and keys")


def _plain(node: ast.expr) -> str:
    return written(node)[:80]
