"""The data that a class of the project is called for which makes it: `WildfireDataset(root)`, `PlantSegDataModule(…)`.

The last word where nothing else speaks of the data. Most such classes are called for a form, a task or a part in the
training, which any data may have: only what is left of a name without those names a data set.
"""

from __future__ import annotations

import ast
import re

from index.facts.data import dataset_paths, dataset_words
from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import dotted
from index.facts.network import ancestry
from index.files.tree import walk
from index.known.datasets import TOO_GENERAL, canonical, mentioned, squeeze
from index.known.words import CAMEL

_CLASS = Identifiers(
    r"(?P<stem>[A-Z][A-Za-z0-9]{3,40}?)_?((Torch|Iterable|Map)?(?P<set>Data_?[sS]et)|DataModule|Data_?[lL]oader)"
)
_MODULE = re.compile(r"(?P<stem>[A-Za-z][A-Za-z0-9_]{2,40}?)_?(?P<set>data_?set|data)s?(_?loader)?", re.IGNORECASE)
# A folder of data that has a name: two capitals, or one and a number.
_FOLDER = re.compile(
    r"(?:^|(?P<up>/))(?:[Dd]ata|[Dd]atasets?|input)/(?:raw/)?(?P<name>[A-Za-z][\w-]*)(?:/(?P<below>[\w-]*))?/?(?:\*\S*)?$"
)
# The same of one that says so itself: ./bleien_data/*.
_OF_DATA = re.compile(r"(?:^|(?P<up>/))(?P<name>[A-Za-z]\w*[_-]data(?:set)?)/?(?P<below>[\w-]*)/?(?:\*\S*)?$")
_LISTS = {"glob", "rglob", "iterdir"}  # of a path
SPLITS = r"(train(ing)?|test(ing)?|val(id(ation)?)?|dev|eval)_?(set)?"
PARTS = re.compile(rf"{SPLITS}|submissions?", re.IGNORECASE)
_FORMS = re.compile(r"(data(sets?)?|raw|inputs?|files?|samples?|images?|imgs?|pictures?|photos?)", re.IGNORECASE)
# A folder of two kinds of pictures, of which one is to become the other: ./aerial2map/aerial.
_OF_TWO = re.compile(r"(?:^|/)(?P<name>(?P<one>[a-z]{3,})2(?P<other>[a-z]{3,}))/[\w-]+/?$")
_NETWORKS = ("Net", "Network", "Model", "Agent")  # how a class ends that is one
_ABOVE = 4  # of a path: the file, and the folders of its project
_SET = re.compile(r"data_?set(_?name)?$", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z][\w+-]{2,30}")
_LOADS = Identifiers(
    r"data|^(load|read|get|fetch)_|Folder|^r?glob$|^iterdir$|^walk$|^splits$|listdir|from_directory$", re.IGNORECASE
)
# Where things lie, whatever they are.
PLACES = frozenset(re.findall(r"\w+", """
    archive asset assignment backend bronze curated gold landing silver warehouse chapter common content course
    desktop document download drive exercise extra
    frontend homework hw lab lecture lesson material media misc module notebook part practice problem project
    question resource result saved script server session shared solution src static storage temp tmp tutorial unit
    upload week work working
"""))  # fmt: skip
# What any data may be: by its form, its task, its part in the training, the network that it is for, its field.
_GENERAL = frozenset(re.findall(r"\w+", """
    abstract action activation active add addition adversarial aggregate aggregated align aligned anchor and animal
    annotated annotation anomalous anomaly answer append arabic arc archive args arithmetic array arrow artifact asr
    attribute audio augment augmentation augmented augmix auto autoencoder autoformer aux auxiliary average background
    backtranslation backup balanced base baseline basic batch batched bbox behavior behaviour bert bilingual bin
    binarized binary block booth bottleneck box bpe bptt brain bucket buffer build byol byte cache cached caption
    captioning car cat category causal cbow challenge char character chat checkpoint chinese chunk chunked circle
    class
    classes classic classification classifier clean cleaned climate clip cloud cls cluster code collate collator
    colored
    colorization colorize column combined combo comment common complete completion composite concat concatenated
    concentric condition conditional configurable content context contextual continuous contrastive control
    controlnet conv conversation copy copying core corpus create crop cropped csv curriculum custom cut cutmix cycle
    cyclic data dataframe dataset datasplit date day decoder deep default delegate demo demonstration denoising
    dense depth detection detector device df dialog dialogue dict dictionary diffusion digit dino dir directory
    disentangled disk distill distillation distributed doc document dog domain double download dpo dream dreambooth
    dual dulation dummy duration dynamic ecg edge edit eeg embedding empty encoded encoder encoding energy engineered
    english entity environment eos episode episodic epoch eval evaluation event example experience expert explainer
    extended external extra explore explored extracted extractor face facial factorisation factorization fake
    fashion fast fasttext feature federated few file filter
    filtered final financial fine finetune finetuning flat flow flower fold folder for forecast forecasting form
    formatted frame fraud french from full function fused fusion fuzzy game gan gaussian gender general generated
    generation generator generic geo german global glove gpt gradient graph gray grayscale grid ground group h half
    hdf heatmap hetero hf hidden hierarchical highres hindi historical history hour hr hub hubert huffman hugging
    hybrid hyper hyperspectral id identity idx image imbalanced img imitation imputed in incremental index indexed
    infection inference infinite info informer initial inmemory inner inpainting input instance instruct instruction
    instructions int integer intent interaction interface interim interleaved interpolation interval into inversion
    italian item iter iterable iterator japanese jepa join joint json jsonl kaldi kd key keypoint keyword kfold kg
    kgqa
    knowledge korean label labeled labelled landmark lang language large latent latents latest layout lazy learning
    left length level lidar light lightning line linear link list lit literal llama llm lm lmdb load loaded loader
    local log logits long lookup lora loss losses low lowres lr lru lstm mae make malware manifest map mapped
    mapping markdown marker market mask masked matcher math matrix mean medical mel melspectrogram mem memmap memory
    merge merged mesh meta metadata metric mine mini mix mixed mixture mixup mlm mlp mock moco mrc modal modality mode
    model modeling module molecular molecule mono monocular monolingual month motion movie mri multi multichannel
    multiclass multilabel multilingual multimodal multiple multiscale multitask multiview music my name named
    negative ner nerf nested net network neural new news next nlp node noise noising noisy normal normalised
    normalized noun np npy npz num number numel numeric numerical numpy object observation observed occlusion ocr
    odd offline offset omni on one online open optical oracle order ordered original out outlier output overfit
    overlap own packed packing pad padded padding page pair paired pairwise palindrome panda pandas panorama
    paragraph parallel paraphrase parity parquet parse parsed part partial patch patched path patient pcm per
    permuted person phoneme photo phrase physio pickle pitch pix pixel pkl plain plan plot point pointcloud policy
    poly polynomial pool pooled portrait portuguese pos pose positive power pre pred predict prediction preference
    prefetch prefix prefixed prefixlm prepare prepared prepend preprocessed pretrain pretrained pretraining price
    prior prioritized private processed processing product prompt protocol proxy pt public punctuation py pytorch qa
    quality quantized query question queue quick radar random range rank ranked ranking rating raw ray rcnn reader
    recommendation recon reconstruction record recurrent redis refer reference regression regular reinforcement
    relation relational repeat replace replay reply report representation request resample resampling residual
    resize resized resolution response result retrieval retriever return reverse review reward rgb right rl rnn road
    robot robotics roll rolling rollout root rotated rotation route row rule run russian safe sample sampled sampler
    sat satellite scaled scaler scene scheduled schema score sdxl search section segment segmentation segmented
    selected selection self semantic semi sensor sent sentence sentencepair sentencepiece sentences sentiment seq
    seq2seq sequence sequential series set sft shape shard sharded sharp short shot shuffle shuffled siamese signal
    silence sim simclr similarity simple simulated simulation simulator sin sine single sketch skip skipgram skorch
    slice sliding slot small snapshot social soft song sort sorted sorting sound source space spam span spanish
    sparse spatial spatio speaker special spectogram spectral spectrogram speech split sql src stacked stage staging
    stalling standard state static statistic step stereo stochastic stock storage stored story stratified stream
    streaming street stress string strip structured student style sub submission submit subsample subset sum
    summarization summary super superresolution supervised support symbol symbolic synth synthetic table tabular
    tacotron tagged tagger tagging tags target task teacher temp temperature template temporal tensor term test
    testset text texts textual texture tf the threading thumbnail tiff tile time timeseries title tmp toke token
    tokenize tokenized tokenizer tokens tool topic topk torch torchaudio torchvision toy trace track tracking traffic
    train
    training trainset trajectory transfer transform transformed transformer transition translation tree triple
    triplet truncate truncated truth tts tune tuple turkish turn tweet twin two txt type unaligned uncond
    unconditional unet uni unified uniform unit unknown unlabel unlabeled unlabelled unpaired unseen unsupervised
    update upsampled url user utterance vad vae val valid validation validset value variable variational vec vector
    vehicle verification verify versatile version video vietnamese view virtual vision visual visualization vit vlm
    vlp vocab vocabulary voice volume voxel vqa wait warp wav wave waveform wavenet weather web weight weighted
    whisper whole wide window windowed windows with word word2vec worker wrapped wrapper wrapping write x xml xray
    xyz y yaml year yolo zero zeros zip zipped
    candle customer deblur deblurring dehaze dehazing demographic derain deraining dicom enhance enhanced
    enhancement exam experiment experimental haze hazy lowlight master nifti ohlcv partition partitioned phys
    physical player predicted previous probe restoration restored sale scan station store tab team tick ticker
    trade trading transaction trial debug imagery pat
    aggregation amount archived backfill bak bins boundary calibrated calibration candidate captured centroid cleaning
    coefficient cohort collected collection comparison computed coord coordinate correlation corrected credential
    database
    db decoded dedup deduplicated derivative descriptor detail diff dimension discretized downsampled dropped dst dump
    enriched entities estimate etl evaluated export exported fetched filled fits flattened frequency header hist
    hyperparameter imputation indices ingested intermediate interpolated iteration joined kernel knn lagged lemmatized
    library listing matrices meas measured measurement median midi minute missing mlflow ndarray note null obs
    occurrence overview participant pca period pivot pivoted placeholder predictor prep preprocess preprocessing
    probability qc queries ratio raws recorded recording reduced registry removed resampled restructured scenario
    scraped
    screened session sheet shuffled sized smoothed spreadsheet stat stemmed stopword subject synced tfidf
    threshold
    timestamp totals transcript transcription transposed untitled unzipped updated uploaded usage validated vectorized
    verified vertices workbook zipped
    hamming logmel mfcc real
    across chainer cnn cost derived mtl pinn profile rec recsys setting specific
"""))  # fmt: skip
_RIVALS = re.compile(r"(c|d?c|w|ls|bi|pg|e?sr|ac|sa|style|cycle|info|star|big|hifi|mel)gan")  # networks, by their kind
_ROLE = re.compile(
    r"^(My|Custom|Cached|Base|Train(ing)?|Val(id(ation)?)?|Test|Eval|Full|Lit|The|Simple)(?=[A-Z])|"
    r"(?<=[a-z0-9])(Train(ing)?|Val(id(ation)?)?|Test|Eval|Torch|Classification|Images?)$"
)


def read(analysis: Analysis) -> dict[str, int]:
    """What the classes of the project are called for with which the script makes data: a data set that is known, the
    class itself; nothing where a setting that is not known says which of several it is."""
    found: dict[str, int] = {}
    stems: set[str] = set()
    resolver = analysis.evaluator.resolver
    imported = [str(b.node) for bound in analysis.program.module.bindings.values() for b in bound if b.kind == "import"]
    modules = any(_MODULE.fullmatch(part) for full in imported for part in full.split(".")[-2:])
    for executed in analysis.executed:
        match = _CLASS.fullmatch(executed.name) or _of_dataset(analysis, executed)
        match = match or (_of_its_module(analysis, executed) if modules else None)
        if match is None or _for_a_network(analysis, match["stem"]):
            continue
        name = _called_for(analysis, executed.name, match)
        if name is None and _reads_of(analysis, executed, match["stem"]):
            name = executed.name
        if name is None:
            continue
        if chosen(analysis, executed):
            return {}
        function = executed.site.node.func
        if resolver.definition(function, executed.frame) or _beside(analysis, analysis.name(function, executed.frame)):
            found.setdefault(name, executed.line)
            stems.add(squeeze(match["stem"]))
    if len(stems) == 1:  # a data set and the module that serves it
        return dict([min(found.items(), key=lambda one: not one[0].endswith("set"))])
    return found


def called(analysis: Analysis) -> dict[str, int]:
    """What a script calls its data, where it has one name for them: `dataset = "enron"`."""
    found: dict[str, int] = {}
    for node in analysis.source.of(ast.Assign):
        target = node.targets[0]
        if isinstance(target, ast.Name) and _SET.match(target.id):
            found.setdefault(_name(node.value), node.lineno)
        elif isinstance(target, ast.Attribute) and _SET.match(target.attr) and (name := _name(node.value)):
            found.setdefault(name, node.lineno)  # self.dataset_name = "vdsr"
    for table in analysis.source.of(ast.Dict) if not found else []:  # wandb.init(config={"dataset": "CEAP"})
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str) and _SET.match(key.value):
                found.setdefault(_name(value), value.lineno)
    return found if "" not in found and len(found) == 1 else {}


def _name(node: ast.expr) -> str:
    """The name of data that a text is; "" for any other and for what is no text."""
    text = node.value if isinstance(node, ast.Constant) else None
    said = isinstance(text, str) and _PLAIN.fullmatch(text) and own(CAMEL.findall(text))
    return str(text) if said else ""


def folders(analysis: Analysis) -> dict[str, int]:
    """The folders of data that are handed to what loads them, where a folder has a name: `load("data/FilmClap")`."""
    found: dict[str, int] = {}
    for executed in analysis.executed:
        call = executed.site.node
        parts = [*call.args[:2], *(k.value for k in call.keywords)] if _LOADS.search(executed.name) else []
        if executed.name in _LISTS and isinstance(call.func, ast.Attribute):  # Path("data/FilmClap").glob("*.wav")
            parts = [call.func.value, *parts]
        own_call = executed.site.scope.module is analysis.program.module
        for part in parts:
            whole = dataset_paths.spelt(analysis, part, executed.frame) if own_call else (
                analysis.value(part, executed.frame).constant)  # fmt: skip
            path = re.sub(r"[/\\]+", "/", whole[:200]) if isinstance(whole, str) else ""
            match = _FOLDER.search(path) or _OF_DATA.search(path)
            if match is not None and match["below"] and match.start("up") == 0 and not PARTS.fullmatch(match["below"]):
                continue  # /data/anna/gan: a disk, and whose folder it is
            words = CAMEL.findall(match["name"]) if match is not None else []
            if match is not None and own(words) and not any(map(PARTS.fullmatch, words)) and not anywhere(words):
                if chosen(analysis, executed):
                    return {}
                found.setdefault(mentioned(match["name"]) or match["name"], executed.line)
            two = _OF_TWO.search(path) if match is None and not dataset_words.of_weights(executed.name + path) else None
            if two is not None and own([two["one"], two["other"]]):
                found.setdefault(two["name"], executed.line)
    return found


def _of_dataset(analysis: Analysis, executed: Executed) -> re.Match[str] | None:
    """A class of the project that is a data set, whatever it is called: `class Wildfires(Dataset)`."""
    match = re.fullmatch(r"(?P<stem>[A-Z][A-Za-z0-9_]{3,40}?)(?P<set>)", executed.name)
    if match is None:
        return None
    scope = analysis.evaluator.resolver.definition(executed.site.node.func, executed.frame)
    if scope is not None and scope.module is analysis.program.module:
        own = isinstance(scope.node, ast.ClassDef) and scope.name != "Dataset"
        bases = (
            [dotted(base) or "" for base in scope.node.bases] if own and isinstance(scope.node, ast.ClassDef) else []
        )
    elif "data" in executed.name.lower():
        return None
    else:
        bases = [ancestry.inherited(analysis, analysis.name(executed.site.node.func, executed.frame))]
    return match if any(base.rpartition(".")[2] == "Dataset" for base in bases) else None


def _of_its_module(analysis: Analysis, executed: Executed) -> re.Match[str] | None:
    """A class that the module of the data is called for: `from cags_dataset import CAGS`."""
    if not executed.name[:1].isupper():
        return None
    home = analysis.name(executed.site.node.func, executed.frame).rpartition(".")[0].rpartition(".")[2]
    match = _MODULE.fullmatch(home)
    if match is None or not own(CAMEL.findall(match["stem"])):
        return None
    return match if squeeze(executed.name) in {squeeze(match["stem"]), squeeze(home)} else None


def anywhere(words: list[str]) -> bool:
    """Whether a name says where things lie, whatever they are."""
    return not PLACES.isdisjoint(form for word in words for form in (word.lower(), word.lower().removesuffix("s")))


def own(words: list[str]) -> bool:
    """Whether a name says more than what any data may be."""
    long = (word for word in words if len(word) > 3 or (len(word) > 2 and word.isupper()))
    return any(word.isalpha() and not general(word.lower()) for word in long)


def _for_a_network(analysis: Analysis, stem: str) -> bool:
    """Whether a class is called for one that the script builds too, which its data are for: `KGCN(…)`,
    `KGCNEdgeLoader(…)`, and `AlphaZeroNet(…)`, `AlphaZeroDataset(…)`."""
    if any(f"{stem}{kind}" in analysis.called for kind in _NETWORKS):
        return True
    return any(
        len(name) > 3 and name[0].isupper() and stem.startswith(name) and stem[len(name) :][:1].isupper()
        for name in analysis.called
    )


def _called_for(analysis: Analysis, called: str, match: re.Match[str]) -> str | None:
    """The data that a class is called for; of one that no list has, where the project speaks of it elsewhere, too: what
    else a class is called for is how it cuts or keeps its data, `FixedFramesDataset`."""
    stem = match["stem"]
    while (shorter := _ROLE.sub("", stem)) not in {stem, ""}:
        stem = shorter
    if (known := canonical(stem)) is not None:
        return known if squeeze(stem) not in TOO_GENERAL else None
    words = [word.lower() for word in CAMEL.findall(stem) if not _of_tasks(word)]
    naming = [word for word in words if not general(word)]
    named = any(len(word) > 2 for word in naming) and len(squeeze(stem)) > 3
    return (called if match["set"] else stem) if named and spoken_of(analysis, naming) else None


def spoken_of(analysis: Analysis, words: list[str]) -> bool:
    """Whether the texts of a script, the modules that it imports, where it lies, or the README of its project say
    words, one after the other."""
    texts = (node.value for node in analysis.source.of(ast.Constant) if isinstance(node.value, str))
    places = analysis.source.path.parts[-_ABOVE:]
    modules = (str(binding.node).rpartition(".")[0] for binding in analysis.program.imports)
    said = squeeze(" ".join([*texts, *modules, *places, analysis.evaluator.resolver.configs.introduction()]))
    return squeeze("".join(words)) in said


def _reads_of(analysis: Analysis, executed: Executed, stem: str) -> bool:
    """Whether the class is given the folder that it is called for: `FlowersDataset("datasets/flowers")`."""
    call = executed.site.node
    for part in [*call.args[:2], *(keyword.value for keyword in call.keywords)]:
        path = analysis.value(part, executed.frame).constant
        folder = path.rstrip("/").rpartition("/")[2] if isinstance(path, str) and "/" in path else ""
        if folder and squeeze(folder) == squeeze(stem):
            return not PARTS.fullmatch(folder) and not _FORMS.fullmatch(folder)
    return False


def chosen(analysis: Analysis, executed: Executed) -> bool:
    """Whether a setting that is not known chooses a call."""
    holds = analysis.evaluator.resolver.holds
    return any(_chooses(guard.test) and holds(guard, executed.frame) is None for guard in executed.site.guards)


def _chooses(test: ast.expr) -> bool:
    """Whether a test compares a setting with names."""
    return isinstance(test, ast.Compare) and any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) for part in walk(test)
    )


def general(word: str) -> bool:
    forms = (word, word.removesuffix("s"), word.removesuffix("es"))
    return PARTS.fullmatch(word) is not None or not _GENERAL.isdisjoint(forms) or _RIVALS.fullmatch(word) is not None


def _of_tasks(word: str) -> bool:
    """Whether capitals are those of two general words: MRCNER."""
    parts = ((word[:cut].lower(), word[cut:].lower()) for cut in range(3, len(word) - 2))
    return word.isupper() and any(general(first) and general(last) for first, last in parts)


def _beside(analysis: Analysis, full: str) -> bool:
    """Whether a name is of a module beside the script."""
    home = full.rpartition(".")[0]
    return bool(home) and analysis.evaluator.resolver.configs.has_module(home.replace(".", "/"))
