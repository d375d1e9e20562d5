"""What a question wants to be told of what it finds: how many there are, the values of a fact, which of these is the
most common, their average, whether there is any. No script is found by the words that ask for it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from index.understanding.filters import Aim
from index.understanding.grouping import BY, divided, divides
from index.understanding.lines import BE, DO, Line, facts, words
from index.understanding.unrecorded import unrecorded
from index.understanding.vocabulary import (
    DATASET_WORDS,
    FRAMEWORK_WORDS,
    HARDWARE_WORDS,
    OPTIMIZER_WORDS,
    TAG_WORDS,
    squeeze,
)
from index.understanding.wholes import whole

if TYPE_CHECKING:
    from index.understanding.query import Token

NUMBERS = frozenset({"lr", "batch", "epochs", "size"})
SETTINGS = ("dataset", "optimizer", "lr", "batch", "epochs", "hw")

# what follows a fact that is asked for: "learning rate scheduler", "dataset class" are other things
_FOLLOWING = words(
    f"""[,;] {BE} {DO} have has had can could should would i we you my our the a an of in for on with by used use
    uses using there exist and or that which what to among amongst across most mostly least per each here occurs?
    appears? overall usually typically when if values? trained train available known stated present represented
    covered tried go went ranges? distribution histogram gives? gave works? worked performs? performed leads? led
    goes go comes belongs?"""
)
_ON = rf"(?= (?:$|{_FOLLOWING} ))"
_FACT = rf"%(\w+){_ON}"
_FACTS = (
    rf"{_FACT}(?:(?: ,)?(?: and| or| &)?(?: (?:with|on|in|at))?(?: (?:what|which))?(?: (?:the|its|their))? {_FACT})*"
)
_OPENERS = words(
    f"""please and so can could you would i we want need to know like see show tell give list name enumerate display
    print me us all which what {BE} the of my our different distinct various unique every about exact for on with
    in using at by"""
)
# many of these a script has, and not an index scripts
_UNCOUNTED = words(
    """layers? parameters? params steps? timesteps? iterations? classes heads? filters? units? neurons? channels?
    gpus? workers? blocks? lines? times? images? samples? tokens? words? dimensions? bits? players? agents? hours?
    days? weeks? digits? people hidden convolutional linear attention residual training"""
)
_OFTEN = words("common commonly popular used frequent frequently often usual prevalent applied chosen represented")
_VERBS = words("use used uses train trained choose chose pick picked occur occurs appear appears on with")
_GROUPED = words(
    """groups? grouped grouping break broken breakdown split tally tallied distribution histogram statistics stats
    overview summary counts? counted totals? numbers? many divided? distributed spread categori[sz]ed?"""
)
_NUMBER = r"%(?:lr|batch|epochs|size)"
_ALL = r"(?: (?:the|my|all|our|these|those))*"
# each a form of question that names a fact: what it wants, and the words that say so
_FORMS: tuple[tuple[str, str], ...] = (
    ("mean", rf" (?:average|mean) {_NUMBER} "),
    ("mean", rf" {_NUMBER} (?:on|in the) average "),
    ("median", rf" median {_NUMBER} "),
    (
        "range",
        rf" {words('min minimum lowest smallest')} (?:and|&|to) {words('max maximum highest largest')} {_NUMBER} ",
    ),
    ("largest", rf" (?:maximum|maximal|max) {_NUMBER}{_ON}"),
    ("smallest", rf" (?:minimum|minimal|min) {_NUMBER}{_ON}"),
    ("range", rf" (?:ranges?|spread) of{_ALL} {_NUMBER} "),
    ("range", rf" {_NUMBER} ranges? "),
    ("largest", rf" {words('highest largest biggest greatest most')} {_NUMBER}(?=.*{BY} )"),
    ("smallest", rf" {words('lowest smallest fewest least shortest')} {_NUMBER}(?=.*{BY} )"),
    ("sum", r" (?:total|summed|combined|sum of(?: (?:the|all))*) %epochs "),
    ("sum", r" how many %epochs (?=.* (?:in total|altogether|all together|overall|combined|put together) )"),
    ("least", rf" (?:least|less)(?: (?:commonly|often|widely|frequently))? {_OFTEN}(?: %\w+)? "),
    ("least", r" (?:rarest|rarely|seldom)(?: used)?(?: %\w+)? "),
    ("least", rf" {_VERBS}(?: the)? least(?: (?:often|frequently|commonly))? (?=$|in |on |for |by |among )"),
    ("most", rf" (?:most|more)(?: (?:commonly|often|widely|frequently))? {_OFTEN}(?: %\w+)? "),
    ("most", r" (?:commonest|favou?rite|preferred|predominant|dominant|usual|typical|main|top) %\w+ "),
    ("most", rf" {_VERBS}(?: the)? most(?: (?:often|frequently|commonly))? (?=$|in |on |for |by |among )"),
    ("most", r" (?:do|does|did)(?: the)? (?:most|majority)(?: of)? "),
    ("most", r" (?:usually|mostly|typically|generally|normally|mainly) "),
)
# of one fact: how many have each value
_GROUPS_OF = (
    rf" (?:distribution|histogram|breakdown|overview|tally|statistics|stats) of{_ALL} %\w+ ",
    r" %\w+ (?:distribution|histogram|breakdown) ",
    r" with (?:the |their )?(?:counts?|numbers?|totals?) $",
    r"(?: ,)?(?: and)? how (?:often|frequently|many times)(?: each)? $",
    r" how many(?: (?:different|distinct|unique))? %(?:dataset|optimizer|framework|hw|kind|lr|batch) ",
)
_GROUPS = rf" (?:how )?{_GROUPED}(?: (?:down|up))?(?=.*{BY} )"
# of two things that are named: "are there more GANs or VAEs", "do I use Adam or SGD more often"
_MORE = (
    rf"^(?: {words(f'{BE} {DO} have there i we use used train trained on with which what the')})*"
    r" more(?! than )(?: (?:common|often|popular|used))?(?: ,)? (?=.* or )"
    r"|(?<! or)(?<! and)(?<! or even)(?<! and even) more"
    r"(?: (?:often|common|popular|frequent|prevalent|widespread|(?:commonly |often )?used))? $"
)
_COUNTS = (
    rf"^(?: (?:so|and|please|tell|me|show|give|what|is|the))*(?: how many(?! {_UNCOUNTED} )|(?: total| overall)?"
    rf" (?:number|count|amount) of(?! {_UNCOUNTED} |%)| count(?: up)?(?: all)?)(?: of)?{_ALL} "
)
_COUNTING = re.compile(r" (?:many|number|count|amount) ")
_SCRIPTS = {"scripts", "script", "models", "model", "networks", "network", "files", "programs", "experiments",
            "notebooks", "trainings", "ones", "nets", "are", "is", "use", "uses", "have", "has", "train", "trained",
            "were", "was", "do", "don't", "does", "run", "that", "state"}  # fmt: skip
_VOCABULARIES = (TAG_WORDS, FRAMEWORK_WORDS, OPTIMIZER_WORDS, DATASET_WORDS, HARDWARE_WORDS)
_EPOCHS = rf" (?:for )?how many %epochs | how long (?:{words(f'{DO} {BE}')})(?=.* (?:train|trained|run|ran) )"
_SETS = rf"(?: (?:i|we) {words('set define choose give state')})?"
_TELLS = (
    rf" (?:what|which)(?: (?:the|{words(BE)}))* {_FACTS}",
    rf"^ where {words(f'{BE} {DO}')}{_SETS}(?: the)? {_FACTS}(?: {words('of for in used by')})* ",
    rf"^(?: the)? (?!%(?:hw|framework|kind)){_FACTS} (?:of|for|used by) ",
    rf"^(?: {_OPENERS})* {_FACTS}",
)
_ASKING = re.compile(r" (?:what|which|list|show|tell|name|give|enumerate|display|print|know|see) ")
_SETTING = r" (?:(?:training|exact) )*(?:settings|hyper-?parameters|hyper parameters|configuration|config|setup) "
_HOW_TRAINED = rf"^ how {words(f'{BE} {DO}')}(?=.* (?:trained|train) (?:$|on ))"
_WHEN = rf"^ when {words(f'did has have {BE}')}(?: (?:i|we))? "
_MAKE = words(
    """write wrote written create created make made start started commit committed train trained build built add
    added begin begun"""
)
_CHANGE = words("modify modified change changed edit edited update updated touch touched save saved")
_MADE, _CHANGED = rf"(?: last| first)? {_MAKE} ", rf"(?: last| first)? {_CHANGE} "
_HOW_OLD = rf"^ how (old|new|recent|big|large|small) {words(BE)} "
# a verb of finding, after the facts that are asked for: "which optimizers appear in …", "where is the rate set"
_FOUND = (
    rf" {words('appears? occurs? exists? set defined specified given stated configured chosen found')}"
    r"(?= (?:$|in |on |among |with |for |across |at ))|"
    r" (?:goes|go|comes|belongs?|fits?) (?:along |together )?(?:with|to) "
)
_WHY = rf"^ why {words(f'{BE} {DO} has have would')} "
_RANKS = (
    r" (?:ranks?|ranked|comes?|came|appears?|shows?|found|listed)"
    r"(?: (?:up|first|second|third|top|at|the|so|as|best|highest|high|well))*(?: (?:for|in|when))? "
)
_ANY = (
    r"^(?: so| and)?(?: (?:do|did|have|had) (?:i|we|you)(?! (?:know|remember|recall|think|see|want|need|mind) )"
    r"| (?:is|are|was|were|isn't|aren't) (?:there|any|anything|something)"
    r"| (?:does|do|did|has|have) (?:any|anything|some|something|one))(?: (?:ever|already|have|any|got))* "
)


def read(tokens: list[Token]) -> tuple[Aim, list[Token], list[Token]]:
    """What a question wants; its tokens without those that say so; and those that name the whole of which a part is
    asked for."""
    line = Line(tokens)
    why = unrecorded(line)
    part = None if why else whole(line)
    aim = Aim(part.kind) if part else replace(_aim(line), unknown=why)
    named = [tokens[at] for at in part.tokens] if part else []
    return aim, [token for at, token in enumerate(tokens) if at not in line.taken], named


def _aim(line: Line) -> Aim:
    if line.take(_WHY):
        line.take(_RANKS)
        return Aim("why")
    if line.take(_WHEN) and (which := line.take(r" (?:my|our|the) (?:very )?(first|last) (?!time )")):
        line.take(_MADE)
        return Aim("smallest" if which[1] == "first" else "largest", ("created",))
    if re.match(_WHEN, line.text):
        changed = line.take(_CHANGED)
        return Aim("tell", ("modified",) if changed or not line.take(_MADE) else ("created",))
    if old := line.take(_HOW_OLD):
        return Aim("tell", ("created",) if old[1] in {"old", "new", "recent"} else ("size",))
    if (total := _total(line)) is not None:
        return total
    if line.take(_EPOCHS):
        return Aim("tell", ("epochs",))
    if line.take(_HOW_TRAINED) or (_ASKING.search(line.text) and line.take(_SETTING)):
        return Aim("tell", SETTINGS)
    if " or " in line.text and line.take(_MORE):
        return Aim("most")
    told = _told(line)
    by = divided(line, alone=True)
    if by:
        told = told or tuple(one for one in line.named if one not in by and line.take(rf" %{one} "))
        return Aim("groups", told or by, by if told else divided(line, alone=True))
    if told:
        line.take(_FOUND)
        return Aim("tell", told)
    if _counts_scripts(line) and line.take(_COUNTS):
        return Aim("count")
    return Aim("any" if re.search(_ANY, line.text) else "tell")


def _total(line: Line) -> Aim | None:
    """What is asked of a fact over all that fits: an average, the most common value, how many have each."""
    for kind, form in _FORMS if line.named else ():
        if match := line.take(form):
            by = divided(line)
            return Aim(kind, facts(match[0]) or _told(line) or tuple(one for one in line.named if one not in by), by)
    if divides(line) and line.take(_GROUPS):
        return Aim("groups", divided(line), divided(line))
    for form in _GROUPS_OF if line.named else ():
        if match := line.take(form):
            return Aim("groups", facts(match[0]) or _told(line) or line.named)
    return None


def _told(line: Line) -> tuple[str, ...]:
    """The facts whose values are asked for."""
    if not line.named:
        return ()
    forms = _TELLS if _ASKING.search(line.text) else _TELLS[:-1]
    return facts(" ".join(match[0] for form in forms if (match := line.take(form))))


def _counts_scripts(line: Line) -> bool:
    """Whether what is counted are scripts: "how many GANs", "how many use Adam"; not "how many bottles"."""
    match = re.search(_COUNTS, line.text) if _COUNTING.search(line.text) else None
    counted = line.text[match.end() :].split(maxsplit=1)[0] if match and match.end() < len(line.text) else ""
    return counted in _SCRIPTS or any(squeeze(counted) in known for known in _VOCABULARIES)
