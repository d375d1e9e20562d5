"""What one statement says of devices: a call, a default, a text that names one."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache

from index.facts.evaluation.program import dotted, written
from index.files.tree import walk

AVAILABLE = (
    "cuda.is_available", "mps.is_available", "list_physical_devices", "xpu.is_available", "context.num_gpus",
    "is_gpu_available", "mx.num_gpus", "current_accelerator", "list_gpu_devices", "test.gpu_device_name",
    "backends.mps.is_built",
)  # fmt: skip
TPU = ("TPUStrategy", "xla_device", "TPUClusterResolver", "setup_tpu", "TpuStrategy")
_EITHER = ("Accelerator", "Fabric")
_KEEPS = ("Buffer", "Memory")  # what an agent has seen, which may lie elsewhere than what learns from it
GPU_CALLS = ("cuda.set_device", "cuda.synchronize")
_DEVICES = {"device", "tree_method", "device_type"}  # arguments
_SEVERAL = "devices"
_GIVEN = {*_DEVICES, _SEVERAL, "default"}
# How all that is called ends which tells of a device by itself: nearly no call does.
_TELL = (*(name.rpartition(".")[2] for name in (*AVAILABLE, *GPU_CALLS, *_EITHER)), "device", "to", "cuda",
         "set_default_device", "init_process_group", "multi_gpu_model", "gpu", "cpu")  # fmt: skip
_ENDS = (*_TELL, *TPU, "Trainer")


@dataclass
class Seen:
    """Lines that test for a GPU, that use one, that name the CPU, and that refuse to run without a GPU."""

    tests: list[int] = field(default_factory=list)
    cuda: list[int] = field(default_factory=list)
    cpu: list[int] = field(default_factory=list)
    required: list[int] = field(default_factory=list)
    placed: list[int] = field(default_factory=list)  # on the CPU, as input pipelines are beside what trains
    several: list[int] = field(default_factory=list)  # GPUs that a network is spread over

    def one(self) -> tuple[str, int] | None:
        """What all that was seen agrees on, if it does."""
        kinds = (("CPU/GPU", self.tests), ("GPU", self.cuda), ("CPU", self.cpu))
        said = [(device, lines[0]) for device, lines in kinds if lines]
        return said[0] if len(said) == 1 else None

    def name(self, text: str, line: int) -> None:
        """Adds the device that a text names, if it names one."""
        device = text.lower().lstrip("/").removeprefix("device:").split(":")[0]
        if device in {"cuda", "gpu", "gpu_hist", "mps"}:
            self.cuda.append(line)
        elif device == "cpu":
            self.cpu.append(line)
        elif device == "auto":
            self.tests.append(line)


@lru_cache(1 << 12)  # of all names that are called, few are different
def _telling(last: str) -> bool:
    return last.endswith(_ENDS)


def tells(call: ast.Call) -> bool:
    """Whether a call may tell of a device, by what is called or by what it is given: nearly none does."""
    function = call.func
    last = function.attr if type(function) is ast.Attribute else dotted(function) or ""
    return _telling(last) or (bool(call.keywords) and not _GIVEN.isdisjoint([given.arg for given in call.keywords]))


def called(node: ast.Call) -> str:
    """What is called, as it is written."""
    return dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")


def read(node: ast.AST, seen: Seen) -> None:
    """Adds what a statement, or a table of settings, says of devices."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            name = (dotted(target) or "").lower()
            if "device" in name and "device_map" not in name:  # over which the parts of a ready network are spread
                _named(node.value, seen)
                break
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        _defaults(node, seen)
    elif isinstance(node, ast.Assert) or (isinstance(node, ast.If) and refuses(node)):
        calls = (part for part in walk(node.test) if isinstance(part, ast.Call))
        if any((dotted(part.func) or "").endswith(AVAILABLE) for part in calls):
            seen.required.append(node.lineno)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in {"device", "tree_method", "accelerator"}:
                _named(value, seen)


def call(node: ast.Call, seen: Seen) -> None:
    """Adds what a call says of devices."""
    name = called(node)
    last = name.rpartition(".")[2]
    if last == "autocast" or last.endswith("set_visible_devices"):
        return  # how numbers are kept, and what a library shall not see
    if not last.endswith(_TELL):
        pass
    elif name.endswith(AVAILABLE):
        seen.tests.append(node.lineno)
    elif (
        (last == "cuda" and isinstance(node.func, ast.Attribute))
        or name.endswith(GPU_CALLS)
        or (last == "init_process_group" and any(text(part) == "nccl" for part in _given(node)))
    ):
        seen.cuda.append(node.lineno)
    elif name in {"mx.gpu", "mx.cpu", "mxnet.gpu", "mxnet.cpu"}:
        (seen.cuda if last == "gpu" else seen.cpu).append(node.lineno)
    elif last == "multi_gpu_model":
        seen.several.append(node.lineno)
    elif last in _EITHER:
        seen.tests.append(node.lineno)
    elif name == "tf.device" and (text(node.args[0] if node.args else node) or "").lower().startswith("/cpu"):
        seen.placed.append(node.lineno)
    elif last in {"device", "to", "set_default_device"} and node.args:
        _named(node.args[0], seen)
    for keyword in node.keywords if not last.endswith(_KEEPS) else []:
        if keyword.arg in _DEVICES:
            _named(keyword.value, seen)
        if keyword.arg == _SEVERAL:  # Trainer(devices={"net": "cuda:0", "vae": "cuda:0"})
            given = keyword.value
            for part in given.values if isinstance(given, ast.Dict) else getattr(given, "elts", []):
                _named(part, seen)
        if keyword.arg == "default" and "device" in written(node.args[0] if node.args else node)[:40]:
            _named(keyword.value, seen)


def _given(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _defaults(node: ast.FunctionDef | ast.AsyncFunctionDef, seen: Seen) -> None:
    """`def train(device="cuda")`."""
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs = [*zip(reversed(positional), reversed(node.args.defaults), strict=False)]
    pairs += [(a, d) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d is not None]
    for argument, value in pairs:
        if argument.arg == "device" and text(value) != "cpu":  # what a function falls back to chooses nothing
            _named(value, seen)


def text(node: ast.expr) -> str | None:
    """What a constant text says."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _named(node: ast.expr, seen: Seen) -> None:
    if isinstance(node, ast.IfExp):  # "cpu" if args.cpu else "cuda"
        sides = {(text(_template(side)) or "").split(":")[0] for side in (node.body, node.orelse)}
        asked = any(isinstance(part, ast.Name) and part.id == "device" for part in walk(node.test))
        if {"cpu", "cuda"} <= sides and not asked:  # "cuda" if "cuda" in device else "cpu": the kind of one chosen
            seen.tests.append(node.lineno)
        return
    said = text(_template(node))
    if said is not None:
        seen.name(said, node.lineno)


def _template(node: ast.expr) -> ast.expr:
    """What the name of a device begins with that a number is put into: `f"cuda:{rank}"`, `"/gpu:%d" % number`."""
    if isinstance(node, ast.BinOp):
        return node.left
    if isinstance(node, ast.JoinedStr) and node.values:
        return node.values[0]
    formats = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    return node.func.value if formats and isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else node


def refuses(node: ast.If) -> bool:
    """`if not torch.cuda.is_available(): raise …`, a test that lets nothing run without a GPU."""
    return isinstance(node.test, ast.UnaryOp) and isinstance(node.body[-1], ast.Raise)
