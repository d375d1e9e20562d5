"""The words of the rules for what is denied and for the terms of the field, each list one part of speech."""

from __future__ import annotations

# what negates a verb
VERBAL_NEGATORS = {"no", "not", "never", "isn't", "aren't", "doesn't", "don't", "didn't", "wasn't",
                   "weren't", "cannot", "can't", "mustn't", "shouldn't", "won't", "wouldn't",
                   "couldn't", "hasn't", "haven't", "hadn't"}  # fmt: skip
NEGATORS = {"not", "no", "without", "except", "excluding", "exclude", "excludes", "lacking", "lack",
            "lacks", "never", "isn't", "aren't", "doesn't", "don't", "didn't", "wasn't", "weren't",
            "hasn't", "haven't", "hadn't", "won't", "wouldn't", "shouldn't", "can't", "couldn't",
            "mustn't", "non", "neither", "nor", "isnt", "arent", "doesnt", "dont", "didnt", "wasnt",
            "cannot", "outside", "w/o", "sans", "none", "barring", "nothing", "excepting", "ain't",
            "hasnt", "havent", "unless"}  # fmt: skip
# these negate a term of the field alone: "avoiding attention", but not "avoid overfitting"
WEAK_NEGATORS = {"omit", "omits", "omitting", "avoid", "avoids", "avoiding", "ignoring", "ignore",
                 "save", "unlike", "removing", "dropping", "skipping", "minus", "skip", "skips",
                 "drop", "drops", "remove", "removes", "disregard", "disregarding", "discard",
                 "discarding", "eliminate", "eliminating", "bar", "besides",
                 "beside", "missing", "forgo", "forgoing", "eschew", "eschewing", "shun", "shunning",
                 "ditch", "ditching", "refuse", "refusing", "reject", "rejecting", "ban", "banning",
                 "leaving", "dismiss", "foregoing", "forget", "forgets", "forgetting",
                 "discards", "subtract", "subtracting", "discounting"}  # fmt: skip
NEGATOR_PHRASES = {
    ("other", "than"), ("rather", "than"), ("instead", "of"), ("apart", "from"), ("aside", "from"), ("free", "of"),
    ("devoid", "of"), ("anything", "but"), ("all", "but"), ("everything", "but"), ("any", "but"), ("leave", "out"),
    ("leaving", "out"), ("with", "no"), ("different", "from"), ("in", "place", "of"), ("leaves", "out"),
    ("with", "neither"), ("filter", "out"), ("filtering", "out"), ("rule", "out"),
    ("ruling", "out"), ("get", "rid", "of"), ("except", "for"), ("no", "longer"), ("does", "without"),
    ("do", "without"), ("done", "without"), ("doing", "without"), ("with", "the", "exception", "of"),
    ("exception", "of"), ("as", "opposed", "to"), ("opposed", "to"), ("not", "counting"), ("free", "from"),
    ("stay", "away", "from"), ("steer", "clear", "of"), ("clear", "of"), ("keep", "away", "from"), ("away", "from"),
    ("in", "lieu", "of"), ("save", "for"), ("but", "for"), ("nothing", "to", "do", "with"), ("void", "of"),
    ("exclusive", "of"), ("forget", "about"), ("never", "mind"), ("get", "by", "without"), ("gets", "by", "without"),
    ("shy", "away", "from"), ("shies", "away", "from"), ("refrain", "from"), ("refrains", "from"), ("cut", "out"),
    ("different", "to"), ("different", "than"), ("distinct", "from"), ("unrelated", "to"), ("drop", "out"),
    ("something", "else", "than"), ("anything", "else", "than"), ("else", "than"), ("something", "other", "than"),
    ("anything", "other", "than"),
    ("rid", "of"), ("throw", "out"), ("weed", "out"), ("strip", "out"), ("screen", "out"), ("fails", "to"),
    ("fail", "to"), ("instead", "of", "just"), ("anything", "besides"), ("anything", "except"), ("in", "absence", "of"),
    ("in", "the", "absence", "of"), ("absence", "of"),
    *((no, *said) for no in ("not", "isn't", "aren't") for said in (
        ("one", "of"), ("part", "of"), ("a", "part", "of"), ("a", "member", "of"), ("a", "kind", "of"))),
    ("lack", "of"), ("spare", "me"), ("spare", "us"), ("save", "me"),
    *((verb, "aside") for verb in (
        "leave", "leaves", "leaving", "put", "puts", "putting", "set", "sets", "setting", "cast", "casting", "lay",
        "laying", "push", "pushing")),
}  # fmt: skip
# these deny whatever is listed after them: "exclude MNIST and GANs", but "not MNIST and a GAN"
LISTS_OUT = {"exclude", "excludes", "excluding", "omit", "omitting", "leave", "leaving", "skip", "skipping", "drop",
             "dropping", "ignore", "ignoring", "except", "excepting", "barring", "filter", "filtering", "remove",
             "removing", "discard", "discarding", "eliminate", "eliminating", "ban", "banning", "avoid", "avoiding",
             "free", "devoid", "void", "lacking", "lacks", "lack"}  # fmt: skip
# "leave MNIST out", "set GANs aside"
TAKES_OUT = {"leave", "leaves", "leaving", "put", "putting", "set", "setting", "keep", "keeping",
             "rule", "ruling", "filter", "filtering", "take", "taking", "cut", "throw", "weed"}  # fmt: skip
TELLS_APART = {"set", "sets", "setting", "tell", "tells", "telling", "told", "keep", "keeps", "know", "knows"}
OUT = {"out", "aside", "away", "off"}
# what excepts all that follows as one: "everything except diffusion on MNIST"
EXCEPTS = {"except", "excepting", "excluding", "barring", "exception", "apart", "aside", "besides",
           "but", "bar", "save", "other"}  # fmt: skip
# what a task is without, rather than a script: "without labels" is said of scripts full of them
TELLING = {"labels", "label", "labelling", "pairs", "pairing", "supervision", "annotations",
           "annotation", "examples", "environment", "captions", "teacher", "model", "gradients",
           "backpropagation", "simulator", "rewards", "reward", "humans", "people", "ground-truth",
           "targets", "classes", "knowledge", "likelihood", "forgetting"}  # fmt: skip
# before a term, and says nothing of which it is: "the tiny CIFAR images"
ADJECTIVES = {"tiny", "small", "little", "famous", "usual", "old", "good", "big", "single", "typical", "whole"}
# before what something is done for: what is denied there is denied of no script
PURPOSES = {("so", "that"), ("such", "that"), ("so", "as"), ("in", "order"), ("make", "sure"), ("makes", "sure"),
            ("ensures", "that"), ("ensure", "that"), ("ensuring", "that"), ("guarantees", "that")}  # fmt: skip
# before a device, and it is the one that will do: "only on a GPU"
STRICTLY = {"only", "solely", "exclusively", "strictly", "purely", "forced", "forces", "confined", "restricted",
            "pinned", "insists", "insisting", "hard-coded", "hardcoded", "hard-wired"}  # fmt: skip
# before the library that scripts are written with
WRITTEN = {"written", "coded", "implemented", "programmed", "built", "made", "done"}
KINDRED = {"variant", "variants", "family", "flavour", "flavours", "flavor", "flavors", "derivative",
           "derivatives", "relative", "relatives", "descendant", "descendants", "cousin", "cousins", "kin"}  # fmt: skip
FALLS = {"fall", "falls", "falling", "fell", "drop", "drops", "switch", "switches"}
# what was put in the place of another is wanted: "replaced Adam by SGD", "switched from Adam to SGD"
# before what is taken and not another: "took A over B"
PICKS_ONE = {"take", "takes", "took", "taking", "choose", "chooses", "chose", "choosing", "pick", "picks", "picked",
             "picking", "select", "selects", "selected"}  # fmt: skip
SWAPS = {"swap", "swapped", "swaps", "replace", "replaced", "replaces", "exchange", "exchanged", "trade", "traded",
         "swapping", "replacing", "exchanging", "trading"}  # fmt: skip
MOVES = {"switch", "switched", "switches", "move", "moved", "moves", "migrated", "migrate", "switching",
         "moving"}  # fmt: skip
# of two things the first is denied and the second wanted: "instead of Adam, SGD"
INSTEAD = {"instead", "rather", "lieu", "place", "opposed"}
# "not only CNN", "nothing but CNN" demand it; "no idea which", "can't remember" speak of the person, not of a script
NOT_NEGATING = {("not", "only"), ("not", "just"), ("nothing", "but"), ("not", "merely"), ("not", "solely"),
                ("none", "other", "than"), ("why", "not"), ("if", "not"), ("or", "not"), ("no", "matter"),
                ("not", "unlike"), ("never", "without"), ("nothing", "except"), ("none", "but"),
                ("save", "the"), ("save", "a")}  # fmt: skip
OF_THE_MIND = {"remember", "recall", "know", "sure", "certain", "idea", "mind", "care", "forget",
               "find", "think", "necessarily", "clue", "understand", "tell", "matter", "doubt", "want",
               "see", "wait", "need", "like", "recollect", "yet"}  # fmt: skip
# a question that is put by denying it: "wasn't there something on …", "didn't we once …"
ASKED_BY_DENIAL = {(verb, whom) for verb in ("isn't", "aren't", "wasn't", "weren't", "didn't", "don't", "doesn't",
                                             "hasn't",
                                             "haven't", "hadn't", "can't", "couldn't")
                   for whom in ("there", "i", "we", "you", "it", "this", "that", "one", "some", "somebody", "someone")
                   if (verb, whom) not in {("don't", "one"), ("don't", "it"), ("didn't", "it"),
                                            ("don't", "i")}}  # fmt: skip
# of these what follows may be denied all the same: "I don't want GANs", "doesn't need a GPU"
WANTING = {"want", "see", "need", "like", "care"}
# something that is denied in part, and how far is not said: "hardly any attention"
HARDLY = {"hardly", "barely", "scarcely", "rarely", "seldom"}
# before a number that is a name: "the game 2048"
NAMED_BY_NUMBERS = {"game", "called", "named", "puzzle", "play", "plays", "playing", "played",
                    "challenge", "problem", "task", "competition", "version", "chapter", "lesson",
                    "part", "assignment", "homework"}  # fmt: skip
# after a term: "attention is not used", "RNN excluded"
DENIED = {"excluded", "absent", "omitted", "missing", "aside", "forbidden", "excepted", "banned",
          "out", "unused", "disabled", "removed"}  # fmt: skip
USED = {"used", "present", "involved", "applied", "included", "employed", "allowed", "needed", "desired",
        "interesting", "acceptable", "ok", "okay", "fine", "relevant", "permitted", "tolerated",
        "wanted", "there", "part", "it", "one", "contained", "welcome", "enabled"}  # fmt: skip
# after the name of a number: "no epochs given"
GIVEN = {"given", "stated", "set", "specified", "defined", "named", "mentioned", "known", "found"}
NEGATED_FILLERS = {"a", "an", "the", "any", "use", "uses", "using", "used", "with", "on", "trained",
                   "train", "based", "having", "have", "has", "contain", "contains", "containing",
                   "be", "been", "being", "is", "are", "of", "involving", "involve", "rely", "include",
                   "including", "includes", "employ", "employing", "in", "written", "built", "run",
                   "running", "runs", "for", "those", "models", "than", "model", "kind", "sort",
                   "form", "to", "relying", "ones", "that", "which", "were", "was", "upon", "all",
                   "it", "made", "scripts", "script", "anything", "utilise", "utilize", "by", "apply",
                   "applying", "every", "everything", "do", "does", "at", "learn", "learns", "fit",
                   "fitted", "either", "implementing", "implement", "implements", "actually", "seen",
                   "see", "want", "need", "needs", "needed", "require", "requires", "requiring",
                   "show", "give", "me", "really", "touch", "touches", "get", "got", "like", "care",
                   "about", "something", "stuff", "work", "works", "plain", "vanilla", "standard",
                   "ordinary", "simple", "regular", "basic", "normal", "classic", "classical",
                   "conventional", "traditional", "from", "import", "imports", "imported", "importing",
                   "belong", "belongs", "belonging", "among", "amongst",
                   "taken", "taking", "borrowed", "borrowing", "copied", "coming", "comes", "loaded",
                   "loading", "set", "sets", "setting", "derived", "inherited", "their", "its", "our", "working",
                   "operate", "operates", "operating", "applied", "meant", "intended", "aimed",
                   "concerned"}  # fmt: skip
GOVERNORS = {"using", "use", "uses", "used", "with", "having", "has", "have", "contain", "contains",
             "containing", "based", "include", "includes", "including", "featuring", "employ",
             "employs", "employing", "via", "utilizing", "utilising", "is", "are", "built",
             "involving", "involve", "involves", "features", "utilize", "utilise", "implementing",
             "implement", "implements", "applying", "applies", "rely", "relies", "relying",
             "leveraging", "leverages", "exploiting", "through", "tagged", "require", "requires",
             "requiring", "need", "needs", "needing"}  # fmt: skip
LISTING = {"and", "or", "nor", ",", "/", "&", "plus"}
NOUNS = {"dataset", "datasets", "data", "images", "layers", "layer", "optimizer", "optimiser", "model",
         "models", "framework", "network", "networks", "architecture", "architectures", "digits",
         "blocks", "block", "cells", "modules", "library", "mechanism", "mechanisms", "pictures",
         "optimizers", "nets", "net", "scripts", "estimator", "estimators"}  # fmt: skip
# what a file does with a name: "who calls load_weights?"
MENTIONS = {"call", "calls", "define", "defines", "declare", "declares", "implement", "implements", "import", "imports",
            "mention", "mentions"}  # fmt: skip
# what scripts do with a device: "picks the GPU if there is one"
PICKS = {"pick", "picks", "choose", "chooses", "select", "selects", "prefer", "prefers", "favour", "favours", "detect",
         "detects"}  # fmt: skip
ARTICLES = {"a", "an", "the", "any", "either", "both"}
# Everyday words that are also aliases; they name a dataset only beside the word "dataset".
EVERYDAY = {"fashion", "digits", "pets", "iris", "coco", "voc", "dtd", "cora", "shakespeare", "usps",
            "digit", "lion", "lamb", "muon", "yogi", "prodigy", "sophia", "ranger", "flowers",
            "flower", "wine", "diabetes", "california", "boston", "catsanddogs", "dogsandcats",
            "reuters", "adult", "places", "cars", "birds", "sun", "facades", "mr"}  # fmt: skip
# of which there is one a year, that is named with it
YEARLY = {"isic", "voc", "coco", "brats", "ilsvrc", "wmt", "iwslt", "conll", "semeval", "davis", "kits", "birdclef",
          "plantclef", "physionet"}  # fmt: skip
# those that are hardly anything else where something is trained on them
PROPER = {"coco", "voc", "dtd", "usps", "cora", "reuters"}
# what is said of a library that is asked for, and tells no script of it from the others
SAID_OF = {"scikit-learn": {"classical", "classic", "estimator", "estimators", "fit", "fits", "fitted", "predict",
                            "predicts"}}  # fmt: skip
STOP = {"trainings", "exactly", "precisely", "equal", "than", "say", "says", "supposed", "gets", "going",
        "optimizer", "optimiser", "optimizers", "optimisers", "framework", "frameworks", "datasets",
        "whichever", "a", "about", "all", "also", "am", "among", "an", "and", "any", "anything", "are",
        "as", "at", "be", "been", "being", "but", "by", "can", "could", "did", "do", "does", "done",
        "each", "ever", "every", "file", "files", "find", "for", "from", "get", "give", "given",
        "last", "had", "has", "have", "having", "help", "how", "i", "if", "in", "into", "is", "it",
        "its", "he", "she", "him", "his",
        "kind", "like", "list", "look", "looking", "many", "me", "mine", "model", "models",
        "most", "my", "need", "of", "on", "one", "ones", "or", "our", "out", "please", "program",
        "programs", "script", "scripts", "search", "select", "show", "some", "such", "tell", "that",
        "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "train",
        "trained", "training", "tried", "try", "type", "up", "us", "use", "used", "uses", "using",
        "want", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whose", "why",
        "will", "with", "work", "would", "you", "your", "created", "made", "written", "called",
        "named", "based", "dataset", "data", "game", "everything", "something", "wrote", "write",
        "i've", "i'm", "what's", "let's", "that's", "there's", "it's", "whats", "ve", "hi", "hello",
        "hey", "thanks", "thank", "ok", "okay", "somewhere", "sometime", "back", "both", "either",
        "just", "only", "really", "maybe", "perhaps", "again", "here", "so", "too", "very", "much",
        "anyone", "anybody", "someone", "got", "own", "mean", "yet", "still", "should", "may", "might",
        "must", "shall", "display", "print", "return", "fetch", "retrieve", "locate", "wanted", "via",
        "modified", "coded", "code", "built", "developed", "featuring", "employing", "contain",
        "contains", "containing", "include", "includes", "including", "implementing", "implement",
        "implements", "utilizing", "utilising", "didn", "doesn", "isn", "don", "whether", "versions",
        "version", "kinds", "sort", "sorts", "other", "another", "same", "no", "yes", "through",
        "under", "during", "within", "between", "around", "i'd", "i'll", "way", "ways", "thing",
        "things", "stuff", "related", "relate", "relating", "concerning", "regarding", "involving",
        "able", "available", "existing", "exist", "exists", "architecture", "architectures", "dealing",
        "deals", "implementation", "implementations", "notebook", "notebooks", "approach",
        "approaches", "method", "methods", "technique", "techniques", "example", "examples", "run",
        "runs", "ran", "experiment", "experiments", "needed", "required", "necessary", "month", "make",
        "makes", "long", "provided", "works", "rather", "earlier", "trains", "start", "begin",
        "create", "whatever", "inclusive", "inclusively", "exclusively", "solely", "strictly",
        "purely", "otherwise", "insist", "insists", "insisting", "demands", "demanding", "assume",
        "assumes", "assuming", "expect", "expects", "expecting", "starts", "begins", "started",
        "starting", "begun", "fed", "come", "comes", "old",
        "variant", "variants", "flavour", "flavours", "flavor", "flavors",
        "whatsoever", "forced", "forces", "confined", "pinned", "hard-coded", "hardcoded", "hard-wired", "onto",
        "take", "takes", "however"}  # fmt: skip
