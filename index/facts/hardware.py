"""What a script runs on, from the devices it names: a test for availability with a fallback is CPU/GPU, not one."""

from __future__ import annotations

import ast

from index.facts.analysis import Analysis
from index.facts.program import dotted

_AVAILABLE = ("cuda.is_available", "mps.is_available", "cuda.device_count", "list_physical_devices", "xpu.is_available")
_TPU = ("TPUStrategy", "xla_device", "TPUClusterResolver", "xm.xla_device", "setup_tpu")
_EITHER = ("Accelerator", "Fabric")


def read(analysis: Analysis) -> tuple[str | None, int]:
    """ "CPU/GPU", "GPU", "CPU" or "TPU", and the line that says so; (None, 0) where the script leaves it open."""
    tests: list[int] = []
    cuda: list[int] = []
    cpu: list[int] = []
    for node in analysis.nodes:
        if isinstance(node, ast.Call):
            called = dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
            last = called.split(".")[-1]
            if called.endswith(_TPU):
                return "TPU", node.lineno
            if called.endswith(_AVAILABLE):
                tests.append(node.lineno)
            elif last == "cuda" and isinstance(node.func, ast.Attribute):
                cuda.append(node.lineno)
            elif last in _EITHER:
                tests.append(node.lineno)
            elif last == "Trainer":
                _trainer(node, tests, cuda, cpu)
            elif last in {"device", "to", "set_default_device"} and node.args:
                _named(node.args[0], cuda, cpu)
            for keyword in node.keywords:
                if keyword.arg == "device":
                    _named(keyword.value, cuda, cpu)
                if keyword.arg == "default" and "device" in ast.unparse(node.args[0] if node.args else node)[:40]:
                    _named(keyword.value, cuda, cpu)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any("device" in (dotted(target) or "").lower() for target in targets):
                _named(node.value, cuda, cpu)
    if tests:
        return "CPU/GPU", tests[0]
    if cuda and cpu:
        return None, 0  # both are named and nothing says which
    if cuda:
        return "GPU", cuda[0]
    return ("CPU", cpu[0]) if cpu else (None, 0)


def _named(node: ast.expr, cuda: list[int], cpu: list[int]) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        name = node.value.split(":")[0]
        if name in {"cuda", "gpu"}:
            cuda.append(node.lineno)
        elif name == "cpu":
            cpu.append(node.lineno)


def _trainer(call: ast.Call, tests: list[int], cuda: list[int], cpu: list[int]) -> None:
    for keyword in call.keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "accelerator":
            where = {"auto": tests, "gpu": cuda, "cuda": cuda, "cpu": cpu}.get(str(value))
            if where is not None:
                where.append(call.lineno)
        elif keyword.arg == "gpus" and isinstance(value, int) and value > 0:
            cuda.append(call.lineno)
