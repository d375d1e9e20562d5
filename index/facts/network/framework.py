"""The framework a script trains with: what its models and optimizers come from, not merely what it imports."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.libraries import LENT
from index.facts.evaluation.program import Scope
from index.facts.network import ancestry, bayesian, layers
from index.facts.training import learner
from index.facts.training.estimators import LIBRARIES, Estimator

_FAMILY = {
    "torch": "PyTorch", "torchvision": "PyTorch", "diffusers": "PyTorch", "timm": "PyTorch", "torchtext": "PyTorch",
    "torchaudio": "PyTorch", "torch_geometric": "PyTorch", "accelerate": "PyTorch", "ignite": "PyTorch",
    "stable_baselines3": "PyTorch", "sb3_contrib": "PyTorch", "ultralytics": "PyTorch", "skorch": "PyTorch",
    "pytorch_lightning": "PyTorch Lightning", "lightning": "PyTorch Lightning", "lightning_fabric": "PyTorch",
    "keras": "Keras/TensorFlow", "tensorflow": "Keras/TensorFlow", "tf_keras": "Keras/TensorFlow",
    "tflearn": "Keras/TensorFlow", "tf_slim": "Keras/TensorFlow", "tensorflow_probability": "Keras/TensorFlow",
    "sonnet": "Keras/TensorFlow", "gpytorch": "PyTorch", "pyro": "PyTorch", "numpyro": "JAX",
    "flax": "JAX/Flax", "haiku": "JAX/Haiku", "equinox": "JAX/Equinox", "objax": "JAX/Objax",
    "jax": "JAX", "optax": "JAX",
    "mxnet": "MXNet", "paddle": "PaddlePaddle", "chainer": "Chainer", "fastai": "fastai", "mlx": "MLX",
    "tinygrad": "tinygrad", "theano": "Theano", "lasagne": "Theano", "caffe2": "Caffe2", "cntk": "CNTK",
    "trl": "PyTorch", "setfit": "PyTorch", "flair": "PyTorch", "simpletransformers": "PyTorch", "peft": "PyTorch",
    "sentence_transformers": "PyTorch", "detectron2": "PyTorch", "fairseq": "PyTorch", "speechbrain": "PyTorch",
    "segmentation_models_pytorch": "PyTorch", "pytorch_forecasting": "PyTorch", "torchrl": "PyTorch",
    "unsloth": "PyTorch",
    "mmengine": "PyTorch", "mmdet": "PyTorch", "monai": "PyTorch", "tianshou": "PyTorch", "allennlp": "PyTorch",
    "textgenrnn": "Keras/TensorFlow", "gpt_2_simple": "Keras/TensorFlow", "keras_cv": "Keras/TensorFlow",
    "keras_nlp": "Keras/TensorFlow", "keras_hub": "Keras/TensorFlow", "segmentation_models": "Keras/TensorFlow",
    "autokeras": "Keras/TensorFlow", "tf_agents": "Keras/TensorFlow", "tensorflow_addons": "Keras/TensorFlow",
    "rlax": "JAX", "distrax": "JAX", "trax": "JAX",
    **bayesian.LIBRARIES,
}  # fmt: skip
# TensorFlow imported for its data pipeline or its summary writer trains nothing.
_DATA_ONLY = (
    "sentence_transformers.SentenceTransformer", "sentence_transformers.util", "tensorflow.data",
    "tensorflow.io", "tensorflow.config", "tensorflow.summary", "tensorflow.image",
    "tensorflow.keras.datasets", "keras.datasets", "torch.utils", "torchvision", "tensorflow.random",
    "tensorflow.cast", "jax.random", "tensorflow.keras.utils", "keras.utils",
    "tensorflow.keras.preprocessing", "keras.preprocessing", "jax.numpy", "torch.from_numpy",
    "torch.tensor", "torchtext", "torchaudio", "tensorflow.python.platform", "tensorflow.gfile",
    "tensorflow.train.Feature", "tensorflow.train.Example", "accelerate", "jax.tree",
    "tensorflow.compat.v1.enable", "tensorflow.compat.v1.disable", "tensorflow.enable_eager_execution",
    "tensorflow.constant", "tensorflow.convert_to_tensor", "keras.backend.clear_session",
    "tensorflow.keras.backend.clear_session",
)  # fmt: skip
_NETWORKS = ("torchvision.models",)  # of what else only moves data
_DIFFERENTIATES = ("jax.grad", "jax.vmap", "jax.jit", "jax.scipy.")  # the loss that a library is given too
_KNOWN = {*_FAMILY, "transformers", "sentence_transformers", "optuna", "optuna_integration", *LIBRARIES}
_IMPORT = re.compile(
    r"(?:^|[;:])[ \t]*(?:from[ \t]+(?P<home>[\w.]+)[ \t]+import(?P<star>[ \t]*\*)?|import[ \t]+(?P<names>[\w., \t]+))",
    re.MULTILINE,
)
_LENT = re.compile(rf"^[ \t]*from[ \t]+[\w.]+[ \t]+import[ \t(][^\n#]*\b({'|'.join(LENT)})\b(?!\.)", re.MULTILINE)
# What is imported of Lightning to train with, also where a configuration says how it is made.
_LIGHTNING = re.compile(r"(pytorch_)?lightning(\.\w+)*\.(Trainer|LightningModule|LightningDataModule)$")
_TORCH = Identifiers(r"_pytorch$|^pytorch_|_torch$")  # libraries that say it: denoising_diffusion_pytorch
# What only the networks of one framework have, whoever made them.
_METHODS = {"train_on_batch": "Keras/TensorFlow", "fit_generator": "Keras/TensorFlow", "zero_grad": "PyTorch"}
_ESTIMATORS = re.compile(
    r"^from sklearn\.(ensemble|svm|linear_model|neural_network|tree|naive_bayes|neighbors) import \w*[A-Z]",
    re.MULTILINE,
)
_WEIGHT = 20  # of a use that builds or trains, against one that only moves data
_FILES = 4  # of a project that are looked into for the framework of one script
_JAX_STYLES = ("JAX/Flax", "JAX/Haiku", "JAX/Equinox", "JAX/Objax")
_RICHER = (*_JAX_STYLES, "PyTorch Lightning")  # names that say more than the library beneath, which is imported too


def read(analysis: Analysis, estimator: Estimator | None = None) -> tuple[str | None, int]:
    """The framework's name and the line of its first use or import; (None, 0) where there is none.

    `estimator` is what a library without layers trains; it counts where no other framework builds anything.
    """
    imports: dict[str, int] = {}
    for binding in analysis.program.imports:
        family = _family(str(binding.node))
        if family:
            imports[family] = min(binding.line, imports.get(family, binding.line))
    used, lines = (
        _uses(analysis, *imports) if len(imports) == 1 and _in_sight(analysis) == imports.keys() else _uses(analysis)
    )
    if _names_lightning(analysis):
        used["PyTorch Lightning"] += _WEIGHT
    if estimator is not None and max(used.values(), default=0) < _WEIGHT * (1 + _helping(analysis, used)):
        return estimator.library, estimator.line
    if learner.imported(analysis):
        return "fastai", imports.get("fastai", lines.get("fastai", learner.line(analysis)))
    if not used and not imports:
        for method, name in _METHODS.items():
            if method in analysis.called:
                return name, analysis.called[method][0].line
        if layers.snippet(analysis.source.text):
            return "Keras/TensorFlow", analysis.called["add"][0].line if "add" in analysis.called else 1
    if not used:
        numpy = _numpy(analysis) if not imports else None
        return numpy or (next(iter(imports.items())) if len(imports) == 1 else (None, 0))
    best = _best(used, imports)
    return best, imports.get(best, lines.get(best, 1))


def _helping(analysis: Analysis, used: Counter[str]) -> int:
    """How often JAX only differentiates for a script that has something fitted and no other framework in use."""
    if used.keys() != {"JAX"}:
        return 0
    sites = ((scope, site.node.func) for scope in analysis.program.scopes for site in scope.calls)
    return sum(analysis.name(function, Frame(scope)).startswith(_DIFFERENTIATES) for scope, function in sites)


def _names_lightning(analysis: Analysis) -> bool:
    """Whether a script imports and uses what trains with Lightning, or says that something it is given is one of these:
    `trainer: pl.Trainer = instantiate(cfg.trainer)`."""
    if "lightning" not in analysis.source.text:
        return False
    of, module = analysis.source.of, analysis.program.module
    used = {node.id for node in of(ast.Name)}
    imports = (str(binding.node) for name, bindings in module.bindings.items() for binding in bindings
               if binding.kind == "import" and name.split(".")[0] in used)  # fmt: skip
    said = [node.annotation for node in of(ast.AnnAssign)]
    said += [given.annotation for given in of(ast.arg) if given.annotation is not None]
    return any(map(_LIGHTNING.match, imports)) or any(_LIGHTNING.match(analysis.name(a, Frame(module))) for a in said)


def _numpy(analysis: Analysis) -> tuple[str, int] | None:
    """NumPy, and where it is imported: the framework of who writes everything out."""
    lines = [b.line for bindings in analysis.program.module.bindings.values() for b in bindings
             if b.kind == "import" and str(b.node).split(".")[0] in {"numpy", "cupy"}]  # fmt: skip
    return ("NumPy", min(lines)) if lines else None


def imported(text: str) -> bool:
    """Whether a file imports a framework anywhere, or may get one from a star import: what does not is no model."""
    for match in _IMPORT.finditer(text):
        names = match["names"].split(",") if match["names"] is not None else [match["home"]]
        roots = [name.strip().split(".")[0].split(" ")[0] for name in names]
        if match["star"] or any(root in _KNOWN or _TORCH.search(root) for root in roots):
            return True
    return _LENT.search(text) is not None or layers.snippet(text)


def elsewhere(analysis: Analysis, names: list[str]) -> tuple[str | None, str]:
    """The framework of the project's own files that the named classes and functions come from, and where it is said;
    (None, "") where those cannot be read, or say several."""
    found: dict[str, str] = {}
    for name in names[:_FILES]:
        parts = [part for part in name.split(".") if part]
        for end in range(len(parts) - 1, 0, -1):
            module = analysis.evaluator.resolver.configs.module("/".join(parts[:end]))
            if module is None:
                continue
            place, text = module
            families = _imports(text) or _by_star(text) or _estimating(text)
            for richer in _RICHER:
                if richer in families:
                    families = {richer: families[richer], **{f: n for f, n in families.items() if f[:3] != richer[:3]}}
            found |= {family: f"{place}:{line}" for family, line in families.items() if family not in found}
            break
    return next(iter(found.items())) if len(found) == 1 else (None, "")


def _by_star(text: str) -> dict[str, int]:
    """PyTorch, where a file has it by way of another one whose every name it imports."""
    used = re.search(r"\btorch\.(optim|nn|device|no_grad)\b", text) if "import *" in text else None
    return {"PyTorch": text.count("\n", 0, used.start()) + 1} if used is not None else {}


def _estimating(text: str) -> dict[str, int]:
    """The library of the estimators that a file imports, where it imports no framework."""
    used = _ESTIMATORS.search(text)
    return {"scikit-learn": text.count("\n", 0, used.start()) + 1} if used is not None else {}


def _imports(text: str) -> dict[str, int]:
    """The frameworks that a file imports, each with its line."""
    found: dict[str, int] = {}
    for match in _IMPORT.finditer(text):
        names = match["names"].split(",") if match["names"] is not None else [match["home"]]
        for name in names:
            family = _family(name.strip().split(" ")[0])
            if family and not name.strip().startswith(("torch.utils", "torchvision", "accelerate")):
                found.setdefault(family, text.count("\n", 0, match.end()) + 1)
    return found


def _in_sight(analysis: Analysis) -> set[str]:
    """The frameworks that any name of the script may be of, where no other file has a say; none where one has."""
    if analysis.evaluator.resolver.siblings.opened() or "transformers" in analysis.words:
        return set()
    roots = ("tensorflow" if word == "tf" else word for word in analysis.words)
    return {family for root in roots if (family := _family(root))}


def _uses(analysis: Analysis, only: str | None = None) -> tuple[Counter[str], dict[str, int]]:
    """How much each framework is used, and its first line; of the `only` one in sight no more than that it is."""
    used: Counter[str] = Counter()
    lines: dict[str, int] = {}
    for scope in analysis.program.scopes:
        frame = Frame(scope)
        calls = (
            (_full_name(analysis, site.node.func, frame), site.node.lineno)
            for site in scope.calls if only is None or used[only] < _WEIGHT
        )  # fmt: skip
        for full, line in chain(calls, _bases(analysis, scope, frame)):
            family = _family(full)
            if family is None or full.endswith((".seed_everything", ".manual_seed")):  # often all that is used of it
                continue
            used[family] += 1 if full.startswith(_DATA_ONLY) and not full.startswith(_NETWORKS) else _WEIGHT
            lines[family] = min(line, lines.get(family, line))
    return used, lines


def _bases(analysis: Analysis, scope: Scope, frame: Frame) -> Iterator[tuple[str, int]]:
    for base in scope.node.bases if isinstance(scope.node, ast.ClassDef) else []:
        foreign = layers.foreign_base(analysis, scope, base)
        yield ancestry.inherited(analysis, foreign) if foreign else _full_name(analysis, base, frame), scope.line


def _best(used: Counter[str], imports: dict[str, int]) -> str:
    if used.get("PyTorch Lightning"):
        return "PyTorch Lightning"
    for richer in _JAX_STYLES:
        if used.get("JAX") and (used.get(richer) or richer in imports):
            used[richer] += used.pop("JAX")
    return used.most_common(1)[0][0]


@lru_cache(maxsize=10_000)  # of all names that are called, few are different
def _family(full: str) -> str | None:
    root, _, rest = full.partition(".")
    if root == "transformers":  # its classes say for which framework they are
        first = rest.rsplit(".", 1)[-1]
        if first.startswith(("TF", "create_optimizer", "AdamWeightDecay", "KerasMetricCallback")):
            return "Keras/TensorFlow"
        if first.startswith("Flax"):
            return "JAX/Flax"
        models = ("Trainer", "Seq2SeqTrainer", "TrainingArguments", "Seq2SeqTrainingArguments", "AutoModel", "AdamW",
                  "get_scheduler")  # fmt: skip
        return "PyTorch" if first.startswith(models) or "For" in first else None
    return _FAMILY.get(root) or ("PyTorch" if _TORCH.search(root) else None)


def _full_name(analysis: Analysis, node: ast.expr, frame: Frame) -> str:
    full = analysis.name(node, frame)
    return "tensorflow" + full[2:] if full.startswith("tf.") else full
