"""The census: which layers a script builds, how often and where, and which of its classes are models."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

from index.facts.evaluation import arguments
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.libraries import LIBRARIES
from index.facts.evaluation.module_text import OF_LIBRARIES
from index.facts.evaluation.program import CallSite, Scope, dotted
from index.facts.network import ancestry, handed_on

_HOMES = (
    "torch",
    "keras",
    "tensorflow",
    "tf",
    "flax",
    "haiku",
    "equinox",
    "jax",
    "mlx",
    "paddle",
    "torch_geometric",
    "chainer",
    "objax",
    "tflearn",
    "tensorlayer",
    "sonnet",
    "mxnet",
    "gpytorch",
    "pyro",
)
_MODULE_BASES = {"Module", "LightningModule", "Model", "Layer", "Sequential", "ScriptModule", "RNNCellBase", "Chain",
                 "ChainList", "AbstractModule", "RNNCore", "Block", "HybridBlock", "HybridSequential", "PyroModule",
                 "ExactGP", "ApproximateGP", "AbstractRNNCell", "MessagePassing", "SequentialEx"}  # fmt: skip
# Homes of ready networks that others are made of: `class Critic(hk.nets.MLP)`.
_READY_HOMES = re.compile(
    r"^(haiku\.nets|hk\.nets|sonnet\.nets|torchvision\.models|objax\.zoo|torch_geometric\.nn\.models|timm\.models|"
    r"transformers|fairseq|pretrainedmodels\.models|efficientnet_pytorch|(tensorflow\.)?keras\.applications)\."
)
# Ready networks that are called after nothing but themselves.
_READY_NAMES = re.compile(r"\.(VGG|DPN|Xception|Inception(V?\d)?|SqueezeNet|AlexNet|ConvNeXt|\w*ResNe[XS]t\w*)$")
FAMILIES: dict[str, set[str]] = {
    "convolution": {
        "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "LazyConv2d", "Conv",
        "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "ConvTranspose", "SeparableConv2D", "DepthwiseConv2D",
        "Convolution2D", "conv2d", "conv1d", "conv3d", "conv2d_transpose", "conv_transpose2d", "Conv2dSame",
        "Convolution1D", "MLPConvolution2D", "separable_conv2d", "convolution2d", "Conv3DTranspose", "Conv1DTranspose",
        "conv_nd", "conv_1d", "conv_2d", "conv_3d", "conv_2d_transpose", "grouped_conv_2d", "highway_conv_2d",
        "residual_block", "residual_bottleneck", "resnext_block", "densenet_block", "ConvLayer", "conv_layer",
        "Conv2dLayer", "DeConv2d", "DeConv2dLayer",
    },
    "recurrent": {"RNN", "RNNCell", "SimpleRNN", "SimpleRNNCell", "SimpleCell", "BasicRNNCell", "VanillaRNN",
                  "simple_rnn", "dynamic_rnn", "bidirectional_dynamic_rnn", "static_rnn"},
    "lstm": {"LSTM", "LSTMCell", "OptimizedLSTMCell", "ConvLSTM2D", "BasicLSTMCell", "CuDNNLSTM", "lstm",
             "LSTMBlockCell", "LSTMBlockFusedCell", "CudnnLSTM", "LayerNormBasicLSTMCell"},
    "gru": {"GRU", "GRUCell", "CuDNNGRU", "gru", "GRUBlockCell", "CudnnGRU"},
    "transformer": {
        "Transformer", "TransformerEncoder", "TransformerEncoderLayer", "TransformerDecoder", "TransformerDecoderLayer",
    },
    "attention": {
        "MultiheadAttention", "MultiHeadAttention", "MultiHeadDotProductAttention", "SelfAttention", "Attention",
        "AdditiveAttention", "scaled_dot_product_attention", "dot_product_attention",
        "LuongAttention", "BahdanauAttention", "AttentionWrapper",
    },
    "linear": {"Linear", "Dense", "LazyLinear", "dense", "fully_connected", "matmul", "LinearGeneral", "DenseGeneral",
               "DenseLayer"},
    "normalisation": {"LayerNorm", "LayerNormalization", "BatchNorm2d", "BatchNormalization", "GroupNorm", "BatchNorm",
                      "BatchNormLayer"},
    "pooling": {"MaxPool2d", "AvgPool2d", "MaxPooling2D", "AveragePooling2D", "max_pool", "avg_pool", "max_pool2d",
                "max_pooling2d", "average_pooling2d", "avg_pool2d", "max_pool_1d", "max_pool_2d", "avg_pool_2d",
                "MaxPool3d", "AvgPool3d", "MaxPooling3D", "AveragePooling3D", "MaxPool1d", "MaxPooling1D"},
    "upsampling": {
        "Upsample", "ConvTranspose2d", "UpSampling2D", "Conv2DTranspose", "interpolate", "ConvTranspose", "resize",
        "ConvTranspose1d", "PixelShuffle", "conv2d_transpose", "conv_transpose2d", "PixelUnshuffle", "resize_images",
        "upsample_2d", "conv_2d_transpose", "ConvTranspose3d", "UpSampling3D", "Conv3DTranspose", "conv_transpose3d",
        "UpSampling1D", "Conv1DTranspose",
    },
    "joining": {"cat", "concat", "concatenate", "Concatenate"},
    "embedding": {"Embedding", "Embed", "embedding"},
}  # fmt: skip
_FAMILIES_OF = {name: [family for family, names in FAMILIES.items() if name in names]
                for names in FAMILIES.values() for name in names}  # fmt: skip
# Functions of TFLearn, each of which is a layer.
OF_TFLEARN = {"conv_1d", "conv_2d", "conv_3d", "conv_2d_transpose", "grouped_conv_2d", "highway_conv_2d", "lstm", "gru",
              "residual_block", "residual_bottleneck", "resnext_block", "densenet_block", "simple_rnn",
              "embedding"}  # fmt: skip
OWN_WORDS = {"conv_nd"}  # layers that a repository and its many heirs name so: of as many dimensions as they are told
_HOMES_OF_STARS = {"keras", "tensorflow", "torch", "flax", "tf_keras", "fastai", "tensorlayer"}
_ADDED = re.compile(r"\.add\((Conv[12]D|Dense|LSTM|GRU|Flatten|Embedding|GlobalAveragePooling2D)\(")
_FRAMEWORK = re.compile(r"^[ \t]*(import|from)[ \t]+(\w+\.)*(keras|tensorflow|tf_keras|torch|mxnet)\b", re.MULTILINE)
# How a class of another file is called that is a network.
NETWORKS = re.compile(
    r"(Net(work)?s?|Model|Module|GAN|VAE|AE|Auto[eE]ncoder|(?<![a-z])Generator|Discriminator|Critic|Actor|Encoder|Decoder|"
    r"\w[Ff]ormer|(?<!Token)(?<!Channel)Mixer|ViT|LSTM|GRU|RNN|CNN|MLP|DDPM|(?<!Gaussian)Diffusion|Policy|DQN|Seq2Seq|GPT|BERT|Classifier|Denoiser|(?<=[a-z])NN|"
    r"U[nN]et\w*|Res[nN]et\w*)(_?Conditional|_[Tt]ext|[vV]\d)?\d*$"
)
_IMPORTING = 20_000  # characters in which a script imports
# The transformers of Hugging Face, by the names of their classes.
TRANSFORMERS = re.compile(
    r"\b(TF|Flax)?((Bert|Roberta|XLMRoberta|DistilBert|Albert|Camembert|Deberta(V2)?|Electra|XLNet|Longformer|BigBird|"
    r"GPT2|GPTNeoX?|GPTJ|OPT|Bloom|Llama|Mistral|Gemma|Qwen2|Phi|T5|MT5|Bart|MBart|Pegasus|Marian|Whisper)(LMHead|"
    r"DoubleHeads|Encoder|PreTrained)?(Model|For[A-Z]\w{1,40})|AutoModelFor(SequenceClassification|TokenClassification|"
    r"QuestionAnswering|MultipleChoice|MaskedLM|CausalLM|Seq2SeqLM))(?=\(|\.from_|$)"
)
_LEARNED = {"Parameter", "add_weight", "add_parameter"}
LOSSES = ("loss", "get_loss", "compute_loss")
_WRAPS = re.compile(r"EMA|Ema|Average|Parallel|Wrapper|Hook|Export|Onnx|Inference|Quant|Trace|Extractor|CAM|Attack")
_NETWORK = re.compile(
    r"(^|_)(model|net|network|unet|denoiser|denoise_fn|backbone|encoder|decoder|generator)$|^(unet|net)_"
)
_PLAIN = {"str", "int", "float", "bool", "dict", "Dict", "list", "List", "Any"}
_MEASURES = re.compile(r"(Loss|Criterion|Metric|Scheduler|Sampler|Quantizer)\w{0,3}$")
_LAYER_FUNCTION = re.compile(r"^(de|up)?(conv(2d|1d)?|linear|dense|fc|lstm|gru|fully_connected)(_\w+)?$")
_FORWARD = ("forward", "call", "__call__")
_BUILDS = re.compile(r"^_?build(_\w+)?$")  # what a network of TensorFlow 1 does instead
LAYERS = ("convolution", "recurrent", "lstm", "gru", "transformer", "attention", "linear")


@dataclass
class Census:
    """Call sites by family, in the classes and functions that the script uses."""

    sites: dict[str, list[tuple[str, CallSite]]] = field(default_factory=dict)
    models: list[Scope] = field(default_factory=list)
    unused: set[Scope] = field(default_factory=set)  # networks that nothing builds
    _counts: dict[tuple[Scope, str], int] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> set[str]:
        """What the networks of the script are called."""
        return {model.name for model in self.models}

    def count(self, *families: str) -> int:
        return sum(len(self.sites.get(family, [])) for family in families)

    def first(self, family: str) -> tuple[str, int]:
        """The name and line of the first layer of a family, in the order of the text."""
        name, site = min(self.sites[family], key=lambda pair: pair[1].node.lineno)
        return name, site.node.lineno

    def within(self, scope: Scope, *families: str) -> int:
        """How many layers of the families are built in a class, its methods included."""
        if not self._counts:
            for family, sites in self.sites.items():
                for _, site in sites:
                    step: Scope | None = site.scope
                    while step is not None:
                        self._counts[step, family] = self._counts.get((step, family), 0) + 1
                        step = step.parent
        return sum(self._counts.get((scope, family), 0) for family in families)


def _within_any(scope: Scope | None, outer: set[Scope]) -> bool:
    """Whether a scope is one of `outer` or stands somewhere in it."""
    while scope is not None:
        if scope in outer:
            return True
        scope = scope.parent
    return False


def take(analysis: Analysis) -> Census:
    """Counts the layers of everything that is reached; of the whole file where nothing builds its classes."""
    census = Census()
    reached = analysis.reached
    filters = {scope for scope in analysis.program.classes if _filters(scope)}
    models = [scope for scope in analysis.program.classes if scope not in filters and is_module(analysis, scope)]
    built = any(scope in analysis.execution.reached for scope in models)
    used = [scope for scope in models if scope in reached] if built else models
    unused = {scope for scope in models if scope not in used} | filters
    recurrent = handed_on.may_be_recurrent(analysis)
    for scope in analysis.program.scopes:
        if unused and _within_any(scope, unused):
            continue
        for site in scope.calls:
            family_name = _family(analysis, site)
            if family_name:
                families, name = family_name
                for family in families:
                    census.sites.setdefault(family, []).append((name, site))
            for family, name in handed_on.recurrent(analysis, site) if recurrent else ():
                census.sites.setdefault(family, []).append((name, site))
    census.models, census.unused = used, unused
    return census


def _filters(scope: Scope) -> bool:
    """Whether a class that derives from nothing writes the weights of its layers itself, as one that blurs pictures:
    `self.blur.weight.data.copy_(gaussian)`."""
    bases = scope.node.bases if isinstance(scope.node, ast.ClassDef) else []
    return all(dotted(base) == "object" for base in bases) and any(
        site.name == "copy_" and ".weight" in (dotted(site.node.func) or "")
        for method in scope.children for site in method.calls
    )  # fmt: skip


def is_module(analysis: Analysis, scope: Scope) -> bool:
    """Whether a class is a network: it inherits, here or through another class of the script, from a module."""
    if not isinstance(scope.node, ast.ClassDef):
        return False
    for owner in [scope, *analysis.evaluator.resolver.bases(scope)]:
        assert isinstance(owner.node, ast.ClassDef)
        for base in owner.node.bases:
            full = analysis.name(base, Frame(owner.parent or owner))
            if is_base(full) or (full in _MODULE_BASES and starred(analysis, full)):
                return True
    return _holds_layers(analysis, scope) or extends(analysis, scope) or inherits(analysis, scope)


def is_base(full: str) -> bool:
    """Whether a class of a framework is one that networks inherit from."""
    root, _, rest = full.partition(".")
    known = root in _HOMES or root in {
        "nn",
        "pl",
        "L",
        "lightning",
        "pytorch_lightning",
        "layers",
        "keras",
        "hk",
        "snt",
    }
    return (known and rest.rpartition(".")[2] in _MODULE_BASES) or _is_ready(full)


def _is_ready(full: str) -> bool:
    named = NETWORKS.search(full) is not None or _READY_NAMES.search(full) is not None
    return named and _READY_HOMES.match(full) is not None


def of_ready(analysis: Analysis, scope: Scope) -> bool:
    """Whether a class is a further form of a ready network, by way of the script's own classes."""
    owners = [scope, *analysis.evaluator.resolver.bases(scope)]
    pairs = [(owner, base) for owner in owners if isinstance(owner.node, ast.ClassDef) for base in owner.node.bases]
    return any(_is_ready(analysis.name(base, Frame(owner.parent or owner))) for owner, base in pairs)


def inherits(analysis: Analysis, scope: Scope) -> bool:
    """Whether a class is a further form of a network of another file, by what that one inherits from in the end."""
    bases = scope.node.bases if isinstance(scope.node, ast.ClassDef) else []
    foreign = [full for base in bases if (full := foreign_base(analysis, scope, base))]
    return any(is_base(ancestry.inherited(analysis, full)) for full in foreign)


def foreign_base(analysis: Analysis, scope: Scope, base: ast.expr) -> str:
    """The full name of a class that another file of the project may have; "" for any other."""
    full = analysis.name(base, Frame(scope.parent or scope))
    module = analysis.program.module
    if "." not in full and full not in module.bindings:  # from layers import *
        homes = (str(binding.node).removesuffix(".*") for binding in reversed(module.bindings.get("*", [])))
        own = [home for home in homes if home.partition(".")[0] not in LIBRARIES]
        return next((found for home in own if ancestry.inherited(analysis, found := f"{home}.{full}")), "")
    return full if "." in full and full.partition(".")[0] not in LIBRARIES and not OF_LIBRARIES.match(full) else ""


def extends(analysis: Analysis, scope: Scope) -> bool:
    """Whether a class is a further form of a network of another file, with a forward pass, a loss or a part
    of its own."""
    if not isinstance(scope.node, ast.ClassDef):
        return False
    if not any(c.name in (*_FORWARD, *LOSSES) or _BUILDS.match(c.name) for c in scope.children):
        return False
    bases = [analysis.name(base, Frame(scope.parent or scope)) for base in scope.node.bases]
    return any("." in full and full.split(".")[0] not in _HOMES and NETWORKS.search(full) for full in bases)


def _holds_layers(analysis: Analysis, scope: Scope) -> bool:
    """Whether a class keeps layers in its attributes and has a forward pass: its base may be in another file."""
    assert isinstance(scope.node, ast.ClassDef)
    initialiser = scope.method("__init__")
    forward = any(map(scope.method, _FORWARD))
    if initialiser is None or not forward or not scope.node.bases:
        return False
    return any(_family(analysis, site) for site in initialiser.calls)


def _family(analysis: Analysis, site: CallSite) -> tuple[list[str], str] | None:
    if site.name and site.name not in _FAMILIES_OF:
        return None
    written = dotted(site.node.func)
    if written is None:
        return _chained(analysis, site.node.func)
    last = written.rpartition(".")[2]
    families = _FAMILIES_OF.get(last)
    if families is None:
        return None
    full = analysis.name(site.node.func, Frame(site.scope))
    if last in OF_TFLEARN and not full.startswith("tflearn."):
        return None
    if last == "matmul" and full.split(".")[0] not in {"tensorflow", "tf"}:
        return None  # elsewhere it multiplies queries and keys as often as it is a layer
    if last in OWN_WORDS:
        return families, last
    if full.split(".")[0] in _HOMES or written.split(".")[0] in {"nn", "F", "layers", "hk", "eqx", "tf", "jnp"}:
        return families, last
    of_layers = last[:1].isupper() or last in {"concatenate", "conv_layer"}  # functions of Keras and of fastai
    return (families, last) if full == last and of_layers and starred(analysis, last) else None


def starred(analysis: Analysis, name: str) -> bool:
    """Whether a plain name comes with every name of a framework: `from keras.layers import *`; or with all names that a
    cell before it had, of a snippet of Keras that imports nothing."""
    module = analysis.program.module
    if name in module.bindings:
        return False
    homes = [str(binding.node).partition(".")[0] for binding in module.bindings.get("*", [])]
    return not _HOMES_OF_STARS.isdisjoint(homes) or (not homes and snippet(analysis.source.text))


def snippet(text: str) -> bool:
    """Whether a text puts a network of Keras together from names that it does not import."""
    added = _ADDED.search(text)
    return added is not None and _FRAMEWORK.search(text) is None and not _imports(text, added[1])


def _imports(text: str, name: str) -> bool:
    return re.search(rf"import[^\n]*(\*|\b{name}\b)", text) is not None


def _chained(analysis: Analysis, function: ast.expr) -> tuple[list[str], str] | None:
    """A layer that PrettyTensor puts on what comes before: `image.conv2d(kernel=5, depth=16).max_pool(kernel=2)`."""
    last = function.attr if isinstance(function, ast.Attribute) else ""
    if last not in {"conv2d", "fully_connected"} or "prettytensor" not in analysis.source.text[:_IMPORTING]:
        return None
    return _FAMILIES_OF[last], last


def embeds(model: Scope, census: Census) -> bool:
    """Whether a network is made of embeddings alone, as that of word2vec is, and has a forward pass."""
    return census.within(model, "embedding") > 0 and any(map(model.method, _FORWARD))


def learns(model: Scope) -> bool:
    """Whether a network keeps parameters of its own and has a forward pass: a layer written out."""
    if _MEASURES.search(model.name) or not any(map(model.method, _FORWARD)):
        return False
    made = (dotted(site.node.func) or "" for method in model.children for site in method.calls)
    return any(name.split(".")[-1] in _LEARNED or name in {"self.param", "tf.Variable"} for name in made)  # of Flax, TF


def holds(model: Scope) -> bool:
    """Whether a network has another that it is handed, and a forward pass around it: a field of Flax or Equinox,
    `model: nn.Module`, or what `__init__` of PyTorch is given and keeps."""
    if _MEASURES.search(model.name) or _WRAPS.search(model.name) or not any(map(model.method, _FORWARD)):
        return False
    body = model.node.body if isinstance(model.node, ast.ClassDef) else []
    fields = (part.annotation for part in body if isinstance(part, ast.AnnAssign))
    if any((dotted(annotation) or "").endswith(".Module") for annotation in fields):
        return True
    initialiser = model.method("__init__")
    asked = {dotted(site.node.func) for method in model.children for site in method.calls}
    return initialiser is not None and any(
        binding.kind == "value" and isinstance(binding.node, ast.Name) and _is_network(initialiser, binding.node.id)
        for name, bindings in initialiser.bindings.items() if name in asked
        for binding in bindings
    )  # fmt: skip


def _is_network(initialiser: Scope, parameter: str) -> bool:
    """Whether a parameter is a network, by its name and its type."""
    bound = initialiser.bindings.get(parameter, [])
    told = (dotted(arguments.annotation(initialiser, parameter) or initialiser.node) or "").rpartition(".")[2]
    return any(b.kind == "parameter" for b in bound) and bool(_NETWORK.search(parameter)) and told not in _PLAIN


def by_matrices(analysis: Analysis) -> bool:
    """Whether functions of TensorFlow 1 put a network together of variables alone: `tf.nn.tanh(tf.matmul(x, w))`."""
    called = analysis.called
    products = len({executed.site.node for executed in called.get("matmul", [])})
    kept = any(name.lower().endswith("variable") for name in called) and bool(  # weight_variable, of a module beside
        {"softmax", "tanh", "relu", "sigmoid"} & called.keys()
    )
    return products >= 2 and kept and bool({"placeholder", "variable_scope", "name_scope"} & analysis.names)


def in_scopes(analysis: Analysis) -> bool:
    """Whether layers of whatever file are put together as TensorFlow 1 does: by functions, in scopes of variables."""
    if "variable_scope" not in analysis.names or not any(analysis.program.functions):
        return False
    return sum(len(calls) for name, calls in analysis.called.items() if _LAYER_FUNCTION.match(name)) >= 2


def transformed(analysis: Analysis) -> bool:
    """Whether a function that makes layers is turned into a network, as Haiku does: `hk.transform(net)`."""
    if "haiku" not in analysis.words:
        return False
    names = [analysis.name(site.node.func, Frame(scope)) for scope in analysis.program.scopes for site in scope.calls]
    of_haiku = [name.split(".") for name in names if name.startswith("haiku.")]
    makes = any(parts[-1] == "Linear" or parts[1] == "nets" or parts[-1].startswith("Conv") for parts in of_haiku)
    return makes and any(parts[-1] in {"transform", "transform_with_state"} for parts in of_haiku)
