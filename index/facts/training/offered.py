"""What takes the steps of a training that another file repeats, or makes the operation that does."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import CallSite, Scope, dotted, written

_DIFFERENTIATE = {"grad", "value_and_grad", "filter_grad", "filter_value_and_grad"}
_FLAT = re.compile(r"^(vector_to_parameters|set_flat_(param(eter)?s?|weights)(_to|_values)?)$")
_TRAINING = re.compile("train|learn|update|fit|optim|step|backprop|epoch", re.IGNORECASE)


def steps(analysis: Analysis) -> Scope | None:
    """The function that takes the steps of a training that another file repeats: `loss.backward(); self.o.step()`."""
    return next((scope for scope in analysis.program.functions if scope in analysis.reached and _learns(scope)), None)


def updates(analysis: Analysis) -> bool:
    """Whether a class takes the steps of a training of Chainer: it is an updater, and updates an optimizer."""
    bases = [
        analysis.name(base, Frame(scope.parent or scope))
        for scope in analysis.program.classes
        for base in (scope.node.bases if isinstance(scope.node, ast.ClassDef) else [])
    ]
    return any(base.startswith("chainer.") and base.endswith("Updater") for base in bases)


def minimises(analysis: Analysis) -> bool:
    """Whether a TensorFlow script makes a training operation, with an optimizer of whatever origin, or says at the end
    of a network of TFLearn how it is trained."""
    if any("train_op" in {k.arg for k in e.site.node.keywords} for e in analysis.called.get("EstimatorSpec", [])):
        return True
    return any(
        isinstance(executed.site.node.func, ast.Attribute)
        and re.search("optim", written(executed.site.node.func.value)[:200], re.IGNORECASE)
        for executed in analysis.called.get("minimize", [])
    ) or any(
        analysis.name(executed.site.node.func, executed.frame).startswith("tflearn.")
        for executed in analysis.called.get("regression", [])
    )


def _learns(scope: Scope) -> bool:
    """Whether a function takes a step: it goes backward and steps an optimizer, takes gradients and applies them, or
    trains a network of Keras on a batch."""
    if scope.class_around is None and not _TRAINING.search(scope.name):
        return False
    names = {site.name for site in scope.calls}
    if scope.class_around is not None and any(map(_hands_over, scope.calls)):
        return True
    if "apply_gradients" in names and scope.owner is not None:  # by one method, of what another takes
        names |= {site.name for method in scope.owner.children for site in method.calls}
    if "gradient" in names and any(map(_takes_gradients, scope.calls)):
        return True
    if {"gradient", "apply_gradients"} <= names or "train_on_batch" in names:  # of a tape of TensorFlow, of Keras
        return True
    if "grad" in names and any(map(_FLAT.match, names)):  # a step whose length is searched for, as of TRPO
        return True
    if names & _DIFFERENTIATE and names & {"apply_updates", "apply_gradients"}:  # of JAX
        return True
    return bool(names & {"backward", "manual_backward"}) and any(map(_steps, scope.calls))


def _steps(site: CallSite) -> bool:
    """Whether a call steps an optimizer: `optimizer.step()`, `scaler.step(optimizer)`."""
    function = site.node.func
    if site.name != "step" or not isinstance(function, ast.Attribute):
        return False
    return any(re.search("opt", written(part)[:200], re.IGNORECASE) for part in (function.value, *site.node.args))


def _takes_gradients(site: CallSite) -> bool:
    """Whether an optimizer that is no framework's is given gradients: `self.optimizer.optimize(grads, episodes)`."""
    function = site.node.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in {"optimize", "apply", "step", "update"}
        and re.search("opt", written(function.value)[:200], re.IGNORECASE) is not None
        and any(re.search("grad", written(part)[:200], re.IGNORECASE) for part in site.node.args)
    )


def _hands_over(site: CallSite) -> bool:
    """Whether a function that takes the step is handed the loss and the optimizer: `update(actor_loss, self.optim)`."""
    given = [(dotted(part) or "").rpartition(".")[2].lower() for part in site.node.args]
    own = isinstance(site.node.func, ast.Name) and len(given) > 1
    return own and given[0].endswith("loss") and any("optim" in name for name in given[1:])


def evolves(analysis: Analysis) -> bool:
    """Whether an evolution strategy is asked for parameters and told how good they were: `es.ask()`, `es.tell(…)`."""
    asked, told = (
        {
            dotted(e.site.node.func.value)
            for e in analysis.called.get(name, [])
            if isinstance(e.site.node.func, ast.Attribute)
        }
        for name in ("ask", "tell")
    )
    return bool((asked & told) - {None})
