"""Trainings that a library runs by a call of `fit`: Keras, and what looks like it."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from index.facts.data import loaders
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed, Execution
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.program import dotted, last_name, written
from index.facts.evaluation.values import Value
from index.facts.training import loops, optimizers, trainers
from index.facts.training.launching import REMEMBERS
from index.facts.training.optimizers import Optimizer
from index.facts.training.training import Training
from index.files.tree import walk

_MOST = 64  # stages of one script
_FITS = {"fit", "fit_generator", "train", "run"}
_FITS_OTHERS = {"PIL", "numpy", "scipy", "cv2", "skimage"}  # libraries, by whose functions nothing is trained
_UNSLOTH = "unsloth_train"
_COUNTS = ("epochs", "nb_epoch", "n_epoch", "num_epoch")
# Of Keras; of PaddlePaddle, `paddle.Model(net).prepare(optimizer, loss)`; of the modules of MXNet.
_OPTIMIZER = re.compile(r"(^|_)opt(im|imi[sz]er)?$")
_AMOUNT = re.compile(r"(^|_)(len(gth)?|num|count|samples|total|n)(_|$)", re.IGNORECASE)  # of the data
_OCTET = 8  # what batches are multiples of, where a number alone is to be taken for one
_DRAWS = re.compile(r"numpy\.random\.(\w+\.)?(uniform|normal|randn?|random|random_sample|standard_normal)$")
_COMPILES = {"compile", "prepare", "init_optimizer"}
_WRAPPERS = {"KerasClassifier", "KerasRegressor"}


class _Moved(NamedTuple):
    """The optimizer by its name, its construction if there is one, its rate, and else the text that names it."""

    name: str | None = None
    optimizer: Optimizer | None = None
    rate: Value | None = None
    named: Value | None = None


def find(analysis: Analysis, execution: Execution) -> list[tuple[int, Training]]:
    """Each call of `fit` (or `train` of a transformers Trainer) as a stage, with its place in the running order."""
    found: list[tuple[int, Training]] = []
    by_command = "LightningCLI" in analysis.words
    for order, executed in enumerate(execution.calls):
        told = trainers.command_line(analysis, executed) if by_command else None
        if told is not None:
            found.append((order, told))
        function = _started(analysis, executed) or executed.site.node.func
        if (executed.name not in _FITS and executed.name != _UNSLOTH) or not isinstance(function, ast.Attribute):
            continue
        if analysis.name(function.value, executed.frame).partition(".")[0] in _FITS_OTHERS:
            continue
        if len(found) >= _MOST:
            break
        if _seeks(analysis, executed):
            continue
        for origin in analysis.evaluator.resolver.follow(function.value, executed.frame):
            training = _training(analysis, execution, executed, function, origin)
            if training is not None:
                found.append((order, training))
                break
    return found


def _seeks(analysis: Analysis, executed: Executed) -> bool:
    """Whether a network is fitted to one sample that is drawn, as what seeks an input of it is:
    `net.fit(np.random.uniform(0, 1, size=(1, 10)), x)`."""
    given = argument(executed.site.node, ("x",), 0) if executed.name == "fit" else None
    drawn = analysis.evaluator.resolver.follow(given, executed.frame) if given is not None else []
    call = drawn[0].node if len(drawn) == 1 else None
    if not isinstance(call, ast.Call) or not _DRAWS.match(analysis.name(call.func, drawn[0].frame)):
        return False
    shape = argument(call, ("size", "shape"))
    numbers = [*getattr(shape, "elts", [])] if shape is not None else call.args if call.args else []
    return len(numbers) > 1 and isinstance(numbers[0], ast.Constant) and numbers[0].value == 1


def _started(analysis: Analysis, executed: Executed) -> ast.Attribute | None:
    """The call that a function stands for which starts a trainer that it is given: `unsloth_train(trainer)`."""
    call = executed.site.node
    given = call.args if executed.name == _UNSLOTH else []
    if not given or not analysis.name(call.func, executed.frame).startswith("unsloth."):
        return None
    return ast.copy_location(ast.Attribute(given[0], "train", ast.Load()), call)


def _training(
    analysis: Analysis, execution: Execution, executed: Executed, function: ast.Attribute, origin: Origin
) -> Training | None:
    made = origin.node
    full = analysis.name(made.func, origin.frame) if isinstance(made, ast.Call) else ""
    full = (analysis.target(made, origin.frame) if isinstance(made, ast.Call) else "") or full
    name = full.removesuffix(".from_argparse_args").split(".")[-1]
    own = analysis.evaluator.resolver.instance_of(origin)
    if own is not None and own.method(function.attr) is not None:
        return None  # a trainer of the script's own: its loop is read where it stands
    if own is not None and isinstance(own.node, ast.ClassDef) and not name.endswith("Trainer"):  # Chunked(Trainer)
        name = next((base for base in map(last_name, own.node.bases) if base.endswith("Trainer")), name)
    if isinstance(made, ast.Call) and name.endswith("Trainer"):
        if function.attr == "run":
            return trainers.chainer(analysis, executed, made, origin.frame)
        if function.attr == "train":
            return trainers.transformers(analysis, executed, made, origin.frame)
        return trainers.lightning(analysis, executed, made, origin.frame)
    if function.attr in {"fit", "fit_generator"}:
        return _keras(analysis, execution, executed, function)
    return None


def _keras(analysis: Analysis, execution: Execution, executed: Executed, function: ast.Attribute) -> Training | None:
    receiver = written(function.value)
    compiled = None
    for other in execution.calls:
        target = other.site.node.func
        if other is executed:
            break
        set_up = other.name in _COMPILES and isinstance(target, ast.Attribute)
        if set_up and _same(analysis, executed, other, receiver):
            compiled = other
    wrapper = _wrapper(analysis, executed, function)
    compiled = compiled or _only(analysis, executed, function) or _within(analysis, wrapper)
    told = argument(executed.site.node, ("optimizer",)) if compiled is None else None
    compiled = compiled or (_alike(analysis, executed, function) if told is None and wrapper is None else None)
    call = executed.site.node
    by_place = (
        function.attr == "fit" and compiled is not None
    )  # fit(x, y, batch_size, epochs); fit_generator orders them otherwise
    by_place = by_place and wrapper is None
    place = 2 if function.attr == "fit_generator" else None  # fit_generator(generator, steps_per_epoch, epochs)
    epochs = argument(call, _COUNTS, 3 if by_place else place)
    size_node = argument(call, ("batch_size",), 2 if by_place else None)
    counted = sized = executed.frame
    if wrapper is not None:
        made_by, where = wrapper
        if epochs is None:
            epochs, counted = argument(made_by, _COUNTS), where
        if size_node is None:
            size_node, sized = argument(made_by, ("batch_size",)), where
    if compiled is not None:
        name, optimizer, rate, named = _compiled(analysis, compiled)
    elif told is not None:  # fit(x, y, optimizer=optimizer)
        name, optimizer, rate, named = _moved_by(analysis, told, executed.frame)
    else:
        name, optimizer, rate, named = _made_with(analysis, function.value, executed.frame)
    if compiled is None and epochs is None and name is None:
        return None
    learns = _regression(analysis, function.value, executed.frame) if size_node is None else None
    if learns is not None:
        size_node, sized = argument(learns[0], ("batch_size",)), learns[1]
    served = argument(call, ("x", "generator", "train_data"), 0)
    if size_node is not None:
        size: Value | None = analysis.scaled(size_node, sized)
    else:
        size = loaders.batch(analysis, served, executed.frame) if served is not None else None
    if size is None and (steps := argument(call, ("steps_per_epoch", "samples_per_epoch"))) is not None:
        size = _divisor(analysis, steps, executed.frame)
    if compiled is None and wrapper is None:  # SentenceTransformer(…).fit(train_objectives=[(loader, loss)], …)
        size = size or loaders.training(analysis)
        told = argument(call, ("optimizer_params",))
        rate = optimizers.of_settings(analysis, told, executed.frame) if told is not None else rate
    loader = (served, executed.frame) if served is not None else None
    count = analysis.value(epochs, counted) if epochs is not None else None
    if executed.loops and count is not None and count.number == 1:
        count = loops.again(analysis, executed)
    elif count is not None and count.number == 1 and _from_memory(analysis, executed):
        count = None  # a step of an agent, which another file counts
    elif executed.loops and epochs is None and compiled is not None:  # one pass each time that the loop comes round
        count = loops.repeated(analysis, executed)
    trained = ((function.value, executed.frame),)
    made = analysis.evaluator.resolver.follow(function.value, executed.frame)
    own = compiled is not None or any(isinstance(origin.node, ast.Call) for origin in made)
    own = own or (epochs is not None and wrapper is None and not _given(function.value, executed.frame))
    return Training(
        f"{receiver}.fit", executed.line, optimizer, name, rate, size, count, loader, trained, own, named=named
    )


def _from_memory(analysis: Analysis, executed: Executed) -> bool:
    """Whether a function fits what it draws from what an agent remembers: `random.sample(self.memory, 32)`."""
    kept = [site.node.args[0] for site in executed.frame.scope.calls if site.name == "sample" and site.node.args
            and analysis.name(site.node.func, executed.frame) == "random.sample"]  # fmt: skip
    return any(REMEMBERS.search((dotted(part) or "").rpartition(".")[2]) for part in kept)


def _given(node: ast.expr, frame: Frame) -> bool:
    """Whether a function fits what it is given."""
    bound = frame.scope.bindings.get(node.id, []) if isinstance(node, ast.Name) else []
    return any(binding.kind == "parameter" for binding in bound)


def _divisor(analysis: Analysis, steps: ast.expr, frame: Frame) -> Value | None:
    """The batch size that the steps of an epoch are told by: `steps_per_epoch=len(x) // batch_size`."""
    for origin in analysis.evaluator.resolver.follow(steps, frame):
        parts = [part for part in walk(origin.node) if isinstance(part, ast.BinOp)]
        for part in parts:
            size = part.right
            if isinstance(size, ast.Call) and len(size.args) == 1:  # len(x) / float(batch_size)
                size = size.args[0]
            by = isinstance(part.op, ast.Div | ast.FloorDiv)
            if by and (loaders.is_size(dotted(size) or "") or _parts(part.left, size)):
                return analysis.scaled(size, origin.frame)
    return None


def _parts(counted: ast.expr, size: ast.expr) -> bool:
    """Whether the length of what serves the data is divided by a number as batches have: `data.length // 64`."""
    number = size.value if isinstance(size, ast.Constant) and type(size.value) is int else 0
    length = isinstance(counted, ast.Call) and getattr(counted.func, "id", "") == "len"
    served = isinstance(counted, ast.Attribute) and _AMOUNT.search(counted.attr)
    return number > 0 and number % _OCTET == 0 and bool(length or served)


def _wrapper(analysis: Analysis, fitted: Executed, function: ast.Attribute) -> tuple[ast.Call, Frame] | None:
    """What makes a Keras model look like an estimator, with its settings: `KerasClassifier(build_fn, epochs=10)`."""
    for origin in analysis.evaluator.resolver.follow(function.value, fitted.frame):
        made = origin.node
        if isinstance(made, ast.Call) and analysis.name(made.func, origin.frame).split(".")[-1] in _WRAPPERS:
            return made, origin.frame
    return None


def _within(analysis: Analysis, wrapper: tuple[ast.Call, Frame] | None) -> Executed | None:
    """The `compile` of the function that a wrapper builds its model by."""
    build = argument(wrapper[0], ("build_fn", "model"), 0) if wrapper is not None else None
    if wrapper is None or build is None:
        return None
    built = analysis.evaluator.resolver.definition(build, wrapper[1])
    return next((other for other in analysis.called.get("compile", []) if other.frame.scope is built), None)


def compiled(analysis: Analysis, execution: Execution) -> list[Training]:
    """Networks of Keras compiled with an optimizer by its name, which another file fits: `compile("adam", "mse")`."""
    found = []
    for executed in execution.calls:
        call = executed.site.node
        if executed.name == "compile" and isinstance(call.func, ast.Attribute) and argument(call, ("loss",), 1):
            name, optimizer, rate, named = _compiled(analysis, executed)
            if name is not None:
                found.append(Training("training", executed.line, optimizer, name, rate, None, None, named=named))
    return found


def compiled_with(analysis: Analysis, fitted: Executed, function: ast.Attribute) -> list[Optimizer]:
    """The optimizer that a network is compiled with, of which one method is called that trains it."""
    receiver = written(function.value)
    for other in reversed(analysis.called.get("compile", [])):
        if isinstance(other.site.node.func, ast.Attribute) and _same(analysis, fitted, other, receiver):
            name, optimizer, _, named = _compiled(analysis, other)
            others = (_compiled(analysis, made).optimizer for made in analysis.called["compile"])
            if optimizer is None and name is not None and not any(others):  # compile(optimizer="adam"), as all are
                optimizer = Optimizer(name, other.line, None, other.site.node, other.frame, named=named)
            return [optimizer] if optimizer is not None else []
    return []


def set_up(analysis: Analysis, stepped: Executed, function: ast.Attribute) -> list[Optimizer]:
    """The optimizer that a module of MXNet was told to step: `module.init_optimizer("adam", …)`, `module.update()`."""
    for other in reversed(analysis.called["init_optimizer"]):
        told = isinstance(other.site.node.func, ast.Attribute) and other.frame.scope is stepped.frame.scope
        if told and _same(analysis, stepped, other, written(function.value)):
            name, optimizer, rate, named = _compiled(analysis, other)
            named_only = Optimizer(name, other.line, rate, other.site.node, other.frame, named=named) if name else None
            made = optimizer or named_only
            return [made] if made is not None else []
    return []


def _only(analysis: Analysis, fitted: Executed, function: ast.Attribute) -> Executed | None:
    """The one `compile` of a file that is a library, where what is fitted is handed to a function, or is `self`."""
    receiver = function.value
    bound = fitted.frame.scope.bindings.get(receiver.id, []) if isinstance(receiver, ast.Name) else []
    if not bound or any(binding.kind != "parameter" for binding in bound) or fitted.frame.call is not None:
        return None
    sites = {other.site.node: other for other in analysis.called.get("compile", [])
             if argument(other.site.node, ("optimizer",)) is not None}  # fmt: skip
    return next(iter(sites.values())) if len(sites) == 1 else None


def _alike(analysis: Analysis, fitted: Executed, function: ast.Attribute) -> Executed | None:
    """Any `compile` of the script, where all say the same and what is fitted is one of the networks that it makes."""
    resolver = analysis.evaluator.resolver
    for origin in resolver.follow(function.value, fitted.frame):
        made = origin.node
        foreign = isinstance(made, ast.Call) and not origin.element and resolver.own(made.func, origin.frame) is None
        if foreign and isinstance(made, ast.Call) and analysis.name(made.func, origin.frame):
            return None  # of another file
    all_of = [other for other in analysis.called.get("compile", []) if argument(other.site.node, ("loss",), 1)]
    moved = [_compiled(analysis, other) for other in all_of]
    said = {(one.name, one.rate.options if one.rate else None) for one in moved}
    return all_of[0] if len(said) == 1 else None


def _same(analysis: Analysis, fitted: Executed, compiled: Executed, receiver: str) -> bool:
    """Whether `compile` was called on the object that is now fitted: the same name, or the same construction."""
    target, function = compiled.site.node.func, fitted.site.node.func
    assert isinstance(target, ast.Attribute) and isinstance(function, ast.Attribute)
    if written(target.value) == receiver and compiled.frame.scope is fitted.frame.scope:
        return True
    follow = analysis.evaluator.resolver.follow
    made = {id(origin.node) for origin in follow(target.value, compiled.frame)}
    return any(id(origin.node) in made for origin in follow(function.value, fitted.frame))


def _compiled(analysis: Analysis, compiled: Executed) -> _Moved:
    given = (word.value for word in compiled.site.node.keywords if word.arg and _OPTIMIZER.search(word.arg))
    node = argument(compiled.site.node, ("optimizer",), 0) or next(given, None)  # compile(d_optimizer=…, g_optimizer=…)
    told = argument(compiled.site.node, ("optimizer_params",)) if compiled.name == "init_optimizer" else None
    if node is None:
        return _Moved()
    moved = _moved_by(analysis, node, compiled.frame)
    return moved._replace(rate=optimizers.of_settings(analysis, told, compiled.frame)) if told is not None else moved


def _regression(analysis: Analysis, fitted: ast.expr, frame: Frame) -> tuple[ast.Call, Frame] | None:
    """What a network of tflearn learns by: `DNN(regression(net, optimizer="adam", batch_size=64))`."""
    for origin in analysis.evaluator.resolver.follow(fitted, frame):
        made, home = origin.node, origin.frame
        if isinstance(made, ast.Call) and made.args and analysis.name(made.func, home).startswith("tflearn."):
            for layer in analysis.evaluator.resolver.follow(made.args[0], home):
                if isinstance(layer.node, ast.Call):
                    return layer.node, layer.frame
    return None


def _made_with(analysis: Analysis, fitted: ast.expr, frame: Frame) -> _Moved:
    """The optimizer that what is fitted was made with: `Net(optimizer=Adam(1e-3))`, and of tflearn
    `DNN(regression(net, optimizer="adam"))`."""
    for origin in analysis.evaluator.resolver.follow(fitted, frame):
        made, home = _regression(analysis, fitted, frame) or (origin.node, origin.frame)
        node = argument(made, ("optimizer",)) if isinstance(made, ast.Call) else None
        if node is not None and isinstance(made, ast.Call):
            moved = _moved_by(analysis, node, home)
            told = argument(made, ("learning_rate", "lr")) if moved.optimizer is None else None
            return moved._replace(rate=analysis.value(told, home)) if told is not None else moved
    return _Moved()


def _moved_by(analysis: Analysis, node: ast.expr, frame: Frame) -> _Moved:
    for origin in analysis.evaluator.resolver.follow(node, frame):
        optimizer = optimizers.read(analysis, origin)
        if optimizer is not None:
            return _Moved(optimizer.name, optimizer, optimizer.lr)
    named = optimizers.named(analysis, node, frame)
    return _Moved(str(named.constant) if named else None, named=named)
