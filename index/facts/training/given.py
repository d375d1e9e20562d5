"""Trainings of what a script is handed, or gets from who knows where: what is done with it says that it is trained.

`model.fit(X, y)` of a parameter, `factory.create(config).train(X, y)`, `loss = agent.update(batch)` in a loop. Nothing
here reads a value.
"""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.program import Scope, dotted, written
from index.facts.training import launching
from index.files.tree import walk

_FITS = Identifiers(
    r"^(partial_|re)?fit(_(generator|model|one_cycle|predict))?$|^(fine_?tune|train)(_(and|on|model)_?\w*)?$"
)
_TRAINED = Identifiers(
    r"(^|_)(model|net|network|trainer|learner|agent|clf|classifier|regressor|reg|regr|estimator|est|algo|algorithm)"
    r"(_?(class|cls|type|fn|func|factory|copy|clone|instance|obj))?\d*$|^(cloned?|pipe|pipeline)$",
    re.IGNORECASE,
)
_SWITCH = re.compile(r"^(self\.)?(is_?)?(train(ing)?|mode|flag|enabled?)$", re.IGNORECASE)
_IMPROVES = re.compile(
    r"^(update|optimi[sz]e|learn|train|improve)(_(step|batch|on_batch|parameters|policy|agent|networks?))?$"
)
# Of what a library says is trained by an agent, part by part.
_PARTS = re.compile(r"^update_(\w+_)?(actor|critic|policy|value|q|alpha|model|networks?)(_\w+)?$")
_AGENTS = re.compile(r"(^|_)(agent|policy|learner|algo(rithm)?)\d*$")
_TAKES_STEP = re.compile(
    r"^(train|update|learn|step|optimi[sz]e)(_(step|batch|epoch|one_epoch|model|networks?|policy|actor|critic))?$"
)
_OPTIMIZERS = re.compile(r"(^|[._\[(' ])opt(im|imi[sz]ers?)?\d*($|[._\[\])', ])|optimi[sz]er", re.IGNORECASE)
_HANDED_OUT = re.compile(
    r"^((transformers|trl|sentence_transformers)\.(\w+\.)*\w*Trainer|ignite\.\w+\.create_supervised_trainer)$"
)
_CLIENTS = re.compile(
    r"(update|train|fit)\w*clients?|clients?_?(update|train|fit)|local_?(update|train|fit)", re.IGNORECASE
)
_AGGREGATES = re.compile(r"(aggregat\w*|average)_?(models?|weights|param\w*)|^aggregate$|fed_?avg", re.IGNORECASE)
_COPIES = {"clone", "deepcopy", "copy"}


def trains(analysis: Analysis) -> bool:
    """Whether the script trains what it is handed, or what others make for it in a way that cannot be followed."""
    return (
        bool(trainers(analysis))
        or any(map(_federates, analysis.program.functions))
        or any(
            _fits(analysis, executed) or _improves(analysis, executed) or _hands_optimizer(analysis, executed)
            for executed in analysis.executed
        )
    )


def trainers(analysis: Analysis) -> list[Executed]:
    """The constructions of trainers that functions hand out, for others to start: `return SFTTrainer(model, args)`."""
    if "Trainer" not in analysis.source.text and "create_supervised_trainer" not in analysis.names:
        return []
    follow = analysis.evaluator.resolver.follow
    returned = {
        id(origin.node)
        for scope in analysis.program.functions
        for value, _ in scope.returns
        for origin in follow(value, Frame(scope))
    }
    return [
        executed
        for executed in analysis.executed
        if id(executed.site.node) in returned
        and _HANDED_OUT.match(analysis.name(executed.site.node.func, executed.frame))
    ]


def _fits(analysis: Analysis, executed: Executed) -> bool:
    """Whether a call fits something to data: `model.fit(X, y)`, `make(kind).fit(X, y)`, `trainer.fit(model=net)`."""
    function, call = executed.site.node.func, executed.site.node
    if not isinstance(function, ast.Attribute) or not _FITS.match(function.attr) or _switches(executed):
        return False
    made = function.value
    called = dotted(made.func if isinstance(made, ast.Call) else made) or ""
    if not _TRAINED.search(called.rpartition(".")[2]):
        return False
    return bool(call.args or call.keywords) and _of_others(analysis, made, executed.frame)


def _switches(executed: Executed) -> bool:
    """Whether `model.train(mode)` only says whether dropout is on."""
    given = [*executed.site.node.args, *(keyword.value for keyword in executed.site.node.keywords)]
    return executed.name == "train" and len(given) < 2 and all(
        isinstance(part, ast.Constant | ast.Compare | ast.BoolOp | ast.UnaryOp) or _SWITCH.match(written(part)[:200])
        for part in given
    )  # fmt: skip


def _of_others(analysis: Analysis, node: ast.expr, frame: Frame) -> bool:
    """Whether something is a parameter, or made by what no import and no class of the script says."""
    resolver = analysis.evaluator.resolver
    for origin in resolver.follow(node, frame):
        made = origin.node
        if origin.name:
            continue
        if isinstance(made, ast.Attribute) or _is_parameter(
            made, origin.frame
        ):  # self.model, which a derived class sets
            return True
        if isinstance(made, ast.Call) and resolver.definition(made.func, origin.frame) is None:
            full = analysis.name(made.func, origin.frame)
            if (
                not full
                or origin.element
                or full.rpartition(".")[2] in _COPIES
                or _is_parameter(made.func, origin.frame)
            ):
                return True
    return False


def _is_parameter(node: ast.AST, frame: Frame) -> bool:
    bound = frame.scope.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
    return any(binding.kind == "parameter" for binding in bound)


def _federates(scope: Scope) -> bool:
    """Whether a loop has clients train and puts together what they learned: `self.update_clients()`,
    `self.average_model()`."""
    names = [site.name for site in scope.calls if site.loops]
    return any(map(_CLIENTS.search, names)) and any(map(_AGGREGATES.search, names))


def _hands_optimizer(analysis: Analysis, executed: Executed) -> bool:
    """Whether a function of another file takes a step with the optimizer that it is handed: `policy.update(batch,
    actor, optimizers["actor"])`."""
    call = executed.site.node
    if not _TAKES_STEP.match(executed.name) or len(call.args) + len(call.keywords) < 2:
        return False
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if not any(_OPTIMIZERS.search(written(part)[:200]) for part in given):
        return False
    full = analysis.name(call.func, executed.frame)
    return "." in full and full.partition(".")[0] not in LIBRARIES and not full.startswith(("self.", "cls."))


def _improves(analysis: Analysis, executed: Executed) -> bool:
    """Whether a loop takes the steps of an agent part by part, `agent.update_critic(batch)`, or is told by what it is
    handed how much a step lost: `info = model.update(**batch)`, and then `info["loss"]`."""
    function, call = executed.site.node.func, executed.site.node
    if not executed.loops or not isinstance(function, ast.Attribute):
        return False
    receiver = (dotted(function.value) or "").rpartition(".")[2]
    if _PARTS.match(function.attr) and _AGENTS.search(receiver) and call.args:
        return analysis.evaluator.resolver.method_called(function, executed.frame) is None
    if not _IMPROVES.match(function.attr) or not _TRAINED.search(receiver) or launching.switches(analysis, executed):
        return False
    scope = executed.site.scope
    kept = {name for name, bound in scope.bindings.items() if any(b.node is call for b in bound)}
    if any("loss" in name.lower() for name in kept):
        return True
    return any(
        isinstance(node, ast.Subscript) and dotted(node.value) in kept and isinstance(node.slice, ast.Constant)
        and "loss" in str(node.slice.value).lower()
        for node in walk(scope.node)
    )  # fmt: skip
