"""Which sentences tell what something is for: none of words that any project has, no orders, thanks and credits, and
no general remarks on a matter.
"""

from __future__ import annotations

import re

from index.known.words import CAMEL

_FEWEST = 3  # words of a sentence
_IDEOGRAPHS = 6  # signs of a sentence that has no spaces
_STEM = 5  # letters by which "classifier" and "classifying" are one word
# Words that many sentences of many projects have: what stands between others, steps of any script, kinds of files and
# of networks that all of them have, libraries. A sentence of nothing else tells no purpose.
_ANYWHERES = frozenset(re.findall(r"\w+", """
    a about above all also an and any are as at be been before below by can could did do does down each every for
    from further has have here how i if in into is it its just last let like many me more most my no not now of off
    on one only or other our out over own please shall should so some such than that the their them then there these
    they this those through to two up us very via was way we well were what when where which while will with without
    would you your

    accompanying accuracy acknowledgement acknowledgements algorithm algorithms analysis app approach architecture
    architectures argument arguments article articles assignment backend background base based baseline basic batch blog
    build building builds built challenge challenges changelog chapter check checks citation class classes clean
    cleaning code codes command common competition competitions component components compute config configs
    configuration contain containing contains content contents context core course create creates creating cs data
    dataset datasets day debug deep define defined defines defining definition definitions demo dependencies deps
    describe description descriptions details directory download downloading driver easy eda end engine entry
    entrypoint environment epoch evaluate evaluates evaluating evaluation example examples execute execution
    exercise exercises exp experiment experiments explanation exploration exploratory explore feature features file
    files final find fine finetune finetuning first fit folder framework full function functionality functions
    general get gets getting give given gives go goal goals good harness hello helper helpers highlight highlights
    homework homeworks hyperparameter hyperparameters hyperparams implement implementation implementations
    implemented implementing implements import importing imports included includes including info init initial
    initialise initialize input inputs install installation installing installs instructions intro introduction
    jupyter kind kinds lab layer layers layout learn learning lecture lesson lessons level lib libraries library
    libs license list little load loader loading loads log loop loss lot machine made main make makes making metric
    metrics mini minimal model modeling modelling models module modules motivation name nb necessary needed net nets
    network networks neural new next nn notebook notebooks notes notice number objective objectives official open
    output outputs overview package packages page paper parameter parameters part parts paths performance personal
    pipeline playground plot plots point portfolio post posts practical practice predict prediction predictions
    prepare preparing preprocess preprocessing problem process processing program project projects purpose py python
    question quick read reading readme reference references repo report repository required requirements research
    resources result results run runner running runs sample sandbox save saves saving scratch script scripts section
    session set settings setup show simple simply solution solutions source src started starter statement step steps
    structure structures stuff sub submission summary system task tasks team technique techniques template test
    testing tests thing things title todo tool tools toy train trained trainer training trains tune tuning tutorial
    tutorials unit unofficial usage use used useful uses using util utilities utility utils v validate validation
    value values variable variables various version versions visualisation visualise visualization visualize want
    week welcome work works

    colab cuda fastai flax gpu ipynb jax kaggle keras lightning matplotlib mxnet numpy pandas pl pytorch scikit
    sklearn seaborn tensorflow tf tfkeras theano torch torchvision
"""))  # fmt: skip
# Sentences that give an order, thank, credit, or speak of the text or its author.
_REMARK = re.compile(
    r"copyright|licen[sc]ed|under the .{1,40} licen[sc]e|^licen[sc]e$|\bciting|please|\bclick (here|on)|\bfeel free|"
    r"star this|coming soon|^arxiv|(^|\s)--\w|\s[-=]?>\s|\?$|\b(was|were) run\b|"
    r"\b(visit|see|refer to)\b.*\b(github|repo\w*|page|link)\b|"
    r"pull request|we recommend|\bthe following ?:|\w@\w+\.\w|"
    r"\bfollowing (format|structure|command|director|folder|package|librar|argument|option|file)|"
    r"\b(last )?(updated?|written|created|made|developed|authored|maintained) (on|by)\b|"
    r"\b(was|were|been) (specifically |originally )*(made|created|built|developed|written|tested|done|updated)( \w+)? "
    r"(for|by|on|as)\b|\bin an? [\w-]+ team\b|^(notebook|code|project) by\b|\bcan be found|\bhere\.?$|"
    r"^(final |course |class |my )*project (for|of|in)\b.*\b(course|class|university)|한국어|中文版|简体中文|"
    r"\bis (adapted|borrowed|taken|forked|copied|ported|modified) from|^usage:|^#!|coding[:=]|^@\w+|"
    r"^(an? |this (repo\w*|project) is an? )?(personal )?(collection|compilation|list|series|set) of\b|"
    r"^python3? (-m|\S+\.py)|"
    r"^(authors?|contact|credits?|dates?|languages?|news|notes?|references?|sources?|tips?) ?(:|$)|"
    r"^\W*(by|have (a|you)|nothing|where|then|execute|alternatively|if|to begin|language options?|"
    r"you (can|may|will|should|need|have)|created|adjust|run|install|download|clone|see|try|do not|don'?t|"
    r"check|read|refer|open (the|this|it|in|a)|go (to|ahead|into)|visit|thanks?|special thanks|credits? (to|go)|"
    r"inspired|adapted|modified|borrowed|based (up)?on|ported|courtesy|source code|disclaimer|warning|notice|important|"
    r"nb|todo|wip|update|hi|hello|welcome|enjoy|contact (me|us)|sorry|back to|differences?|we (know|can|need|also)|"
    r"(this|it) is (not|no|just|only|mostly|part of)|there (is|are) (no|not|nothing)|for (more|further|details)|"
    r"mount|upload|make sure|note|first (of all|we|you)|to (run|install|train|use|start|see|learn|reproduce)|pip|git|"
    r"table of contents|all (the )?(required|necessary)|the following|(this|the) (tutorial|document|readme|repo\w*|"
    r"notebook|code) (is|was|are) (also )?(available|tested|updated|mostly|part|maintained|written|created by)|"
    r"i'?m|i am|i was|i've|i hope|i reuse|the (current )?(version|most)|(the )?original (code|paper))\b"
    r"|([:：]|\b(of|for|by|from|in|on|with|to|the|an?|and))$",  # only leads on to something
    re.IGNORECASE,
)
_MADE = (r"(code|repo\w*|project|goal|aim|purpose|objective|task|idea|script|notebook|work|module|program|package|app|"
         r"tool|implementation|point|focus|directory|folder)")  # fmt: skip
_OWN = rf"(this|these|the|our|my)( \w+){{0,2}} {_MADE}\b|th(is|ese) (is|are)\b|(here|our|my|we|i)\b"
# What an encyclopaedia says of a matter, and no author of what was made: "Pose estimation refers to …"; and what goes
# on with another sentence.
_GENERAL = re.compile(
    rf"(?!\W*({_OWN})|\W*(\w+ ){{1,3}}(this|these|here|our|my|we|i)\b)([^,.;:]{{2,90}}?\b"
    r"(is|are|was|were|refers?|has become|have become|plays?|consists?|comes?|means?|involves?|ha(s|ve) been|est une?|"
    r"ist eine?|es una?)\b|"
    r"(traditionally|currently|recently|nowadays|today|in recent|in the (last|past)|over the|with the|many|most|"
    r"however|but|therefore|thus|moreover|furthermore|also|in addition|while|although|since|because|"
    r"different|this|these|such|it|they|instead|then)\b)",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF]{2}|[^\W\d_]+")
_IDEOGRAPH = re.compile(r"[\u3040-\u30FF\u3400-\u9FFF\uAC00-\uD7AF]")


def telling(text: str) -> set[str]:
    """The words of a text that not any text has, by what they begin with."""
    words = {word.lower() for word in CAMEL.findall(text)}
    words |= set() if text.isascii() else {word.lower() for word in _LETTERS.findall(text) if not word.isascii()}
    return {word[:_STEM] for word in words - _ANYWHERES if len(word) > 1 and not word.isdigit()}


def is_order(title: str) -> bool:
    """Whether what stands as a title gives an order, thanks or credits."""
    return bool(_REMARK.search(title))


def begins(sentence: str) -> bool:
    """Whether a sentence tells a purpose by itself."""
    return bool(telling(sentence)) and not is_remark(sentence) and not _GENERAL.match(sentence)


def is_remark(sentence: str) -> bool:
    """Whether a sentence is none, or speaks of other things than what was made."""
    letters = sum(letter.isalpha() or letter.isspace() for letter in sentence)
    words = sum(any(letter.isalpha() for letter in word) for word in sentence.split())
    short = words < _FEWEST and len(_IDEOGRAPH.findall(sentence)) < _IDEOGRAPHS
    if short or _listing(sentence) or not (sentence[0].isalnum() or sentence[0] in "\"'“‘「《["):
        return True
    return sentence[0].islower() or letters < 0.75 * len(sentence) or bool(_REMARK.search(sentence))


def _listing(sentence: str) -> bool:
    """Whether a sentence is nothing but names, of authors most often."""
    return sentence.count(",") > 1 and {word for word in sentence.split() if word[0].islower()} <= {"and", "et", "al."}
