"""What networks and their trainings are put together of, beside their families: how people call each, and how scripts
spell it in every framework."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from index.known.modalities import KINDS


def _spelled(*forms: str) -> str:
    return "|".join(forms)


_NONE = r"(?!)"


@dataclass(frozen=True)
class Component:
    """How people call it (lower case), and identifiers that it is built by: wherever they are used, where they are
    called, and where something but 0, None or False is given by that name. All patterns match whole identifiers."""

    names: tuple[str, ...]
    used: str = _NONE
    called: str = _NONE
    given: str = _NONE

    def patterns(self) -> tuple[re.Pattern[str], ...]:
        return re.compile(self.used), re.compile(self.called), re.compile(self.given)


NETWORK = "neural-network"
MULTI_GPU = "multi-gpu"
NAMED = {"quantization", "hugging-face"}  # asked for wherever they are named, and hardly named but to be used
RESIDUAL = "skip-connection"
KERAS = "keras"
STAGES = "several-stages"  # told by what is known of a training, and by no name in it
_RATED = r"(p_?)?drop(_?out)?(_?(rate|prob|probability|p|ratio|keep_prob))?"
COMPONENTS: dict[str, Component] = {
    "batch-norm": Component(
        ("batch norm", "batch norms", "batch normalization", "batch normalisation", "bn", "bn layers"),
        _spelled(r"(?i:\w*batch_?re?norm\w*|\w*batch_?norm\w*|inplace_?abn)"),
        _spelled(r"(?i:bn(_?\d+\w*|_\w+)?|\w+_bn(_?\d+)?|\w*conv_?bn\w*|\w*bn_?relu\w*)",
                 # ready networks that have it
                 r"(wide_)?res_?ne[x]?t_?v?\d\w*|ResNe[x]?t\d\w*|DenseNet\d+|densenet\d+|[Mm]obile_?[Nn]et\w*",
                 r"[Ee]fficient_?[Nn]et\w*|[Ii]nception_?[Vv]\d|googlenet|Xception|vgg\d+_bn"),
        _spelled(r"(?i:(use_|with_|is_|do_|apply_)?(bn|batch_?norm(ali[sz](ation|e))?))"),
    ),
    "layer-norm": Component(
        ("layer norm", "layer norms", "layer normalization", "layer normalisation"),
        _spelled(r"(?i:\w*layer_?norm\w*)"),
        _spelled(r"(?i:ln(_?\d+|_\w+)|\w+_ln(_?\d+)?)", r"Transformer(En|De)coderLayer",
                 r"vit_\w+|ViTModel|B(ert|ERT)\w*Model|GPT2\w*Model"),
    ),
    "group-norm": Component(
        ("group norm", "group norms", "group normalization", "group normalisation"),
        _spelled(r"(?i:\w*group_?norm\w*)"),
    ),
    "instance-norm": Component(
        ("instance norm", "instance norms", "instance normalization", "instance normalisation"),
        _spelled(r"(?i:\w*inst(ance)?_?norm\w*)"),
    ),
    "spectral-norm": Component(
        ("spectral norm", "spectral normalization", "spectral normalisation"),
        _spelled(r"(?i:\w*spectral_?norm\w*)", r"SN(Conv|Linear|Dense)\w*"),
    ),
    "weight-norm": Component(
        ("weight norm", "weight normalization", "weight normalisation"), _spelled(r"(?i:\w*weight_?norm\w*)")
    ),
    "dropout": Component(
        ("dropout", "drop out", "dropouts", "dropout layer", "dropout layers", "dropout regularization",
         "dropout regularisation"),
        _spelled(r"\w*Drop([oO]ut|Path)\w*"),
        _spelled(r"(?i:\w*drop_?(out|path)\w*)", r"Transformer(En|De)coderLayer"),
        _spelled(rf"(?i:(\w+_)?{_RATED}|keep_prob\w*)"),
    ),
    "embedding": Component(
        ("embedding layer", "embedding layers", "embedding table", "embedding tables", "embedding lookup"),
        _spelled(r"(\w+_)?embedding_lookup\w*|EmbeddingBag"),
        _spelled(r"Embed|Embedding|embedding|embed_sequence|embedding_column|(\w*[a-z])?Embed(d?ings?|der)?",
                 r"(self_)?\w*_embed(ding)?"),
    ),
    RESIDUAL: Component(
        ("skip connection", "skip connections", "skip links", "shortcut connection", "shortcut connections",
         "residual connection", "residual connections", "residual sum", "residual links"),
        _spelled(r"(?i:\w*resi?d?(ual)?_?(block|unit|layer|conn|add)\w*|\w*short_?cuts?(_\w+)?|skip_?con\w*|skips)",
                 r"(?i:\w*res_?ne[x]?t\w*)|residual|Residual\w*|(\w+_)?residual_(block|bottleneck)"),
        _spelled(r"Transformer(En|De)coderLayer"),
    ),
    "pooling": Component(
        ("pooling", "pooling layer", "pooling layers", "max pooling", "maxpooling", "average pooling", "maxpool"),
        _NONE,
        _spelled(r"(?i:\w*(max|avg|average|adaptive|global|mean|sum|top_?k|lp|roi|att\w*|spatial|pyramid)_?pool\w*)",
                 r"Pool(ing)?\d[dD]\w*|pool_?\d*|pool2d|\w*[pP]ooling\w*|pool_layer"),
        _spelled(r"pooling"),
    ),
    "upsampling": Component(
        ("upsampling", "up sampling", "upsampling layers", "transposed convolutions", "transposed convolution",
         "transpose convolutions", "deconvolution", "deconvolutions"),
        _NONE,
        _spelled(r"(?i:\w*up_?sampl\w*|\w*conv\w*transposed?\w*|\w*transposed?_?conv\w*|\w*deconv\w*|pixel_?shuffle)",
                 r"depth_to_space|resize_(bilinear|nearest_neighbor|bicubic)|SubPixel\w*"),
    ),
    "conv3d": Component(
        ("3d convolution", "3d convolutions", "3-d convolution", "3-d convolutions", "three-dimensional convolution",
         "three-dimensional convolutions", "volumetric convolution", "volumetric convolutions", "3d conv", "3-d conv",
         "conv3d"),
        _spelled(r"(?i:\w*conv(olution)?_?(transpose_?)?3_?d\w*)"),
    ),
    "positional-encoding": Component(
        ("positional encoding", "positional encodings", "position encoding", "positional embedding",
         "positional embeddings", "position embedding", "position embeddings", "rotary embeddings"),
        _spelled(r"(?i:\w*pos(ition(al)?)?_?(emb|enc)\w*)", r"\w*Sinusoid\w*|(\w+_)?sinusoid(al)?_\w+",
                 r"(?i:\w*rotary\w*)|\w*RoPE\w*"),
    ),
    "weight-decay": Component(
        ("weight decay", "l2 regularization", "l2 regularisation", "l2 penalty", "weight regularization",
         "weight regularisation", "decoupled weight decay"),
        _spelled(r"(Fused|Lion)?AdamW\w*|adamw\w*|(?i:\w*(add|with|decoupled|decayed)\w*_weight_?(s|decay))",
                 r"DecoupledWeightDecay\w*|AdamWeightDecay\w*"),
        _spelled(r"(?i:l2_loss|l1_?l2|l2|l2_?reg\w*|weight_?decay\w*)"),
        _spelled(r"(?i:(\w+_)?(weight_?decay|wd|decay_weights?)|(kernel|weight|weights|W|bias)_?regulari[sz]er|l2_?reg\w*)"),
    ),
    "gradient-clipping": Component(
        ("gradient clipping", "grad clipping", "clipped gradients", "clipping gradients", "clipping the gradients",
         "clipping of gradients", "grad clip", "gradient clip"),
        _spelled(r"(?i:clip_?grad\w*|\w+_clip_?grad\w*|clip_by_global_norm|clip_by_norm|adaptive_grad_clip)"),
        _spelled(r"(?i:\w*grad(ient)?s?_?clip\w*)"),
        _spelled(r"(?i:(global_)?clip_?(norm|value)|\w*grad(ient)?s?_?clip\w*|clip_?grad\w*|max_grad_norm)"),
    ),
    "mixed-precision": Component(
        ("mixed precision", "mixed precision training", "automatic mixed precision", "half precision", "amp", "fp16",
         "float16", "autocast", "bf16", "bfloat16", "16 bit", "16 bits", "sixteen bit", "16 bit floats",
         "sixteen bit floats", "16 bit precision"),
        _spelled(r"\w*autocast|GradScaler|(?i:\w*mixed_?precision\w*)|LossScaleOptimizer|DynamicScale|amp",
                 r"b?float16|mixed16"),
        _spelled(r"half"),
        _spelled(r"(?i:(use_)?(fp16|bf16|amp|half_precision|mixed_precision))"),
    ),
    "early-stopping": Component(
        ("early stopping", "early stop", "early stops"),
        _spelled(r"(?i:\w*early_?stop\w*|stop_early|epochs?_(no|without)_improve\w*|patience_count\w*)"),
        given=_spelled(r"(?i:\w*early_?stop\w*)"),
    ),
    "lr-schedule": Component(
        ("learning rate schedule", "learning rate schedules", "learning rate scheduler", "learning rate scheduling",
         "learning rate decay", "lr schedule", "lr scheduler", "lr schedulers", "lr decay",
         "learning rate annealing", "step lr", "step decay"),
        _spelled(r"\w*lr_?sched\w*|\w*LRSched\w*|(?!Dummy)\w*LearningRateSchedul\w*|(Multi)?StepLR|OneCycle\w*|CyclicLR",
                 r"Cosine(Annealing|Decay)\w*|ReduceLR\w*|(Lambda|Exponential|Linear|Polynomial|Constant|Multiplicative)LR",
                 r"(Exponential|InverseTime|Polynomial|PiecewiseConstant)(Decay|Schedule)\w*|exponential_decay",
                 r"(\w+_)?cosine_(decay|onecycle|schedule)\w*|piecewise_constant\w*|polynomial_(decay|schedule)",
                 r"get_\w*schedule\w*|warmup_\w+_schedule|adjust_learning_rate\w*|adjust_lr|inverse_time_decay"),
        given=_spelled(r"lr_sched\w*|lr_decay\w*|learning_rate_decay\w*"),
    ),
    "augmentation": Component(
        ("augmentation", "augmentations", "data augmentation", "image augmentation", "augmenting"),
        _spelled(r"(?i:\w*augment\w*)",
                 r"Random(Horizontal|Vertical|Resized|Crop|Rot|Affine|Flip|Eras|Zoom|Transl|Contrast|Bright|Persp|Gray)\w*",
                 r"ColorJitter|CutMix|MixUp|Mixup|random_(flip|crop|brightness|contrast|rot|hue|saturation)\w*",
                 r"TrivialAugment\w*"),
        _spelled(r"(?i:mix_?up\w*|cut_?mix\w*|cut_?out)"),
        _spelled(r"(horizontal|vertical)_flip|(rotation|width_shift|height_shift|zoom|shear)_range|mixup\w*|cutmix\w*"),
    ),
    "label-smoothing": Component(
        ("label smoothing", "smoothed labels"), _spelled(r"(?i:label_?smooth\w*|smooth(ed)?_labels?)"),
        _spelled(r"LabelSmooth\w*"), _spelled(r"label_smoothing\w*"),
    ),
    "ema": Component(
        ("ema", "exponential moving average", "exponential moving averages", "moving average of the weights",
         "averaged weights"),
        _spelled(r"(\w+_)?ema(_\w+)?|EMA\w*|\w*[a-z](EMA|Ema)([A-Z]\w*)?|\w*ExponentialMovingAverage\w*|AveragedModel"),
        given=_spelled(r"(use_)?ema(_decay)?"),
    ),
    "pretrained-weights": Component(
        ("pretrained weights", "pretrained model", "pretrained models", "pretrained network", "pretrained networks",
         "pre trained weights", "pre trained model", "transfer learning"),
        _spelled(r"from_pretrained|load_pretrained\w*|KeyedVectors|create_cnn_model|cnn_learner|vision_learner",
                 r"[A-Z]\w*_Weights|KerasLayer"),  # ResNet18_Weights.DEFAULT
        given=_spelled(r"(use_)?pretrained\w*|encoder_weights"),
    ),
    "momentum": Component(
        ("momentum", "nesterov", "nesterov momentum", "heavy ball", "heavy ball momentum"),
        _spelled(r"Momentum(Optimizer|SGD)?|Nesterov\w*|CorrectedMomentumSGD|nesterov_momentum|apply_nesterov_momentum"),
        given=_spelled(r"(sgd_)?momentum(_?\w{0,2})|nesterov"),
    ),
    MULTI_GPU: Component(
        ("multi gpu", "multi gpus", "multiple gpus", "several gpus", "many gpus", "more than one gpu", "two gpus",
         "four gpus", "eight gpus", "2 gpus", "4 gpus", "8 gpus", "across gpus", "several graphics cards",
         "multiple graphics cards", "more than one graphics card", "more than one card", "multi device",
         "multiple devices", "data parallel", "data parallelism", "distributed data parallel", "ddp",
         "distributed training", "multi gpu training"),
        _spelled(r"\w*DataParallel\w*|DDP(Strategy|Plugin)?|FSDP|\w*MirroredStrategy|pmap|pjit|shard_map|multi_gpu_model",
                 r"apply_gradient_allreduce|horovod|hvd|deepspeed|DistributedSampler|data_parallel|\w*ParallelUpdater",
                 r"chainermn|create_multi_node_\w+"),
        _spelled(r"init_process_group"),
    ),
    "quantization": Component(
        ("8 bit", "8 bits", "8bit", "eight bit", "eight bits", "4 bit", "4 bits", "4bit", "four bit", "int8", "int4",
         "8 bit quantization", "8 bit quantized", "8 bit quantised", "4 bit quantization", "4 bit quantized",
         "4 bit quantised", "quantized to 8 bits", "quantised to 8 bits", "loaded in 8 bit", "loaded in 8 bits",
         "load in 8bit", "loaded in 4 bits", "bitsandbytes", "model quantization",
         "weight quantization"),
        _spelled(r"BitsAndBytesConfig|prepare_model_for_(int8|kbit)_training|bnb(_\w+)?|bitsandbytes|(Paged)?AdamW?8bit",
                 r"quantize_(dynamic|model|static)|QuantStub|prepare_qat|(Auto)?GPTQ\w*|\w*Linear(8bit|4bit|NF4)\w*"),
        given=_spelled(r"load_in_[48]bit"),
    ),
    # of TensorFlow's two ways; asked for as a framework, which has one name for both
    KERAS: Component((), _spelled(r"(?i:\w*keras\w*)")),
    "hugging-face": Component(
        ("hugging face", "huggingface", "hf transformers", "hugging face transformers", "huggingface transformers",
         "transformers library", "transformers package", "hugging face library", "hugging face hub",
         "hugging face trainer", "huggingface library", "huggingface hub", "hugging face transformers library",
         "huggingface transformers library"),
        _spelled(r"(TF|Flax)?Auto(Model|Tokenizer|Config|Processor|FeatureExtractor|ImageProcessor)\w*",
                 r"(Seq2Seq)?TrainingArguments|HfArgumentParser|DataCollator\w+|\w+TokenizerFast|transformers|GPT2\w+",
                 r"\w+For(Sequence|Token|Image)Classification|\w+For(CausalLM|MaskedLM|PreTraining|Seq2SeqLM|CTC)",
                 r"\w+For(ConditionalGeneration|QuestionAnswering|SemanticSegmentation|ObjectDetection|MultipleChoice)",
                 r"(TF|Flax)?(Ro|Distil|Al|Camem)?[Bb](ert|ERT|ERTa|erta)(Model|Tokenizer|Config)|T5(Model|Tokenizer)",
                 r"LoraConfig|get_peft_model|SFTTrainer|diffusers|(\w*Diffusion|DDPM|DDIM|LDM|PNDM)\w*Pipeline|AutoencoderKL",
                 r"UNet2D(Condition)?Model|(DDPM|DDIM|PNDM|EulerDiscrete|DPMSolver\w+)Scheduler"),
    ),
    STAGES: Component(
        ("several stages", "multiple stages", "many stages", "different stages", "multi stage", "more than one stage",
         "multi stage training", "several training stages", "multiple training stages", "several phases",
         "multiple phases", "more than one phase", "several trainings", "stage by stage", "stage after stage",
         "trains twice", "trained twice", "one stage after another", "one training after another",
         "first trains one thing")
    ),
    NETWORK: Component(
        ("neural network", "neural networks", "neural net", "neural nets", "deep neural network",
         "deep neural networks", "artificial neural network", "artificial neural networks", "deep network",
         "deep networks", "deep net", "deep nets", "deep learning", "deep learning model", "deep learning models", "nn",
         "nns")
    ),
    # told by the data set, or by several names together
    **{kind: Component(()) for kind in KINDS},
}  # fmt: skip
_LONGEST = 80  # characters of a name that anybody would give


Spelt = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
NOTHING: Spelt = (), (), ()


@lru_cache(maxsize=50_000)  # of all identifiers, few are different
def spelling(identifier: str) -> Spelt:
    """What an identifier builds wherever it is used, where it is called, and where something is given by that name."""
    any_of_them, patterns = _patterns()
    if len(identifier) > _LONGEST or not any_of_them.fullmatch(identifier):
        return NOTHING
    found: tuple[list[str], list[str], list[str]] = ([], [], [])
    for name, of_one in patterns.items():
        for which, pattern in zip(found, of_one, strict=True):
            if pattern.fullmatch(identifier):
                which.append(name)
    used, called, given = found
    return tuple(used), tuple(name for name in called if name not in used), tuple(given)


@cache
def _patterns() -> tuple[re.Pattern[str], dict[str, tuple[re.Pattern[str], ...]]]:
    """What any component is built by, and each: nearly no identifier builds one, and one search tells so in half the
    time of all. Compiled where code is read: a search only needs how people call them."""
    patterns = {name: component.patterns() for name, component in COMPONENTS.items()}
    return re.compile("|".join(pattern.pattern for of_one in patterns.values() for pattern in of_one)), patterns


def spoken(components: Iterable[str]) -> tuple[str, ...]:
    """How people call those of some components that are hardly named but to be used."""
    return tuple(way for name in components if name in NAMED for way in COMPONENTS[name].names)


_TEXT = re.compile(r"([A-Za-z_]\w*)[ \t]{0,4}(\(|=(?!=)(?=[ \t]{0,4}([\w.'\"]{0,24})))?")
_OFF = {"0", "0.", "0.0", "None", "False", "''", '""'}


def spelled_in(text: str) -> Iterable[tuple[str, str]]:
    """(component, identifier) of what a piece of code builds, read as text."""
    for match in _TEXT.finditer(text):
        used, called, given = spelling(match[1])
        after = match[2] or ""
        for name in (*used, *(called if after == "(" else ()), *(given if match[3] and match[3] not in _OFF else ())):
            yield name, match[1]
