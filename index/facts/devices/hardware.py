"""What a script runs on, from the devices it names: a test for availability with a fallback is CPU/GPU, not one."""

from __future__ import annotations

import ast
import re

from index.facts.devices import aside, elsewhere, forced, statements, trainer
from index.facts.devices.statements import TPU, Seen
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import dotted
from index.facts.network.layers import is_module
from index.files.tree import walk

_OF_GPU = re.compile(r"^torch\.cuda\.\w+Tensor$")
_TELLING = {ast.Call, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef, ast.Assert, ast.If, ast.Dict}


def read(analysis: Analysis) -> tuple[str | None, int]:
    """ "CPU/GPU", "GPU", "CPU" or "TPU", and the line that says so; (None, 0) where the script leaves it open."""
    platform = forced.platform(analysis)
    if platform[0]:
        return platform
    decided, on_cpu = forced.to_cpu(analysis)
    seen, offers, trainers = Seen(), Seen(), Seen()
    seen.cpu += [on_cpu] if on_cpu else []
    seen.cuda += _kinds_of_numbers(analysis)
    for executed in analysis.called.get("to_gpu", []):  # of Chainer: if args.gpu >= 0: model.to_gpu()
        if not executed.site.node.args:  # not of an array: cuda.to_gpu(x)
            (seen.tests if executed.site.guards else seen.cuda).append(executed.line)
    choosing_none, offered = aside.choosing_none(analysis) | decided, aside.offered(analysis)
    for node in [node for node in analysis.nodes if type(node) in _TELLING]:
        if id(node) in choosing_none:
            continue
        if not isinstance(node, ast.Call):
            statements.read(node, seen)
        elif statements.tells(node):
            called = statements.called(node)
            if called.endswith(TPU):
                if _left_out(analysis, node):
                    continue
                return "TPU", node.lineno
            if id(node) not in offered or not called.endswith("cuda.set_device"):  # `if gpu is not None:` chooses which
                statements.call(node, offers if id(node) in offered else seen)
            if called.endswith("Trainer"):
                trainer.read(analysis, node, trainers)
    trainer.instantiated(analysis, trainers)
    # a trainer puts the model where it is told, whatever is asked beside it
    return trainers.one() or _verdict(analysis, seen, offers)


def _left_out(analysis: Analysis, call: ast.Call) -> bool:
    """Whether a call stands in a branch that what the script is set to leaves out: `elif args.device == "tpu":`."""
    holds = analysis.evaluator.resolver.holds
    sites = ((site, scope) for scope in analysis.program.scopes for site in scope.calls if site.node is call)
    return any(holds(guard, Frame(scope)) is False for site, scope in sites for guard in site.guards)


def _verdict(analysis: Analysis, seen: Seen, offers: Seen) -> tuple[str | None, int]:
    """What all that was seen comes to; `offers` are under a switch that is off by default."""
    seen.required += _taken(analysis) + (_moved(analysis) if seen.tests else [])
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
    return ("CPU", placed[0]) if placed else elsewhere.settled(analysis)


def _kinds_of_numbers(analysis: Analysis) -> list[int]:
    """Where a name stands for the tensors of a GPU, whatever else: `dtype = torch.cuda.FloatTensor`."""
    told = "Tensor" in analysis.source.text and "cuda" in analysis.names
    return [
        bindings[0].line
        for scope in (analysis.program.scopes if told else [])
        for bindings in scope.bindings.values()
        if len(bindings) == 1 and not bindings[0].guards and isinstance(bindings[0].node, ast.Attribute)
        and _OF_GPU.search(dotted(bindings[0].node) or "")
    ]  # fmt: skip


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


def _moved(analysis: Analysis) -> list[int]:
    """Where a network of the script goes to the GPU whether or not there is one, whatever is asked elsewhere:
    `net = Net()`, then `net.cuda()`."""
    chosen = {id(part) for choice in analysis.source.of(ast.IfExp) for part in walk(choice)}
    chosen |= {id(part) for tried in analysis.source.of(ast.Try) for part in walk(tried)}
    resolver = analysis.evaluator.resolver
    for executed in analysis.called.get("cuda", []):
        call, sure = executed.site.node, not executed.site.guards and executed.frame.call is None
        if not sure or id(call) in chosen or call.args or not isinstance(call.func, ast.Attribute):
            continue
        origins = resolver.follow(call.func.value, executed.frame)
        made = [resolver.definition(o.node.func, o.frame) for o in origins if isinstance(o.node, ast.Call)]
        if len(made) == len(origins) == 1 and made[0] is not None and made[0].is_class and is_module(analysis, made[0]):
            return [executed.line]
    return []


def _is_first(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and dotted(node.value) == name
