"""Devices that a script is told to run on whatever the machine has: JAX's platform, and switches that force the CPU."""

from __future__ import annotations

import ast

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import Guard, Scope, dotted
from index.files.tree import walk

_PLATFORMS = {"tpu": "TPU", "cpu": "CPU", "gpu": "GPU", "cuda": "GPU"}
_VARIABLES = ("JAX_PLATFORM_NAME", "JAX_PLATFORMS")
_SETTINGS = {"jax_platform_name", "jax_platforms"}
_SWITCH = Identifiers(
    r"(?i)(use|force|only|on|run_on)_?cpu(_only)?|cpu_?(only|mode)|(no|disable|without)_?(cuda|gpu)s?"
)
_SIDES = {"cpu", "cuda"}


def platform(analysis: Analysis) -> tuple[str | None, int]:
    """The platform that JAX is given first, by the environment or its configuration, and the line; (None, 0) where it
    is given none, or only under a condition."""
    found: list[tuple[int, str]] = []
    for variable in _VARIABLES if "JAX_PLATFORM" in analysis.source.text else ():
        for scope in analysis.program.scopes:
            for binding in scope.bindings.get(f"os.environ.{variable}", []):
                if not binding.guards and isinstance(binding.node, ast.Constant):
                    found.append((binding.line, str(binding.node.value)))
    for executed in analysis.called.get("update", []) if "jax_platform" in analysis.source.text else []:
        call = executed.site.node
        given = [part.value for part in call.args if isinstance(part, ast.Constant)]
        if len(given) == 2 and given[0] in _SETTINGS and not executed.site.guards:
            found.append((call.lineno, str(given[1])))
    line, name = min(found, default=(0, ""))
    return _PLATFORMS.get(name.strip().lower().split(",")[0]), line


def to_cpu(analysis: Analysis) -> tuple[set[int], int]:
    """What a switch decides for the CPU, "cuda" if is_available() and not force_cpu else "cpu", by the ids of the tests
    and the calls that are given the choice, and the line of the first; nothing where none is known to be on."""
    if not any(map(_SWITCH.fullmatch, analysis.names)):
        return set(), 0
    found: set[int] = set()
    lines: list[int] = []
    scopes = _scopes(analysis)
    holds = analysis.evaluator.resolver.holds
    module = analysis.program.module
    for both in analysis.source.of(ast.BoolOp):
        frame = Frame(scopes.get(id(both), module))
        if isinstance(both.op, ast.And) and any(
            _SWITCH.fullmatch(name) and holds(Guard(value, True), frame) is False
            for value in both.values
            for name in _names(value)
        ):
            found |= {id(both), *(id(part) for part in walk(both) if isinstance(part, ast.Call))}
            lines.append(both.lineno)
    for choice in analysis.source.of(ast.IfExp):
        sides = {str(getattr(side, "value", "")).split(":")[0] for side in (choice.body, choice.orelse)}
        frame = Frame(scopes.get(id(choice), module))
        off = any(id(origin.node) in found for origin in analysis.evaluator.resolver.follow(choice.test, frame))
        decided = False if off else holds(Guard(choice.test, True), frame) if sides == _SIDES else None
        if decided is not None and getattr((choice.body if decided else choice.orelse), "value", "") == "cpu":
            found.add(id(choice))
            lines.append(choice.lineno)
    calls = [(call, call.args) for call in analysis.source.of(ast.Call)]
    given = [*calls, *((made, [made.value]) for made in analysis.source.of(ast.Assign))]
    found |= {id(node) for node, parts in given if any(type(part) is ast.IfExp and id(part) in found for part in parts)}
    return found, min(lines, default=0)


def _scopes(analysis: Analysis) -> dict[int, Scope]:
    """The innermost scope of every expression that decides."""
    return {
        id(node): scope
        for scope in analysis.program.scopes
        for node in walk(scope.node)
        if isinstance(node, ast.BoolOp | ast.IfExp)
    }


def _names(node: ast.expr) -> list[str]:
    return [
        (dotted(part) or "").rpartition(".")[2] for part in walk(node) if isinstance(part, ast.Name | ast.Attribute)
    ]
