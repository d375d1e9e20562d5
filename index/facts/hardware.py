"""What a script runs on, from the devices it names: a test for availability with a fallback is CPU/GPU, not one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.facts import forced
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import dotted
from index.files.tree import walk

_AVAILABLE = (
    "cuda.is_available", "mps.is_available", "list_physical_devices", "xpu.is_available", "context.num_gpus",
    "is_gpu_available", "mx.num_gpus", "current_accelerator", "list_gpu_devices", "test.gpu_device_name",
    "backends.mps.is_built",
)  # fmt: skip
_TPU = ("TPUStrategy", "xla_device", "TPUClusterResolver", "setup_tpu", "TpuStrategy")
_NAMES = (ast.Name, ast.Attribute, ast.Subscript)
_TELLING = {ast.Call, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.Assert, ast.If, ast.Dict}
_SWITCH = re.compile(r"cuda|gpu", re.IGNORECASE)
_EITHER = ("Accelerator", "Fabric")
_KEEPS = ("Buffer", "Memory")  # what an agent has seen, which may lie elsewhere than what learns from it
_GPU_CALLS = ("cuda.set_device", "cuda.synchronize")
_DEVICES = {"device", "tree_method", "device_type"}  # arguments
# How all that is called ends which tells of a device by itself: nearly no call does.
_TELL = (*(name.rpartition(".")[2] for name in (*_AVAILABLE, *_GPU_CALLS, *_EITHER)), "device", "to", "cuda",
         "set_default_device", "init_process_group", "multi_gpu_model", "gpu", "cpu")  # fmt: skip
_ENDS = (*_TELL, *_TPU, "Trainer")


@dataclass
class _Seen:
    """Lines that test for a GPU, that use one, that name the CPU, and that refuse to run without a GPU."""

    tests: list[int] = field(default_factory=list)
    cuda: list[int] = field(default_factory=list)
    cpu: list[int] = field(default_factory=list)
    required: list[int] = field(default_factory=list)
    placed: list[int] = field(default_factory=list)  # on the CPU, as input pipelines are beside what trains
    several: list[int] = field(default_factory=list)  # GPUs that a network is spread over

    def name(self, text: str, line: int) -> None:
        device = text.lower().lstrip("/").removeprefix("device:").split(":")[0]
        if device in {"cuda", "gpu", "gpu_hist"}:
            self.cuda.append(line)
        elif device == "cpu":
            self.cpu.append(line)
        elif device == "auto":
            self.tests.append(line)


def read(analysis: Analysis) -> tuple[str | None, int]:
    """ "CPU/GPU", "GPU", "CPU" or "TPU", and the line that says so; (None, 0) where the script leaves it open."""
    seen = _Seen()
    told = forced.platform(analysis)
    if told[0]:
        return told
    decided, on_cpu = forced.to_cpu(analysis)
    seen.cpu += [on_cpu] if on_cpu else []
    beside = _beside(analysis) | decided
    offered, offers = _offered(analysis), _Seen()
    for node in analysis.nodes:
        if type(node) not in _TELLING or id(node) in beside:
            continue
        if isinstance(node, ast.Call):
            if not _tells(node):
                continue
            called = dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
            if called.endswith(_TPU):
                return "TPU", node.lineno
            if id(node) not in offered or not called.endswith("cuda.set_device"):  # `if gpu is not None:` chooses which
                _call(node, called, offers if id(node) in offered else seen)
            if called.endswith("Trainer"):
                _trainer(analysis, node, seen)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                name = (dotted(target) or "").lower()
                if "device" in name and "device_map" not in name:  # over which the parts of a ready network are spread
                    _named(node.value, seen)
                    break
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _defaults(node, seen)
        elif isinstance(node, ast.Assert) or (isinstance(node, ast.If) and _refuses(node)):
            if any(
                isinstance(part, ast.Call) and (dotted(part.func) or "").endswith(_AVAILABLE)
                for part in walk(node.test)
            ):
                seen.required.append(node.lineno)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in {"device", "tree_method", "accelerator"}:
                    _named(value, seen)
    seen.required += _taken(analysis)
    if seen.required:
        return "GPU", seen.required[0]
    if (hidden := _hidden(analysis)) and not seen.cuda:
        return "CPU", hidden
    if seen.tests:
        return "CPU/GPU", seen.tests[0]
    if seen.cuda and seen.cpu:
        return None, 0  # both are named and nothing says which
    if seen.cuda or seen.several:
        return "GPU", (seen.cuda or seen.several)[0]
    if offers.cuda and not seen.cpu:
        return "CPU/GPU", offers.cuda[0]
    placed = seen.cpu or seen.placed
    return ("CPU", placed[0]) if placed else _settled(analysis)


def _hidden(analysis: Analysis) -> int:
    """The line that hides every GPU from the libraries, `os.environ["CUDA_VISIBLE_DEVICES"] = "-1"`; 0 where none does,
    or another value is set too."""
    lines = []
    for scope in analysis.program.scopes if "CUDA_VISIBLE_DEVICES" in analysis.source.text else []:
        for binding in scope.bindings.get("os.environ.CUDA_VISIBLE_DEVICES", []):
            value = binding.node if isinstance(binding.node, ast.Constant) else None
            if binding.guards or value is None or str(value.value).strip() not in {"", "-1"}:
                return 0
            lines.append(binding.line)
    return lines[0] if lines else 0


def _taken(analysis: Analysis) -> list[int]:
    """Where the first of the GPUs that are listed is taken, whether or not there is one."""
    found: list[int] = []
    if "list_physical_devices" not in analysis.names:
        return found
    tried = {id(part) for tried in analysis.source.of(ast.Try) for statement in tried.body for part in walk(statement)}
    for scope in analysis.program.scopes:
        for name, bindings in scope.bindings.items():
            nodes = [b.node for b in bindings if b.kind == "value" and isinstance(b.node, ast.Call)]
            if not any((dotted(node.func) or "").endswith("list_physical_devices") for node in nodes):
                continue
            for site in scope.calls:
                tested = any(
                    isinstance(part, ast.Name) and part.id == name for g in site.guards for part in walk(g.test)
                )
                if id(site.node) not in tried and not tested:
                    found += [site.node.lineno for part in site.node.args if _is_first(part, name)]
    return found


def _is_first(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and dotted(node.value) == name


def beside(whole: Analysis) -> tuple[str | None, int | str]:
    """What a script runs on by the word of what it runs of the modules beside it, and the line that leads there, or the
    place: one of them tests for a GPU; what another file falls back on is no choice."""
    device, line = _settled(whole)
    if device in {"CPU/GPU", "GPU"}:
        return device, line
    siblings = whole.evaluator.resolver.siblings
    scopes = [scope for scope in whole.execution.reached if not scope.is_class]
    for module in siblings.opened():
        nodes = [node for scope in scopes if scope.module is module for node in walk(scope.node)]
        used = {node.id for node in nodes if isinstance(node, ast.Name)} & module.bindings.keys()
        bound = [binding.node for name in used for binding in module.bindings[name] if binding.kind == "value"]
        nodes += [node for value in bound if isinstance(value, ast.AST) for node in walk(value)]
        tests = [line for node in nodes if (line := _chosen_by_test(node))]
        if tests:
            return "CPU/GPU", siblings.place(module, tests[0])
    return None, 0


def _chosen_by_test(node: ast.AST) -> int:
    """The line of a test for a GPU by which something is chosen; 0 where a node is none."""
    if isinstance(node, ast.IfExp):
        test: ast.expr = node.test
    elif isinstance(node, ast.If) and any(map(_chooses, [*node.body, *node.orelse])):
        test = node.test
    else:
        return 0
    calls = (part for part in walk(test) if isinstance(part, ast.Call))
    return next((call.lineno for call in calls if (dotted(call.func) or "").endswith(_AVAILABLE)), 0)


def _settled(analysis: Analysis) -> tuple[str | None, int]:
    """The device that a name moved to stands for, where it is chosen in a module of settings."""
    for executed in analysis.executed:
        call = executed.site.node
        place = _place(call) if executed.name in {"to", "device"} else None
        if place is None:
            continue
        seen = _Seen()
        for origin in analysis.evaluator.resolver.follow(place, executed.frame):
            for part in walk(origin.node) if isinstance(origin.node, ast.Constant | ast.Call) else []:
                if isinstance(part, ast.Call) and (dotted(part.func) or "").endswith(_AVAILABLE):
                    seen.tests.append(executed.line)
                elif isinstance(part, ast.Constant) and isinstance(part.value, str):
                    seen.name(part.value, executed.line)
        if seen.tests or (seen.cuda and seen.cpu):
            return "CPU/GPU", executed.line
        if seen.cuda or seen.cpu:
            return "GPU" if seen.cuda else "CPU", executed.line
    return None, 0


def _place(call: ast.Call) -> ast.expr | None:
    """The name of the device that a call is given, also within a text: `tf.device("/{}:0".format(DEVICE))`."""
    place = call.args[0] if call.args else None
    if isinstance(place, ast.Call) and isinstance(place.func, ast.Attribute) and place.func.attr == "format":
        place = place.args[0] if place.args else None
    elif isinstance(place, ast.JoinedStr):
        place = next((part.value for part in place.values if isinstance(part, ast.FormattedValue)), None)
    return place if isinstance(place, _NAMES) else None


def _offered(analysis: Analysis) -> set[int]:
    """Calls under a switch, `if args.cuda:`, that is off by default or open."""
    holds = analysis.evaluator.resolver.holds
    return {
        id(site.node)
        for scope in analysis.program.scopes
        for site in scope.calls
        if site.guards
        and any(_is_switch(guard.test) and holds(guard, Frame(scope)) is not True for guard in site.guards)
    }


def _is_switch(test: ast.expr) -> bool:
    keys = (part.slice for part in walk(test) if isinstance(part, ast.Subscript))  # opt["data.cuda"]
    return any(
        isinstance(part, ast.Name | ast.Attribute) and _SWITCH.search(_last(part)) for part in walk(test)
    ) or any(isinstance(key, ast.Constant) and isinstance(key.value, str) and _SWITCH.search(key.value) for key in keys)


def _beside(analysis: Analysis) -> set[int]:
    """What chooses no device: tests for a GPU that only set a seed or print something, places of saved weights."""
    found: set[int] = set()
    for said in analysis.source.of(ast.Expr):
        if isinstance(said.value, ast.Call) and dotted(said.value.func) == "print":
            found |= {id(part) for part in walk(said)}
    for compared in analysis.source.of(ast.Compare):  # if device != torch.device("cpu"): …
        made = [part for part in compared.comparators if isinstance(part, ast.Call)]
        found |= {id(inner) for part in made if (dotted(part.func) or "").endswith("device") for inner in walk(part)}
    for given in analysis.source.of(ast.arguments):  # def encode(device=torch.device("cpu")): what it falls back to
        for default in [*given.defaults, *given.kw_defaults]:
            if isinstance(default, ast.Call) and default.args and _text(default.args[0]) == "cpu":
                found.add(id(default))
    moved = [executed.site.node for executed in analysis.called.get("to", []) if executed.site.node.args]
    back = [call for call in moved if _text(call.args[0]) == "cpu"]
    if any(_to_another(call.args[0]) for call in moved):  # samples.to("cpu"), to be kept or drawn
        found |= {id(call) for call in back}
    for moves in analysis.source.of(ast.FunctionDef):
        if moves.name == "cuda":  # what it is to move there: whoever calls it chooses
            found |= {id(part) for part in walk(moves)}
    for keyword in analysis.source.of(ast.keyword):
        if keyword.arg == "map_location":  # where saved weights are read to, whatever trains them
            found |= {id(part) for part in walk(keyword.value)}
    if "set_memory_growth" in analysis.names and "device" not in analysis.called:
        listed = analysis.called.get("list_physical_devices", [])
        found |= {id(executed.site.node) for executed in listed}  # GPUs that are listed to be told how to keep house
    for chosen in analysis.source.of(ast.IfExp):
        sides = (chosen.body, chosen.orelse)  # "bfloat16" if available() else "float16"; `gpus=1 if …` is none such
        if not any(_names_device(side) or isinstance(getattr(side, "value", None), int) for side in sides):
            found |= {id(part) for part in walk(chosen.test) if isinstance(part, ast.Call)}
    for node in analysis.source.of(ast.If):
        if not _refuses(node):
            tests = [part for part in walk(node.test) if isinstance(part, ast.Call)]
            available = [part for part in tests if (dotted(part.func) or "").endswith(_AVAILABLE)]
            if isinstance(node.test, ast.Compare) and getattr(node.test.left, "attr", "") == "type":
                # `if device.type == "cuda": torch.cuda.synchronize()` names no device
                calls = [part for statement in node.body for part in walk(statement) if isinstance(part, ast.Call)]
                found |= {id(part) for part in calls if (dotted(part.func) or "").endswith(_GPU_CALLS)}
            if available and not any(_chooses(statement) for statement in [*node.body, *node.orelse]):
                found |= {id(part) for part in available}
    return found


def _to_another(place: ast.expr) -> bool:
    """Whether what is moved to a place is moved to a GPU, or to a device that a name stands for."""
    if isinstance(place, ast.Name | ast.Attribute):
        return "device" in _last(place).lower()
    return (_text(place) or "").startswith("cuda")


def _chooses(statement: ast.stmt) -> bool:
    if _names_device(statement):
        return True
    return isinstance(statement, ast.Assign) and not (dotted(statement.targets[0]) or "").startswith("torch.backends")


def _names_device(node: ast.AST) -> bool:
    for part in walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in {"cuda", "to"}:
            return True
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.match(r"cuda|cpu|mps|gpu", part.value):
            return True
        if isinstance(part, ast.Name | ast.Attribute) and re.search("device|tensor", _last(part), re.IGNORECASE):
            return True
    return False


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _refuses(node: ast.If) -> bool:
    """`if not torch.cuda.is_available(): raise …`, a test that lets nothing run without a GPU."""
    return isinstance(node.test, ast.UnaryOp) and isinstance(node.body[-1], ast.Raise)


def _tells(call: ast.Call) -> bool:
    """Whether a call may tell of a device, by what is called or by what it is given: nearly none does."""
    function = call.func
    last = function.attr if type(function) is ast.Attribute else dotted(function) or ""
    return last.endswith(_ENDS) or any(k.arg in _DEVICES or k.arg == "default" for k in call.keywords)


def _call(node: ast.Call, called: str, seen: _Seen) -> None:
    last = called.rpartition(".")[2]
    if last in {"autocast", "set_visible_devices"}:
        return  # how numbers are kept, and what a library shall not see
    if not last.endswith(_TELL):
        pass
    elif called.endswith(_AVAILABLE):
        seen.tests.append(node.lineno)
    elif (
        (last == "cuda" and isinstance(node.func, ast.Attribute))
        or called.endswith(_GPU_CALLS)
        or (last == "init_process_group" and any(_text(part) == "nccl" for part in _given(node)))
    ):
        seen.cuda.append(node.lineno)
    elif called in {"mx.gpu", "mx.cpu", "mxnet.gpu", "mxnet.cpu"}:
        (seen.cuda if last == "gpu" else seen.cpu).append(node.lineno)
    elif last == "multi_gpu_model":
        seen.several.append(node.lineno)
    elif last in _EITHER:
        seen.tests.append(node.lineno)
    elif called == "tf.device" and (_text(node.args[0] if node.args else node) or "").lower().startswith("/cpu"):
        seen.placed.append(node.lineno)
    elif last in {"device", "to", "set_default_device"} and node.args:
        _named(node.args[0], seen)
    for keyword in node.keywords if not last.endswith(_KEEPS) else []:
        if keyword.arg in _DEVICES:
            _named(keyword.value, seen)
        if keyword.arg == "default" and "device" in ast.unparse(node.args[0] if node.args else node)[:40]:
            _named(keyword.value, seen)


def _given(node: ast.Call) -> list[ast.expr]:
    return [*node.args, *(keyword.value for keyword in node.keywords)]


def _defaults(node: ast.FunctionDef | ast.AsyncFunctionDef, seen: _Seen) -> None:
    """`def train(device="cuda")`."""
    positional = [*node.args.posonlyargs, *node.args.args]
    pairs = [*zip(reversed(positional), reversed(node.args.defaults), strict=False)]
    pairs += [(a, d) for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d is not None]
    for argument, value in pairs:
        if argument.arg == "device" and _text(value) != "cpu":  # what a function falls back to chooses nothing
            _named(value, seen)


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _named(node: ast.expr, seen: _Seen) -> None:
    if isinstance(node, ast.IfExp):  # "cpu" if args.cpu else "cuda"
        sides = {(_text(side) or "").split(":")[0] for side in (node.body, node.orelse)}
        asked = any(isinstance(part, ast.Name) and part.id == "device" for part in walk(node.test))
        if {"cpu", "cuda"} <= sides and not asked:  # "cuda" if "cuda" in device else "cpu": the kind of one chosen
            seen.tests.append(node.lineno)
        return
    if isinstance(node, ast.BinOp):  # '/gpu:%d' % number
        node = node.left
    elif isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        node = node.func.value
    text = _text(node)
    if text is not None:
        seen.name(text, node.lineno)


def _trainer(analysis: Analysis, call: ast.Call, seen: _Seen) -> None:
    sites = (site for scope in analysis.program.scopes for site in scope.calls)
    frame = Frame(next((site.scope for site in sites if site.node is call), analysis.program.module))
    for name, node in _settings(call):
        value = analysis.value(node, frame).constant
        if name == "gpus" and value is None and _counted(analysis, node, frame):
            seen.tests.append(call.lineno)
        elif name == "accelerator":
            where = {"auto": seen.tests, "gpu": seen.cuda, "cuda": seen.cuda, "cpu": seen.cpu}.get(str(value))
            if where is not None:
                where.append(call.lineno)
        elif name == "gpus" and isinstance(value, int) and value > 0:
            seen.cuda.append(call.lineno)


def _settings(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """What a trainer is told of devices, also among the settings that the call spreads: `Trainer(**settings)`."""
    for keyword in call.keywords:
        if keyword.arg in {"accelerator", "gpus"}:
            yield keyword.arg, keyword.value
        elif keyword.arg is None:
            for name in ("accelerator", "gpus"):
                key = ast.copy_location(ast.Constant(name), keyword.value)
                yield name, ast.copy_location(ast.Subscript(keyword.value, key, ast.Load()), keyword.value)


def _counted(analysis: Analysis, node: ast.expr, frame: Frame) -> bool:
    """Whether as many GPUs are asked for as there are: `min(1, torch.cuda.device_count())`."""
    origins = [node, *(origin.node for origin in analysis.evaluator.resolver.follow(node, frame))]
    return any(
        isinstance(part, ast.Call) and (dotted(part.func) or "").endswith("cuda.device_count")
        for origin in origins
        for part in walk(origin)
    )
