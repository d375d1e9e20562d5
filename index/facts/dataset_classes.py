"""The data that a class of the project is called for which makes it: `WildfireDataset(root)`, `PlantSegDataModule(…)`.

The last word where nothing else speaks of the data. Most such classes are called for a form, a task or a part in the
training, which any data may have: only what is left of a name without those names a data set.
"""

from __future__ import annotations

import ast
import re

from index.facts.analysis import Analysis
from index.facts.execution import Executed
from index.files.tree import walk
from index.known_datasets import canonical, squeeze
from index.ranking.words import CAMEL

_CLASS = re.compile(
    r"(?P<stem>[A-Z][A-Za-z0-9]{3,40}?)_?((Torch|Iterable|Map)?(?P<set>Data_?[sS]et)|DataModule|Data_?[lL]oader)"
)
# A folder of data that has a name: two capitals, or one and a number.
_FOLDER = re.compile(r"(?:^|/)(?:data|datasets?|input)/(?:raw/)?(?P<name>[A-Z][A-Za-z]*[A-Z0-9][\w-]*)(?:/[\w-]*)?/?$")
_LOADS = re.compile(r"data|^(load|read|get|fetch)_|Folder|^glob$|listdir", re.IGNORECASE)
# What any data may be: by its form, its task, its part in the training, the network that it is for, its field.
_GENERAL = frozenset(re.findall(r"\w+", """
    abstract action activation active addition adversarial aggregate aggregated align aligned anchor and animal
    annotated annotation anomaly arc arithmetic array arrow asr attribute audio augment augmentation augmented
    augmix autoencoder average background balanced base baseline basic batch batched bbox behavior behaviour bert
    bin binary block booth box bpe bucket buffer byol byte cache cached caption captioning car cat category causal
    cbow char character chat chunk chunked class classes classification classifier clip cloud cls cluster code collate
    collator colored colorization column combined comment common complete completion composite concat condition
    conditional configurable content context contextual continuous contrastive control controlnet conversation
    copy copying core corpus crop csv curriculum custom cut cutmix cycle data dataframe dataset date decoder deep
    default demo demonstration dense depth detection detector df dialog dialogue dict dictionary diffusion digit
    dino dir directory disk distillation distributed doc document dog domain dpo dream dreambooth dual dummy
    dynamic edge edit embedding encoded encoder encoding entity environment episode episodic eval evaluation event
    example experience expert extended extractor face facial fake fast feature federated few file filtered
    financial fine finetune finetuning flat flow flower folder for forecast forecasting formatted frame fraud from
    full function fused fusion fuzzy game gan gaussian general generated generation generator generic global gpt
    graph gray grayscale grid ground group h hdf hf hidden hierarchical history hub hybrid hyper id identity idx
    image img imitation in index indexed inference infinite info initial inmemory inner inpainting input instance
    instruct instruction instructions int interaction interleaved inversion item iter iterable jepa joint json
    jsonl kd key keypoint kfold knowledge label labeled labelled landmark language large latent lazy learning
    level light lightning line linear list lit llama llm lm lmdb load loaded loader local log long lora low lr
    lstm make malware map mask masked math matrix mean medical mel mem memmap memory merged mesh meta metric mini
    mix mixed mixup mlm mlp mock moco modal modality model modeling module molecule monocular motion movie multi
    multimodal multiple multitask multiview music my named ner net network neural new news next nlp node noise
    noisy normal np npy npz num number numeric numerical numpy object offline on one online open optical order
    ordered original out output own packed padded page pair paired pairwise panda pandas paragraph parallel
    paraphrase parity parquet part partial patch path patient pcm per permuted person phrase pickle pix pixel pkl
    plain point policy pool portrait pos pose positive power pre predict prediction preference prefetch prepare
    prepared preprocessed pretrain pretrained pretraining price prioritized processed processing product prompt
    proxy pt py pytorch qa query question raw ray record recurrent reference regression reinforcement relation
    relational replay representation resolution retrieval review reward rgb rl rnn rollout root row sample sampled
    sampler scene score segment segmentation self semantic semi sensor sent sentence sentiment seq seq2seq
    sequence sequential series set sft shape shard sharded short siamese sim simclr similarity simple simulated
    simulation simulator sin sine single skip skipgram sliding small soft sorting sound source spam sparse spatial
    speaker spectrogram speech split src standard state static stereo stock stream streaming structured student
    style sub subset sum summarization summary super superresolution supervised support synth synthetic table
    tabular target task teacher temp temporal tensor term test text textual tf the time timeseries token tokenized
    tokens torch toy track tracking traffic train training trajectory transfer transform transformed transformer
    transition translation triple triplet tune tuple turn tweet twin two txt type unaligned unconditional unet unified
    unlabeled unlabelled unpaired unsupervised user utterance vae val valid validation value variable vec vector
    video view vision visual vit vlm voice volume voxel vqa wav wave waveform web weight weighted whisper whole
    window windowed windows with word word2vec wrapped wrapper x y yolo zero zip
"""))  # fmt: skip
_ROLE = re.compile(
    r"^(My|Custom|Base|Train(ing)?|Val(id(ation)?)?|Test|Eval|Full|Lit|The|Simple)(?=[A-Z])|"
    r"(?<=[a-z0-9])(Train(ing)?|Val(id(ation)?)?|Test|Eval|Torch|Classification|Images?)$"
)


def read(analysis: Analysis) -> dict[str, int]:
    """What the classes of the project are called for with which the script makes data: a data set that is known, the
    class itself; nothing where a setting that is not known says which of several it is."""
    found: dict[str, int] = {}
    resolver = analysis.evaluator.resolver
    for executed in analysis.executed:
        match = _CLASS.fullmatch(executed.name)
        if match is None:
            continue
        name = _called_for(executed.name, match)
        if name is None and _reads_of(analysis, executed, match["stem"]):
            name = executed.name
        if name is None:
            continue
        if any(_chooses(g.test) and resolver.holds(g, executed.frame) is None for g in executed.site.guards):
            return {}
        function = executed.site.node.func
        if resolver.definition(function, executed.frame) or _beside(analysis, analysis.name(function, executed.frame)):
            found.setdefault(name, executed.line)
    return found


def folders(analysis: Analysis) -> dict[str, int]:
    """The folders of data that are handed to what loads them, where a folder has a name: `load("data/FilmClap")`."""
    found: dict[str, int] = {}
    for executed in analysis.executed:
        call = executed.site.node
        for part in [*call.args[:2], *(k.value for k in call.keywords)] if _LOADS.search(executed.name) else []:
            text = part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""
            match = _FOLDER.search(text[:200])
            words = [word.lower() for word in CAMEL.findall(match["name"])] if match is not None else []
            if match is not None and not all(_general(word) or word.isdigit() for word in words):
                found.setdefault(match["name"], executed.line)
    return found


def _called_for(called: str, match: re.Match[str]) -> str | None:
    stem = match["stem"]
    while (shorter := _ROLE.sub("", stem)) not in {stem, ""}:
        stem = shorter
    if (known := canonical(stem)) is not None:
        return known
    words = [word.lower() for word in CAMEL.findall(stem)]
    named = any(len(word) > 2 and not _general(word) for word in words)
    return (called if match["set"] else stem) if named and len(squeeze(stem)) > 3 else None


def _reads_of(analysis: Analysis, executed: Executed, stem: str) -> bool:
    """Whether the class is given the folder that it is called for: `FlowersDataset("datasets/flowers")`."""
    call = executed.site.node
    for part in [*call.args[:2], *(keyword.value for keyword in call.keywords)]:
        path = analysis.value(part, executed.frame).constant
        if isinstance(path, str) and "/" in path and squeeze(path.rstrip("/").rpartition("/")[2]) == squeeze(stem):
            return True
    return False


def _chooses(test: ast.expr) -> bool:
    """Whether a test compares a setting with names."""
    return isinstance(test, ast.Compare) and any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) for part in walk(test)
    )


def _general(word: str) -> bool:
    return word in _GENERAL or word.removesuffix("s") in _GENERAL or word.removesuffix("es") in _GENERAL


def _beside(analysis: Analysis, full: str) -> bool:
    """Whether a name is of a module beside the script."""
    home = full.rpartition(".")[0]
    return bool(home) and analysis.evaluator.resolver.configs.has_module(home.replace(".", "/"))
