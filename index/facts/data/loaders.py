"""Where the training batches come from: torch DataLoaders, tf.data pipelines, Keras generators, and their sizes."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation import arguments
from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import Scope, dotted, written
from index.facts.evaluation.values import Value
from index.files.tree import walk

_LOADERS = ("DataLoader", "FastDataLoader", "NumpyLoader", "MultiEpochsDataLoader")
_GENERATORS = {
    "flow_from_directory", "flow", "flow_from_dataframe", "image_dataset_from_directory", "prepare_tf_dataset",
    "to_tf_dataset", "text_dataset_from_directory", "timeseries_dataset_from_array", "batch_iterator",
    "TimeseriesGenerator", "make_csv_dataset", "numpy_input_fn", "pandas_input_fn",
}  # fmt: skip
_SERVING = {"next_batch", "get_batch", "sample_batch", "get_next_batch", "next_train_batch", "fetch_batch",
            "random_batch", "sample", "sample_buffer", "get_minibatch"}  # fmt: skip
_AS_THEY_ARE = {"iter", "islice", "as_numpy", "prefetch_to_device", "shard_batch", "Iterator",
                "experimental_distribute_dataset"}  # fmt: skip
_QUEUES = {"batch", "shuffle_batch", "batch_join", "shuffle_batch_join"}  # of TensorFlow 1
RANGES = {"range", "xrange", "trange", "arange"}
_MOST = 200  # loaders of one script that are looked at
_SIZE = ("batch_size", "train_batch_size", "batch_size_train", "batchsize", "batchSize", "BATCH_SIZE", "bs")
_NAMED = Identifiers(
    r"^((train_?|mini_?)?(batch_?(size|sz)|bs|bsz|b_sz)(_train)?|mini_?batch|mb_?size|(size|sz)_?(of_)?(mini_?)?batch(es)?)$",
    re.IGNORECASE,
)
_DRAWS = {"choice", "randint", "sample", "choices", "integers"}
_AMOUNT_DRAWN = re.compile(r"((n|num|nb)_?)?batch(es)?(_?n(um)?)?", re.IGNORECASE)
_EVALUATION = Identifiers(
    r"(^|_)(test|val|valid|validate|validation|eval|evaluate|evaluation|dev|sample|sampling|preview|demo|fid|inception_score|plot|"
    r"visualize|generate)(_|$|[0-9])|(^|_)(test|val|valid|validation|eval|dev)((?-i:[A-Z])|(data)?(loader|set)$)",
    re.IGNORECASE,
)
_TO_TRAIN = {"train", "is_train", "training", "is_training"}
_PARTS = {"split", "subset", "mode", "phase", "partition"}
_TRAINS = Identifiers(r"train", re.IGNORECASE)
_AMOUNT = Identifiers(r"size|split|ratio|frac|batch|num|percent|count|seed|^test$", re.IGNORECASE)


def batch(analysis: Analysis, node: ast.expr, frame: Frame) -> Value | None:
    """The batch size of what an expression iterates over; None when that is not a loader."""
    found = [
        size
        for origin in analysis.evaluator.resolver.follow(node, frame)
        if (size := _of(analysis, origin)) is not None
    ]
    if not found:
        return None
    return found[0] if len({value.options for value in found}) == 1 else Value((), found[0].line, found[0].node)


def sources(analysis: Analysis, node: ast.expr, frame: Frame) -> list[Origin]:
    """The constructions of the data that a loader expression may serve."""
    found: list[Origin] = []
    for origin in analysis.evaluator.resolver.follow(node, frame):
        call = origin.node
        if isinstance(call, ast.Call) and _last(analysis, call, origin.frame).endswith(_LOADERS):
            given = argument(call, ("dataset",), 0)
            found += analysis.evaluator.resolver.follow(given, origin.frame) if given is not None else []
    return found


def constructions(analysis: Analysis) -> set[ast.Call]:
    """The calls that make what the loaders of the script serve, whatever they are called: `DataLoader(Faces(root))`."""
    made: set[ast.Call] = set()
    for name, calls in analysis.called.items():
        for executed in calls[:_MOST] if name.endswith(_LOADERS) else []:
            origins = sources(analysis, executed.site.node, executed.frame)
            made |= {origin.node for origin in origins if isinstance(origin.node, ast.Call)}
    return made


def _stated(call: ast.Call) -> ast.expr | None:
    """The batch size that a loader is given, also in `**settings`."""
    node = _outright(call)
    spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
    if node is not None or len(spread) != 1:
        return node
    key = ast.copy_location(ast.Constant("batch_size"), spread[0])
    return ast.copy_location(ast.Subscript(spread[0], key, ast.Load()), spread[0])


def _outright(call: ast.Call) -> ast.expr | None:
    """The batch size that a loader is given by name, or as what is called so, or in its place."""
    by_name = next(
        (part for part in call.args[1:] if is_size(dotted(part) or "")), None
    )  # Own(data, words, batch_size)
    return argument(call, _SIZE, None if by_name is not None else 1) or by_name


def _last(analysis: Analysis, call: ast.Call, frame: Frame) -> str:
    return analysis.name(call.func, frame).split(".")[-1]


def _of(analysis: Analysis, origin: Origin) -> Value | None:
    call, frame = origin.node, origin.frame
    if isinstance(call, ast.GeneratorExp):  # ((x, x) for x, _ in loader)
        return batch(analysis, call.generators[0].iter, frame)
    if not isinstance(call, ast.Call):
        return None
    name = _last(analysis, call, frame)
    if name in RANGES:
        return None
    if name.endswith(_LOADERS):
        node = _stated(call)
        size = analysis.scaled(node, frame) if node is not None else _sampled(analysis, call, frame)
        # settings that are a parameter of who makes the loader leave it to the readers after this one
        return size if size is not None and (size.number is not None or argument(call, _SIZE, 1)) else None
    if name.endswith("Iterator") and analysis.name(call.func, frame).startswith("chainer."):
        node = argument(call, _SIZE, 1)
        return analysis.scaled(node, frame) if node is not None else None
    if name == "NDArrayIter":  # of MXNet
        node = argument(call, _SIZE, 2)
        return analysis.scaled(node, frame) if node is not None else None
    if name in _GENERATORS:
        node = argument(call, _SIZE)
        return analysis.scaled(node, frame) if node is not None else _of_graphs(analysis, call, frame)
    if name == "zip":  # zip(progress, loader)
        return next((size for part in call.args if (size := batch(analysis, part, frame)) is not None), None)
    if name in _AS_THEY_ARE and call.args:  # as they are
        return batch(analysis, call.args[0], frame)
    return _pipeline(analysis, call, frame) or _helper(analysis, call, frame)


def _of_graphs(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    """The size that a generator of StellarGraph is made with: `GraphSAGENodeGenerator(g, 50, [8, 4]).flow(nodes)`."""
    receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
    for origin in analysis.evaluator.resolver.follow(receiver, frame) if receiver is not None else []:
        made = origin.node
        if isinstance(made, ast.Call) and analysis.name(made.func, origin.frame).startswith("stellargraph."):
            node = argument(made, _SIZE, 1)
            return analysis.scaled(node, origin.frame) if node is not None else None
    return None


def _sampled(analysis: Analysis, loader: ast.Call, frame: Frame) -> Value | None:
    """The size of the batches that a sampler makes: `DataLoader(data, batch_sampler=BatchSampler(order, 2, True))`."""
    given = argument(loader, ("batch_sampler",))
    for origin in analysis.evaluator.resolver.follow(given, frame) if given is not None else []:
        made = origin.node
        if isinstance(made, ast.Call):
            place = 1 if _last(analysis, made, origin.frame) == "BatchSampler" else None
            node = argument(made, _SIZE, place)
            named = (part for part in made.args if is_size((dotted(part) or "").split(".")[-1]))
            node = node or next(named, None)
            return analysis.scaled(node, origin.frame) if node is not None else None
    return None


def _helper(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    """The batch size handed to a function or class of another file that makes the loader."""
    scope = analysis.evaluator.resolver.own(call.func, frame)
    if scope is not None and not scope.is_class:
        return _generator(analysis, scope, call, frame)
    node = analysis.given(call, _SIZE, frame)
    if node is not None:
        return analysis.scaled(node, frame)
    for part in call.args:
        if _NAMED.match((dotted(part) or "").split(".")[-1]):
            return analysis.scaled(part, frame)
    for part in [*call.args, *(keyword.value for keyword in call.keywords)]:
        if isinstance(part, ast.Name | ast.Attribute):  # get_data(args)
            for key in _SIZE:
                entry = ast.copy_location(ast.Attribute(part, key, ast.Load()), part)
                value = analysis.scaled(entry, frame)
                if value.number is not None:
                    return value
    return None


def _generator(analysis: Analysis, scope: Scope, call: ast.Call, frame: Frame) -> Value | None:
    """The size that a function of the script is given, or has by default, which yields the batches itself."""
    parameters = [name for name, bindings in scope.bindings.items() if bindings[0].kind == "parameter"]
    named = [name for name in parameters if _NAMED.match(name)]
    if len(named) != 1 or not any(isinstance(node, ast.Yield) for node in walk(scope.node)):
        return None
    given = arguments.given(scope, named[0], call)
    if given is not None:
        return analysis.scaled(given, frame)
    default = arguments.default(scope, named[0])
    return analysis.scaled(default, Frame(scope.parent or scope)) if default is not None else None


def asked(analysis: Analysis) -> Value | None:
    """The one size that is asked of what serves batches, wherever in the script that is done."""
    found: dict[tuple[object, ...], Value] = {}
    for name in _SERVING & analysis.called.keys():
        for executed in analysis.called[name]:
            value = served(analysis, executed) if not evaluates(executed.frame.scope.name) else None
            if value is not None:
                found.setdefault(value.options, value)
    return next(iter(found.values())) if len(found) == 1 else None


def repeats(analysis: Analysis, node: ast.expr, frame: Frame) -> Value | None:
    """How often a pipeline of tf.data goes over its data: `.repeat(num_epochs)`."""
    step: ast.expr = node
    for _ in range(24):
        origins = analysis.evaluator.resolver.follow(step, frame)
        if len(origins) == 1 and isinstance(origins[0].node, ast.Call):
            step, frame = origins[0].node, origins[0].frame
        if not isinstance(step, ast.Call) or not isinstance(step.func, ast.Attribute):
            return None
        if step.func.attr == "repeat":
            count = argument(step, ("count",), 0)
            return (
                analysis.value(count, frame) if count is not None and "epoch" in written(count)[:80].lower() else None
            )
        step = step.func.value
    return None


def served(analysis: Analysis, executed: Executed) -> Value | None:
    """The size asked of a function that serves one batch: `data.next_batch(64)`, `memory.sample(BATCH_SIZE)`."""
    if executed.name not in _SERVING:
        return None
    call = executed.site.node
    node = argument(call, _SIZE)
    if node is None and len(call.args) in {1, 2}:
        given = [part for part in call.args if not isinstance(part, ast.Constant) or type(part.value) is int]
        named = [part for part in given if _NAMED.match((dotted(part) or "").split(".")[-1])]
        alone = len(given) == 1 and given[0] is call.args[0] and isinstance(executed.site.node.func, ast.Attribute)
        node = named[0] if named else given[0] if alone and given else None
    if node is None or (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return None
    value = analysis.scaled(node, executed.frame)
    return value if value.number is not None and value.number > 1 else None


def _pipeline(analysis: Analysis, call: ast.Call, frame: Frame) -> Value | None:
    """The `.batch(n)` in a chain of tf.data calls, however it is spread over names."""
    step: ast.expr = call
    for _ in range(24):
        if not isinstance(step, ast.Call):
            return None
        if not isinstance(step.func, ast.Attribute):  # get_data(batch_size=128).repeat()
            return _helper(analysis, step, frame) if step is not call else None
        if step.func.attr in _GENERATORS and step is not call:  # image_dataset_from_directory(…).prefetch(1)
            node = argument(step, _SIZE)
            return analysis.scaled(node, frame) if node is not None else None
        if step.func.attr in {"batch", "padded_batch"} and step.args:
            return analysis.scaled(step.args[0], frame)
        if step.func.attr == "batch":
            node = argument(step, _SIZE)
            return analysis.scaled(node, frame) if node is not None else None
        before = step.func.value
        if step.func.attr == "apply" and step.args:  # data.apply(prepare)
            laid = step.args[0]
            before = laid.body if isinstance(laid, ast.Lambda) else (
                ast.copy_location(ast.Call(laid, [before], []), step))  # fmt: skip
        origins = analysis.evaluator.resolver.follow(before, frame)
        step, frame = (origins[0].node, origins[0].frame) if origins and isinstance(origins[0].node, ast.expr) else (
            before, frame)  # fmt: skip
    return None


def is_size(name: str) -> bool:
    """Whether a name is that of a size of batches."""
    return bool(_NAMED.match(name.split(".")[-1]))


def evaluates(name: str) -> bool:
    """Whether what a name is given to only tests."""
    return bool(_EVALUATION.search(name))


def held_out(call: ast.Call) -> bool:
    """Whether a call says that what it makes is not to train on: `get_loader(x, batch_size=128, train=False)`."""
    told = [(k.arg, k.value.value) for k in call.keywords if isinstance(k.value, ast.Constant)]
    return any(
        value is False if name in _TO_TRAIN else isinstance(value, str) and name in _PARTS and evaluates(value)
        for name, value in told
    )


def of_tests(name: str) -> bool:
    """Whether a name is that of data to test on, and not of how much is kept for that."""
    last = name.rpartition(".")[2]
    return evaluates(last) and not _AMOUNT.search(last)


def only_tests(executed: Executed) -> bool:
    """Whether a call prepares what only tests, by what it is given: `get_lfw_list(opt.lfw_test_list)`."""
    call = executed.site.node
    given = [dotted(part) or "" for part in [*call.args, *(keyword.value for keyword in call.keywords)]]
    return any(given) and all(map(of_tests, filter(None, given)))


def named(analysis: Analysis, roots: list[tuple[ast.AST, Frame]]) -> Value | None:
    """The one value that names like `batch_size` have inside a training loop: for loops that slice by hand."""
    found: dict[tuple[object, ...], Value] = {}
    for root, frame in roots:
        for node in walk(root):
            text = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if text and _NAMED.match(text) and isinstance(node, ast.expr):
                value = analysis.scaled(node, frame)
                if value.number is not None:
                    found.setdefault(value.options, value)
    return next(iter(found.values())) if len(found) == 1 else None


def drawn(analysis: Analysis, roots: list[tuple[ast.AST, Frame]]) -> Value | None:
    """The one number of places in the data that a training loop draws, where its name speaks of batches:
    `jax.random.choice(key, len(x), shape=(n_batch,))`."""
    found: dict[tuple[object, ...], Value] = {}
    for root, frame in roots:
        for node in walk(root):
            last = (dotted(node.func) or "").rpartition(".")[2] if isinstance(node, ast.Call) else ""
            if not isinstance(node, ast.Call) or last not in _DRAWS:
                continue
            for part in [*node.args[1:], *(k.value for k in node.keywords if k.arg in {"shape", "size"})]:
                size = part.elts[0] if isinstance(part, ast.Tuple) and len(part.elts) == 1 else part
                if _AMOUNT_DRAWN.fullmatch((dotted(size) or "").rpartition(".")[2]):
                    value = analysis.scaled(size, frame)
                    if value.number is not None:
                        found.setdefault(value.options, value)
    return next(iter(found.values())) if len(found) == 1 else None


def kept(analysis: Analysis) -> Value | None:
    """The one size of batches that objects of the script keep: an agent whose games another file plays."""
    found: dict[tuple[object, ...], Value] = {}
    for scope in analysis.program.functions:
        for node in walk(scope.node) if scope.owner is not None and not evaluates(scope.name) else []:
            if isinstance(node, ast.Attribute) and _NAMED.match(node.attr) and dotted(node.value) == "self":
                value = analysis.scaled(node, Frame(scope))
                if value.number is not None:
                    found.setdefault(value.options, value)
    return next(iter(found.values())) if len(found) == 1 else None


def training(analysis: Analysis) -> Value | None:
    """The size that every loader of the script agrees on, those for evaluation left out."""
    calls = [executed for name, calls in analysis.called.items() if name.endswith(_LOADERS) for executed in calls]
    made = [executed for executed in calls[:_MOST] if not _is_evaluation(analysis, executed)]
    for settings in (False, True):  # `**settings` only where nothing is said outright
        found: dict[tuple[object, ...], Value] = {}
        for executed in made:
            call = executed.site.node
            node = _stated(call) if settings else _outright(call)
            if node is not None:
                value = analysis.scaled(node, executed.frame)
                found.setdefault(value.options, value)
        if found:
            return next(iter(found.values())) if len(found) == 1 else None
    return None


def queued(analysis: Analysis) -> Value | None:
    """The one size of the batches that input queues of TensorFlow 1 make: `tf.train.batch([x, y], batch_size=16)`."""
    found: dict[tuple[object, ...], Value] = {}
    for name in _QUEUES & analysis.called.keys():
        for executed in analysis.called[name]:
            node = argument(executed.site.node, ("batch_size",), 1)
            full = analysis.name(executed.site.node.func, executed.frame)
            if node is not None and full.startswith(("tensorflow", "tf.")) and not evaluates(executed.frame.scope.name):
                value = analysis.scaled(node, executed.frame)
                found.setdefault(value.options, value)
    return next(iter(found.values())) if len(found) == 1 else None


def _is_evaluation(analysis: Analysis, executed: Executed) -> bool:
    call = executed.site.node
    if call.args and _EVALUATION.search(written(call.args[0])[:200]):
        return True
    scope = executed.site.scope
    name = next((name for name, bound in scope.bindings.items() if any(b.node is call for b in bound)), "")
    return evaluates(name) or (not _TRAINS.search(name) and evaluates(scope.name))
