"""What people say around a question, and not in it: "hey, do you remember that script where …", "…, if I recall"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.understanding.vocabulary import HARDWARE_WORDS

if TYPE_CHECKING:
    from index.understanding.query import Token

_APOSTROPHES = str.maketrans("’‘", "''")
_GREETINGS = {"hey", "hi", "hello", "hiya", "yo", "greetings", "ok", "okay", "so", "well", "um", "uh",
              "er", "erm", "hm", "hmm", "oh", "ah", "aha", "right", "alright", "listen", "guys",
              "folks", "mate", "buddy", "dear", "please", "pls", "plz", "kindly", "sorry", "excuse",
              "anyway", "btw", "basically", "honestly", "frankly", "thanks", "thx", "cheers", "there",
              "everyone"}  # fmt: skip
_PEOPLE = {"i", "you", "we", "me", "us", "somebody", "someone", "anybody", "anyone", "i'm", "i'd",
           "i've", "i'll", "we'd", "we've", "we'll", "you'd", "you've", "you're", "u", "let", "let's",
           "lets", "lemme", "gimme", "ya", "myself", "ourselves", "colleague", "boss", "friend",
           "coworker", "he", "she", "him", "his", "sister", "brother", "uncle", "aunt", "nephew", "niece", "roommate",
           "neighbour", "neighbor", "wife", "husband"}  # fmt: skip
_DOING = {"do", "does", "did", "can", "could", "would", "will", "should", "may", "might", "must",
          "have", "has", "had", "am", "are", "is", "was", "were", "be", "been", "being", "isn't",
          "wasn't", "aren't", "weren't", "wanna", "gonna", "going", "used", "got", "trying", "tried",
          "try", "attempting", "hoping", "'d", "seem", "seems", "keep", "kept"}  # fmt: skip
_MANNER = {"really", "vaguely", "dimly", "faintly", "distinctly", "definitely", "still", "just",
           "also", "maybe", "perhaps", "probably", "possibly", "actually", "once", "ever", "now",
           "then", "somehow", "even", "quite", "somewhere", "lying", "around", "again", "of", "kinda",
           "sorta", "desperately", "urgently", "currently", "already", "ago", "exactly"}  # fmt: skip
_MIND = {"remember", "recall", "recollect", "remembering", "recalling", "know", "think", "thinking",
         "believe", "guess", "suppose", "wonder", "wondering", "imagine", "forget", "forgot",
         "forgotten", "mean", "reckon", "swear", "curious", "interested", "aware", "sure", "familiar"}  # fmt: skip
_SEEKING = {"find", "finding", "looking", "search", "searching", "hunt", "hunting", "seeking",
            "locate", "locating", "want", "wanted", "need", "needed", "like", "dig", "digging", "pull",
            "bring", "show", "tell", "give", "get", "fetch", "help", "see", "after", "up", "out",
            "for", "in", "about", "through", "to", "at", "on", "if", "whether", "send", "retrieve",
            "return", "display", "asking"}  # fmt: skip
_MADE = {"wrote", "written", "made", "had", "have", "saved", "stored", "kept", "worked", "came", "saw",
         "seen", "exists", "exist", "own", "hacked", "using"}  # fmt: skip
_THINGS = {"a", "an", "the", "that", "this", "some", "any", "one", "ones", "my", "our", "those",
           "these", "which", "what", "who", "where", "when", "how", "whose", "script", "scripts",
           "thing", "things", "thingy", "code", "file", "files", "program", "programs", "snippet",
           "snippets", "bit", "piece", "example", "examples", "stuff", "something", "anything",
           "everything", "it", "its", "they", "them", "and", "but", "or", "with", "whatever",
           "there's", "here", "that's", "what's", "where's", "it's", "codebase", "implementation"}  # fmt: skip
_NAMING = {"called", "named"}
_FRAME = _GREETINGS | _PEOPLE | _DOING | _MANNER | _MIND | _SEEKING | _MADE | _THINGS | _NAMING
# "I can't remember which", "I don't know where"
_CANNOT = {"can't", "cannot", "couldn't", "don't", "didn't", "cant", "dont", "not"}
# what ends a question and says nothing: "where is NoisyLinear defined, please?"
_CLOSERS = {"please", "pls", "plz", "thanks", "thx", "cheers", "again", "exactly", "defined",
            "declared", "located", "implemented", "thank", "you", "kindly", "lying", "around",
            "somewhere", "anywhere", "though", "right", "stand", "stands",
            "occur", "occurs", "appear", "appears"}  # fmt: skip
# as such words, where each alone may be what is looked for: "sort", "point", "time"
_PHRASES = {tuple(phrase.split()) for phrase in (
    "quick question", "point me", "hand me", "track down", "kind of", "sort of", "long ago", "some time ago", "name me",
    "good morning", "good evening", "good afternoon", "came across", "by chance", "happen to", "pick out",
    "put together", "hacked together", "a while ago", "a while back", "in our repository",
    "in this repository", "in the repository", "in our collection", "in my collection",
    "list all", "list the", "list every", "look for", "ask for", "all of",
    "would love", "i'd love", "figure out", "bring back", "open up", "hi all", "hello all", "my team", "our team",
    "have a look", "look through", "look up", "people write", "people wrote", "people make", "people made",
    "people train", "people trained", "people build", "people built", "people do",
)}  # fmt: skip
_MARKS = {",", ";"}
_ASIDE = tuple(sorted((tuple(phrase.split()) for phrase in (
    "i think", "i believe", "i guess", "i suppose", "i reckon", "i mean", "you know", "or something like that",
    "or something similar", "or something", "or whatever", "or the like", "or some such", "and so on", "and so forth",
    "and stuff like that", "and the like", "if i remember correctly", "if i remember right", "if i remember rightly",
    "if i recall correctly", "if i recall", "if memory serves", "if i'm not mistaken", "unless i'm mistaken",
    "off the top of my head", "as far as i know", "as far as i remember", "as i recall", "way back", "what not",
    "back in the day", "once upon a time", "in my memory", "to be honest", "by any chance", "or was it",
    "more or less like that", "if possible", "if you can", "if there is one", "if there are any", "if we have one",
    "if any", "somewhere in here", "somewhere around here", "no idea what it was called",
    "don't remember the name", "forgot the name", "forgot what it was called", "can't remember the name",
    "i can't remember the name", "i forgot the name", "i don't remember the name", "name escapes me",
    "the name escapes me",
)), key=len, reverse=True))  # fmt: skip


def question(tokens: list[Token]) -> list[Token]:
    """The tokens of a query without what is only talk: asides and whole clauses of it are left out; what opens or
    closes the question is marked, as a rule may still read it: "in April"."""
    kept = _without_asides(tokens)
    kept = [token for part in _parts(kept) if not _only_talk(part) for token in part] or tokens
    start, end = _opening(kept), len(kept)
    while end > start and kept[end - 1].kind in {"word", "mark"} and kept[end - 1].lower in _CLOSERS | _MARKS:
        end -= 1
    if start >= end:
        return kept
    return [token if start <= at < end else replace(token, talk=True) for at, token in enumerate(kept)]


def _without_asides(tokens: list[Token]) -> list[Token]:
    words = [token.lower if token.kind == "word" else "" for token in tokens]
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        aside = next((one for one in _ASIDE if tuple(words[at : at + len(one)]) == one), None)
        if aside == ("what", "not") and any(words[at + 2 : at + 3]):  # "models what not use dropout"
            aside = None
        if aside and aside[0] == "if" and at and words[at - 1] in HARDWARE_WORDS:  # "on the GPU if there is one"
            aside = None
        if aside is None:
            found.append(tokens[at])
        at += len(aside) if aside else 1
    return found


def _parts(tokens: list[Token]) -> list[list[Token]]:
    """What stands between marks, each with the mark after it; what stands in parentheses is not divided."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "mark" else 0
        found[-1].append(token)
        if token.kind == "mark" and token.text in _MARKS and not depth:
            found.append([])
    return found


def _only_talk(part: list[Token]) -> bool:
    """Whether a part is talk: of such words alone, and not only of those that join or point, as "which ones"."""
    words = [token.lower for token in part if token.kind == "word"]
    plain = all(token.kind in {"word", "mark"} and not token.negated for token in part)
    denies = not _CANNOT.isdisjoint(words) and _FRAME.isdisjoint(words)  # "not, however, on MNIST"
    return plain and bool(words) and not denies and all(word in _FRAME | _CLOSERS | _CANNOT for word in words)


def _opening(tokens: list[Token]) -> int:
    """The place of the first word of a query that says anything of what is looked for."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "mark" and token.text in _MARKS:
            at += 1
            continue
        following = [other.lower for other in tokens[at + 1 : at + 4]]
        phrase = next((n for n in (3, 2) if tuple([token.lower, *following][:n]) in _PHRASES), 0)
        if phrase:
            at += phrase
            continue
        naming = token.lower in _NAMING and not (at and tokens[at - 1].lower in _THINGS)  # "named entities"
        minded = token.lower in _CANNOT and any(word in _MIND | {"find", "locate"} for word in following)
        if token.kind != "word" or token.negated or naming or not (token.lower in _FRAME or minded):
            break
        at += 1
    return at
