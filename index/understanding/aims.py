"""What a question wants to be told of what it finds: how many there are, the values of a fact, which of these is the
most common, their average, whether there is any. No script is found by the words that ask for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.understanding.filters import Aim
from index.understanding.vocabulary import (
    DATASET_WORDS,
    FRAMEWORK_WORDS,
    HARDWARE_WORDS,
    OPTIMIZER_WORDS,
    TAG_WORDS,
    squeeze,
)

if TYPE_CHECKING:
    from index.understanding.query import Token

NUMBERS = frozenset({"lr", "batch", "epochs", "size"})
SETTINGS = ("dataset", "optimizer", "lr", "batch", "epochs", "hw")

_PHRASES = {
    "dataset": ("dataset", "datasets", "data set", "data sets", "training data"),
    "optimizer": ("optimizer", "optimizers", "optimiser", "optimisers"),
    "framework": ("framework", "frameworks", "library", "libraries"),
    "hw": ("hardware", "device", "devices", "accelerator", "accelerators"),
    "kind": ("architecture", "architectures", "model type", "model types", "network type", "network types",
             "model family", "model families",
             *(f"{kinds} of {things}" for kinds in ("kind", "kinds", "type", "types", "sort", "sorts", "families")
               for things in ("model", "models", "network", "networks", "architecture", "architectures"))),
    "lr": ("learning rate", "learning rates", "lr", "lrs", "learning-rate", "learning_rate", "step size", "step sizes"),
    "batch": ("batch size", "batch sizes", "batchsize", "batch_size", "batch-size", "mini-batch size",
              "minibatch size", "bs"),
    "epochs": ("epochs", "number of epochs", "epoch count", "epoch counts", "numbers of epochs"),
    "size": ("file size", "file sizes"),
}  # fmt: skip
_NAMES = {tuple(phrase.split()): field for field, phrases in _PHRASES.items() for phrase in phrases}
_LONGEST = max(map(len, _NAMES))


def _words(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


_BE, _DO = "is are was were", "do does did"
# what follows a fact that is asked for: "learning rate scheduler", "dataset class" are other things
_FOLLOWING = _words(
    f"""[,;] {_BE} {_DO} have has had can could should would i we you my our the a an of in for on with by used use
    uses using there exist and or that which what to among amongst across most mostly least per each here occurs?
    appears? overall usually typically when if values? trained train available known stated present represented
    covered tried go went ranges? distribution histogram"""
)
_ON = rf"(?= (?:$|{_FOLLOWING} ))"
_FACT = rf"%(\w+){_ON}"
_FACTS = (
    rf"{_FACT}(?:(?: ,)?(?: and| or| &)?(?: (?:with|on|in|at))?(?: (?:what|which))?(?: (?:the|its|their))? {_FACT})*"
)
_OPENERS = _words(
    f"""please and so can could you would i we want need to know like see show tell give list name enumerate display
    print me us all which what {_BE} the of my our different distinct various unique every about exact for on with
    in using at by"""
)
# many of these a script has, and not an index scripts
_UNCOUNTED = _words(
    """layers? parameters? params steps? timesteps? iterations? classes heads? filters? units? neurons? channels?
    gpus? workers? blocks? lines? times? images? samples? tokens? words? dimensions? bits? players? agents? hours?
    days? weeks? digits? people hidden convolutional linear attention residual training"""
)
_OFTEN = _words("common commonly popular used frequent frequently often usual prevalent applied chosen represented")
_VERBS = _words("use used uses train trained choose chose pick picked occur occurs appear appears on with")
_GROUPED = _words(
    """groups? grouped grouping break broken breakdown split tally tallied distribution histogram statistics stats
    overview summary counts? counted totals? numbers? many divided? categori[sz]ed?"""
)
_BY = r" (?:by|per|across|according to|(?:(?:for|in|on|with) )?(?:each|every))(?: (?:the|their|its))? %\w+"
_NUMBER = r"%(?:lr|batch|epochs|size)"
_ALL = r"(?: (?:the|my|all|our|these|those))*"
# each a form of question that names a fact: what it wants, and the words that say so
_FORMS: tuple[tuple[str, str], ...] = (
    ("mean", rf" (?:average|mean) {_NUMBER} "),
    ("mean", rf" {_NUMBER} (?:on|in the) average "),
    ("median", rf" median {_NUMBER} "),
    ("largest", rf" (?:maximum|maximal|max) {_NUMBER}{_ON}"),
    ("smallest", rf" (?:minimum|minimal|min) {_NUMBER}{_ON}"),
    ("range", rf" (?:ranges?|spread) of{_ALL} {_NUMBER} "),
    ("range", rf" {_NUMBER} ranges? "),
    ("groups", rf" (?:how )?{_GROUPED}(?=.*{_BY} )"),
    ("groups", rf" (?:distribution|histogram|breakdown|overview|tally|statistics|stats) of{_ALL} %\w+ "),
    ("groups", r" %\w+ (?:distribution|histogram|breakdown) "),
    ("groups", r" with (?:the |their )?(?:counts?|numbers?|totals?) $"),
    ("groups", r" how many(?: (?:different|distinct|unique))? %(?:dataset|optimizer|framework|hw|kind|lr|batch) "),
    ("least", rf" (?:least|less)(?: (?:commonly|often|widely|frequently))? {_OFTEN}(?: %\w+)? "),
    ("least", r" (?:rarest|rarely|seldom)(?: used)?(?: %\w+)? "),
    ("least", rf" {_VERBS}(?: the)? least(?: (?:often|frequently|commonly))? (?=$|in |on |for |by |among )"),
    ("most", rf" (?:most|more)(?: (?:commonly|often|widely|frequently))? {_OFTEN}(?: %\w+)? "),
    ("most", r" (?:commonest|favou?rite|preferred|predominant|dominant|usual|typical|main|top) %\w+ "),
    ("most", rf" {_VERBS}(?: the)? most(?: (?:often|frequently|commonly))? (?=$|in |on |for |by |among )"),
    ("most", r" (?:do|does|did)(?: the)? (?:most|majority)(?: of)? "),
    ("most", r" (?:usually|mostly|typically|generally|normally|mainly) "),
)
# of two things that are named: "are there more GANs or VAEs", "do I use Adam or SGD more often"
_MORE = (
    rf"^(?: {_words(f'{_BE} {_DO} have there i we use used train trained on with which what the')})*"
    r" more(?! than )(?: (?:common|often|popular|used))?(?: ,)? (?=.* or )|(?<! or) more(?: often)? $"
)
_COUNTS = (
    rf"^(?: (?:so|and|please|tell|me|show|give|what|is|the))*(?: how many(?! {_UNCOUNTED} )|(?: total| overall)?"
    rf" (?:number|count|amount) of(?! {_UNCOUNTED} |%)| count(?: up)?(?: all)?)(?: of)?{_ALL} "
)
_SCRIPTS = {"scripts", "script", "models", "model", "networks", "network", "files", "programs", "experiments",
            "notebooks", "trainings", "ones", "nets", "are", "is", "use", "uses", "have", "has", "train", "trained",
            "were", "was", "do", "don't", "does", "run", "that", "state"}  # fmt: skip
_VOCABULARIES = (TAG_WORDS, FRAMEWORK_WORDS, OPTIMIZER_WORDS, DATASET_WORDS, HARDWARE_WORDS)
_EPOCHS = rf" (?:for )?how many %epochs | how long (?:{_words(f'{_DO} {_BE}')})(?=.* (?:train|trained|run|ran) )"
_TELLS = (
    rf" (?:what|which)(?: (?:the|{_words(_BE)}))* {_FACTS}",
    rf"^(?: the)? (?!%(?:hw|framework|kind)){_FACTS} (?:of|for|used by) ",
    rf"^(?: {_OPENERS})* {_FACTS}",
)
_ASKING = re.compile(r" (?:what|which|list|show|tell|name|give|enumerate|display|print|know|see) ")
_SETTING = r" (?:(?:training|exact) )*(?:settings|hyper-?parameters|hyper parameters|configuration|config|setup) "
_HOW_TRAINED = rf"^ how {_words(f'{_BE} {_DO}')}(?=.* (?:trained|train) (?:$|on ))"
_WHEN = rf"^ when {_words(f'did has have {_BE}')}(?: (?:i|we))? "
_MAKE = _words(
    """write wrote written create created make made start started commit committed train trained build built add
    added begin begun"""
)
_CHANGE = _words("modify modified change changed edit edited update updated touch touched save saved")
_MADE, _CHANGED = rf"(?: last| first)? {_MAKE} ", rf"(?: last| first)? {_CHANGE} "
_HOW_OLD = rf"^ how (old|new|recent|big|large|small) {_words(_BE)} "
_WHY = rf"^ why {_words(f'{_BE} {_DO} has have would')} "
_RANKS = (
    r" (?:ranks?|ranked|comes?|came|appears?|shows?|found|listed)"
    r"(?: (?:up|first|second|third|top|at|the|so|as|best|highest|high|well))*(?: (?:for|in|when))? "
)
_ANY = (
    r"^(?: so| and)?(?: (?:do|did|have|had) (?:i|we|you)(?! (?:know|remember|recall|think|see|want|need|mind) )"
    r"| (?:is|are|was|were|isn't|aren't) (?:there|any|anything|something)"
    r"| (?:does|do|did|has|have) (?:any|anything|some|something|one))(?: (?:ever|already|have|any|got))* "
)


def mentioned(text: str) -> tuple[str, ...]:
    """The facts that a question names in any way."""
    words = [word.strip("?.,;:!\"'()").lower() for word in text.split()]
    found: dict[str, None] = {}
    for start in range(len(words)):
        for length in range(_LONGEST, 0, -1):
            if (field := _NAMES.get(tuple(words[start : start + length]))) is not None:
                found.setdefault(field)
                break
    return tuple(found)


def read(tokens: list[Token]) -> tuple[Aim, list[Token]]:
    """What a question wants, and its tokens without those that say so."""
    line = _Line(tokens)
    aim = _aim(line)
    return aim, [token for at, token in enumerate(tokens) if at not in line.taken]


def _aim(line: _Line) -> Aim:
    if line.take(_WHY):
        line.take(_RANKS)
        return Aim()
    if line.take(_WHEN) and (which := line.take(r" (?:my|our|the) (?:very )?(first|last) (?!time )")):
        line.take(_MADE)
        return Aim("smallest" if which[1] == "first" else "largest", ("created",))
    if re.match(_WHEN, line.text):
        changed = line.take(_CHANGED)
        return Aim("tell", ("modified",) if changed or not line.take(_MADE) else ("created",))
    if old := line.take(_HOW_OLD):
        return Aim("tell", ("created",) if old[1] in {"old", "new", "recent"} else ("size",))
    if line.take(_EPOCHS):
        return Aim("tell", ("epochs",))
    if line.take(_HOW_TRAINED) or (_ASKING.search(line.text) and line.take(_SETTING)):
        return Aim("tell", SETTINGS)
    for kind, form in _FORMS if line.named else ():
        if match := line.take(form):
            by = line.take(_BY) if kind == "groups" else None
            return Aim(kind, _facts((by or match)[0]) or _told(line) or line.named)
    if " or " in line.text and line.take(_MORE):
        return Aim("most")
    if told := _told(line):
        return Aim("tell", told)
    if line.counts_scripts() and line.take(_COUNTS):
        return Aim("count")
    return Aim("any" if re.search(_ANY, line.text) else "tell")


def _told(line: _Line) -> tuple[str, ...]:
    """The facts whose values are asked for."""
    forms = _TELLS if _ASKING.search(line.text) else _TELLS[:-1]
    return _facts(" ".join(match[0] for form in forms if (match := line.take(form))))


def _facts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.findall(r"%(\w+)", text)))


class _Line:
    """The words of a query on one line, each fact that they name one word: %lr; and which of them are taken."""

    def __init__(self, tokens: list[Token]) -> None:
        words = [token.lower if token.kind == "word" else "," if token.text in {",", ";"} else "\0" for token in tokens]
        self.taken: set[int] = set()
        self._at: list[tuple[int, int]] = []  # the tokens of each word
        told, at = [], 0
        while at < len(words):
            length = next((n for n in range(_LONGEST, 0, -1) if tuple(words[at : at + n]) in _NAMES), 0)
            told.append(f"%{_NAMES[tuple(words[at : at + length])]}" if length else words[at])
            self._at.append((at, at + (length or 1)))
            at += length or 1
        self.text = f" {' '.join(told)} "
        self.named = _facts(self.text)

    def counts_scripts(self) -> bool:
        """Whether what is counted are scripts: "how many GANs", "how many use Adam"; not "how many bottles"."""
        match = re.search(_COUNTS, self.text)
        counted = self.text[match.end() :].split(maxsplit=1)[0] if match and match.end() < len(self.text) else ""
        return counted in _SCRIPTS or any(squeeze(counted) in known for known in _VOCABULARIES)

    def take(self, form: str) -> re.Match[str] | None:
        """Marks the words of what a form, which begins with the space before a word, matches as taken."""
        match = re.search(form, self.text)
        if match is not None:
            first = self.text.count(" ", 0, match.start())
            for start, end in self._at[first : first + len(match[0].split())]:
                self.taken.update(range(start, end))
        return match
