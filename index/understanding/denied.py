"""What a denial means by other words than names: data sets by what is in them, worlds by what is done there, parts of a
method by what they do. Asked for, such words find other scripts as well; denied, they leave out all that they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product

from index.known.components import NETWORK
from index.known.glossary import FROM_HUGGING_FACE


@dataclass(frozen=True)
class Denied:
    """A field, and its values that are denied together."""

    field: str
    values: tuple[str, ...]


def _said(*words: str) -> list[tuple[str, ...]]:
    """Every way to say one word of each list."""
    return [*product(*(some.split() for some in words))]


DIGITS = Denied("dataset", ("MNIST", "Digits", "USPS", "QMNIST"))
_POLE = Denied("text", ("cartpole", "cart pole", "cart-pole"))
_PEOPLE = Denied("text", ("people", "persons", "person", "humans", "human", "pedestrian", "pedestrians"))
_HUGGING_FACE = Denied("text", ("hugging face", "huggingface", "from transformers", "import transformers",
                                "from diffusers", "from peft", "from datasets"))  # fmt: skip
_SPOKEN = Denied("text", ("text to speech", "tts", "text2speech", "speech synthesis", "tacotron"))
_HEARD = Denied("text", ("speech to text", "speech recognition", "asr", "stt", "speech2text"))
_LANGUAGE_MODELS = Denied("text", ("language model", "language models", "language modeling", "language modelling",
                                   "languagemodel", "llm", "causallm", "automodelforcausallm",
                                   "gpt2lmheadmodel"))  # fmt: skip
_PRETRAINED = Denied("uses", ("pretrained-weights",))
_NETWORKS = Denied("uses", (NETWORK,))
_BOOSTED = Denied("text", ("boosting", "boosted", *(f"{verb} {library}" for verb in ("import", "from")
                                                      for library in ("xgboost", "lightgbm", "catboost")),
                           *(f"{kind}{role}" for kind in ("xgb", "lgbm", "catboost", "gradientboosting",
                                                          "histgradientboosting", "adaboost")
                             for role in ("classifier", "regressor"))))  # fmt: skip
_REPLAY = Denied("text", ("replay buffer", "replay memory", "experience replay", "replaybuffer", "replaymemory"))
MEANT: dict[tuple[str, ...], Denied] = {
    **dict.fromkeys(_said("handwritten hand-written written", "digits digit numbers numerals"), DIGITS),
    ("digits",): DIGITS,
    **dict.fromkeys(_said("fashion clothing", "items articles pictures images"), Denied("dataset", ("FashionMNIST",))),
    **dict.fromkeys(_said("celebrity famous", "faces"), Denied("dataset", ("CelebA", "CelebAHQ"))),
    **dict.fromkeys(
        [
            ("pretrained",),
            ("pre-trained",),
            ("pretraining",),
            ("pre-training",),
            ("fine-tuned",),
            ("finetuned",),
            ("fine-tuning",),
            ("finetuning",),
        ],
        Denied("uses", ("pretrained-weights",)),
    ),
    ("house", "numbers"): Denied("dataset", ("SVHN",)),
    **dict.fromkeys(_said("movie film", "reviews review"), Denied("dataset", ("IMDB", "RottenTomatoes", "SST2"))),
    **dict.fromkeys(_said("iris irises", "flowers flower"), Denied("dataset", ("Iris",))),
    ("pole",): _POLE,
    **dict.fromkeys(_said("pole", "balancing that which"), _POLE),
    **dict.fromkeys(_said("inverted", "pendulum pendulums"), Denied("text", ("pendulum", "cartpole"))),
    **dict.fromkeys(_said("replay experience", "memory memories buffer buffers replay"), _REPLAY),
    **dict.fromkeys(_said("memory", "buffer replay"), _REPLAY),
    **dict.fromkeys(_said("experience experiences"), _REPLAY),
    **dict.fromkeys(_said("people persons humans pedestrians"), _PEOPLE),
    **dict.fromkeys(_said("human person", "beings bodies faces portraits"), _PEOPLE),
    **dict.fromkeys((("text", "to", "speech"), ("text-to-speech",), ("tts",), ("speech", "synthesis")), _SPOKEN),
    **dict.fromkeys((("speech", "to", "text"), ("speech-to-text",), ("speech", "recognition")), _HEARD),
    **dict.fromkeys((("boosting",), ("gradient", "boosting"), ("boosted", "trees"), ("boosting", "trees")), _BOOSTED),
    **dict.fromkeys(_said("language", "model models modeling modelling"), _LANGUAGE_MODELS),
    **dict.fromkeys((("hugging", "face"), ("huggingface",), ("hf",)), _HUGGING_FACE),
    **dict.fromkeys((("pretrained",), ("pre-trained",), ("pretraining",), ("pre-training",)), _PRETRAINED),
    **dict.fromkeys(
        (
            ("neurons",),
            ("artificial", "neurons"),
            ("layers", "of", "neurons"),
            ("neural", "layers"),
            ("hidden", "layers"),
            ("neural", "nets"),
            ("neural", "networks"),
        ),
        _NETWORKS,
    ),
}
LONGEST = max(map(len, MEANT))


def _forms(*verbs: tuple[str, str]) -> set[str]:
    return {f"{verb}{ending}" for verb, endings in verbs for ending in endings.split("_")}


# of these data of any kind may be the object, and the task is denied, not the data
DONE_TO = _forms(
    ("predict", "_s_ing"), ("forecast", "_s_ing"), ("classif", "y_ies_ying"), ("detect", "_s_ing"),
    ("segment", "_s_ing"), ("recogni", "se_ses_sing_ze_zes_zing"), ("translat", "e_es_ing"),
    ("describ", "e_es_ing"), ("recommend", "_s_ing"), ("summari", "se_ze"),
)  # fmt: skip
# what is done to a subject: "do not predict stock prices" denies the prices, "do not classify images" what is done
TASKS = DONE_TO | _forms(
    ("generat", "e_es_ing"), ("play", "_s_ing"), ("solv", "e_es_ing"), ("deal", "_s_ing"), ("handl", "e_es_ing"),
    ("concern", "_s_ing"), ("cover", "_s_ing"), ("targ", "et_ets_eting"), ("focus", "_es_ing"), ("read", "_s_ing"),
    ("mak", "e_es_ing"), ("draw", "_s_ing"), ("creat", "e_es_ing"), ("synthesi", "se_ze_ses_zes"),
    ("process", "_es_ing"), ("analy", "se_ze_ses_zes_sing_zing"),
)  # fmt: skip
# what a subject is had as, and says nothing of which it is: "stock prices", "satellite images"
_HAD_AS = {"price", "prices", "market", "markets", "image", "images", "picture", "pictures", "photo",
           "photos", "scan", "scans", "x-rays", "x-ray", "xrays", "data", "articles", "reviews",
           "recordings", "clips", "videos", "texts", "game", "games", "task", "tasks", "problem",
           "problems", "environment", "environments", "world", "examples", "records", "files", "stuff",
           "things", "ones", "topics", "series", "head", "heads", "branch", "branches"}  # fmt: skip
ANYTHING = _HAD_AS | {"text", "video", "audio", "sounds", "sequences", "time", "samples", "numbers", "values"}
_NAMES_IN_CODE = {"cat", "map", "set", "bar", "log", "net", "var", "key", "row", "col", "arg", "op", "bag", "car"}


def subject(phrase: list[str], *, done: bool = False) -> tuple[str, ...]:
    """The subject that a phrase denies, in the forms that scripts may have it: "predict stock prices" → stock;
    "faces" → faces, face. Of what is `done` as well: "race cars" → car racing."""
    words = phrase
    while len(words) > 1 and words[0] in TASKS and not {*words[1:]} <= ANYTHING:
        words = words[1:]
    while len(words) > 1 and words[-1] in _HAD_AS and not {*words[:-1]} & (TASKS | ANYTHING):
        words = words[:-1]
    said = " ".join(words)
    one = said if said in FROM_HUGGING_FACE else of_many(said)
    forms = (said,) if one == said or one in _NAMES_IN_CODE else (said, one)
    return (*forms, *_doing(words)) if done else forms


def _doing(words: list[str]) -> tuple[str, ...]:
    """What is done, as scripts name it: "race cars" → car racing, carracing."""
    if len(words) != 2 or not all(word.isalpha() for word in words):
        return ()
    verb, thing = words[0].removesuffix("e"), of_many(words[1])
    return (f"{thing} {verb}ing", f"{thing}{verb}ing")


def of_many(phrase: str) -> str:
    """One of what is named as many: "gaussian processes" → "gaussian process"; itself where it is one."""
    if not phrase.endswith("s") or phrase.endswith(("ss", "us", "is", "ics")) or len(phrase) < 4 or phrase == "news":
        return phrase
    if phrase.endswith("ies") and len(phrase) > 5:
        return f"{phrase[:-3]}y"
    return re.sub(r"(?<=ss|.x|ch|sh)es$|s$", "", phrase, count=1)
