"""The words of the plain-English rules, each list one part of speech."""

from __future__ import annotations

DATE_VERBS = {
    **dict.fromkeys(("created", "made", "written", "built", "authored", "started", "added", "trained", "dated",
                     "wrote", "committed", "begun", "began", "produced", "developed", "creation", "dating",
                     "originating", "coded", "introduced", "composed", "appeared", "appears", "emerged", "drafted",
                     "penned", "uploaded", "pushed", "submitted", "contributed",
                     "originated", "originate", "originates", "born", "arrived", "established"),
                    "created"),
    **dict.fromkeys(("modified", "changed", "updated", "edited", "touched", "revised", "saved", "modification",
                     "amended", "altered", "reworked"), "modified"),
}  # fmt: skip
# those with "in" or "up", where a date follows: "put in during June", "checked in in May"
PHRASAL = {"put", "checked", "handed", "came", "brought", "showed", "turned", "cropped", "sent", "went"}
# a verb that denies itself: "untouched since May"
UNDONE = {"untouched": "modified", "unchanged": "modified", "unmodified": "modified", "unedited": "modified",
          "unaltered": "modified"}  # fmt: skip
# "the first commit was in March", "last committed in 2024"
COMMITS, FIRST, LAST = {"commit", "commits", "committed"}, {"first", "initial", "initially", "originally"}, {
    "last", "latest", "newest"}  # fmt: skip
# words that may stand between such a verb and its date: "creation date is", "modified last in"
DATE_FILLERS = {"date", "dates", "time", "is", "was", "are", "were", "last", "first", "back",
                "sometime", "some", "somewhere", "originally", "initially", "lies", "falls", "being",
                "it", "them", ":"}  # fmt: skip
DATE_PREPOSITIONS: dict[tuple[str, ...], str] = {
    **{(word,): "eq" for word in ("in", "on", "during", "from", "of", "within", "over", "at", "throughout", "around",
                                  "about", "circa", "inside", "for", "to")},
    **{(word,): "lt" for word in ("before", "preceding", "predating", "predates", "predate", "antedating", "antedates",
                                  "antedate", "<", "pre", "ante")},
    **{(word,): "le" for word in ("until", "till", "by", "through", "up-to", "<=", "≤")},
    **{(word,): "gt" for word in ("after", "following", "postdating", "beyond", "past", ">", "post", "postdates",
                                  "postdate")},
    **{(word,): "ge" for word in ("since", "starting", "beginning", ">=", "≥")},
    ("prior", "to"): "lt", ("earlier", "than"): "lt", ("older", "than"): "lt", ("ahead", "of"): "lt",
    ("later", "than"): "gt", ("newer", "than"): "gt", ("younger", "than"): "gt", ("fresher", "than"): "gt",
    ("more", "recent", "than"): "gt", ("more", "recently", "than"): "gt", ("subsequent", "to"): "gt",
    ("less", "recent", "than"): "lt", ("less", "recently", "than"): "lt", ("no", "more", "recent", "than"): "le",
    ("not", "more", "recent", "than"): "le", ("as", "old", "as"): "le", ("as", "recent", "as"): "ge",
    ("as", "new", "as"): "ge", ("as", "far", "back", "as"): "ge",
    **{(word,): "eq" for word in ("roughly", "approximately", "towards", "toward", "near")},
    **{(joint, word): "eq" for joint in ("from", "in", "on") for word in ("around", "about", "roughly")},
    **{(some, *time, joint): "eq" for some, *time in (("some", "time"), ("sometime",)) for joint in ("in", "during")},
    ("no", "later", "than"): "le", ("not", "later", "than"): "le", ("no", "newer", "than"): "le",
    ("not", "after"): "le", ("up", "to"): "le", ("as", "late", "as"): "le", ("ending", "in"): "le",
    ("ending", "on"): "le", ("ending", "with"): "le", ("not", "newer", "than"): "le",
    ("no", "earlier", "than"): "ge", ("not", "earlier", "than"): "ge", ("no", "older", "than"): "ge",
    ("not", "older", "than"): "ge", ("not", "before"): "ge", ("not", "until"): "ge", ("as", "of"): "ge",
    ("as", "early", "as"): "ge", ("from", "as", "early", "as"): "ge", ("starting", "in"): "ge",
    ("starting", "on"): "ge", ("starting", "from"): "ge", ("starting", "with"): "ge", ("beginning", "in"): "ge",
    ("beginning", "on"): "ge", ("beginning", "with"): "ge", ("ever", "since"): "ge",
    ("up", "to", "and", "including"): "le", ("until", "and", "including"): "le", ("through", "to"): "le",
    ("leading", "up", "to"): "le", ("up", "until"): "le", ("up", "till"): "le", ("on", "and", "after"): "ge",
    ("from", "on"): "ge", ("any", "time", "before"): "lt", ("any", "time", "after"): "gt", ("back", "in"): "eq",
    ("no", "sooner", "than"): "ge", ("sooner", "than"): "lt", ("not", "since"): "lt", ("as", "from"): "ge",
    ("dating", "from"): "eq", ("dated",): "eq",
    **{("at", some, time, joint): "eq" for some in ("some", "any") for time in ("point", "time")
       for joint in ("in", "during", "of")},
    ("back", "to"): "eq",
    ("outside",): "eq", ("outside", "of"): "eq", ("in", "the", "course", "of"): "eq", ("on", "or", "after"): "ge",
    ("at", "the", "latest", "in"): "le", ("at", "the", "latest", "on"): "le", ("at", "the", "earliest", "in"): "ge",
    ("at", "the", "earliest", "on"): "ge", ("on", "or", "before"): "le", ("in", "or", "after"): "ge", ("in", "or",
    "before"): "le",
}  # fmt: skip
# after a date: "April 2025 or later"
DATE_TAILS: dict[tuple[str, ...], str] = {
    **{(joint, word): "ge" for joint in ("or", "and") for word in ("later", "after", "newer", "onwards", "onward",
                                                                 "since", "younger", "beyond")},
    **{(joint, word): "le" for joint in ("or", "and") for word in ("earlier", "before", "older")},
    ("onwards",): "ge", ("onward",): "ge", ("and", "on"): "ge", ("on",): "ge", ("and", "up"): "ge",
    ("and", "everything", "since"): "ge", ("or", "thereafter"): "ge", ("and", "thereafter"): "ge",
    ("inclusive",): "eq", ("or", "more", "recent"): "ge", ("or", "more", "recently"): "ge",
    ("at", "the", "latest"): "le", ("at", "the", "earliest"): "ge",
}  # fmt: skip
NOW = {"now", "present", "date"}  # at the end of a period: "from April to date"
# between two dates, and what may stand there beside it: "from March up to and including May"
LAST_OF_PAIR = {(word,) for word in ("and", "to", "until", "till", "through", "thru", "-", "–", "—", "->", "up")} | {
    (*way, joint, *rest) for way in ((), ("up",), ("right",), ("right", "up"), ("all", "the", "way"), ("and", "up"))
    for joint in ("to", "until", "till", "through")
    for rest in ((), ("the",), ("and", "including"), ("to",), ("and", "including", "the"))
} | {("and", "the")}  # fmt: skip
# after the second of two dates or numbers, which both belong to what is asked for anyway
INCLUSIVE = {("inclusive",), ("inclusively",), ("included",), ("both", "inclusive"), ("both", "included"),
             ("both", "ends", "included"), ("both", "ends", "inclusive")}  # fmt: skip
EXCLUSIVE = {("exclusive",), ("exclusively",), ("excluded",), ("both", "exclusive"), ("both", "excluded"),
             ("both", "ends", "excluded"), ("both", "ends", "exclusive"), ("not", "inclusive"),
             ("non-inclusive",)}  # fmt: skip
# to the second of two numbers, which is not reached: "from 16 up to but not including 256"
JUST_BELOW = {("up", "to", "but", "not", "including"), ("up", "to", "but", "excluding"), ("to", "but", "not",
              "including"),
              ("to", "just", "under"), ("to", "just", "below"), ("up", "to", "just", "under"),
              ("up", "to", "just", "below")}  # fmt: skip

BATCHED = ("samples", "images", "examples", "sentences", "instances", "items", "points", "rows", "pictures", "pairs",
           "sequences", "records", "observations", "photos", "elements", "inputs", "patches", "clips", "graphs",
           "documents", "cases", "sample", "example", "image")  # fmt: skip
_BATCH = (("batch", "size"), ("batch", "sizes"), ("batchsize",), ("batch_size",), ("batch-size",), ("batches",),
          ("batch",), ("bs",), ("mini", "batch", "size"), ("mini-batch", "size"), ("minibatch", "size"),
          ("minibatch",), ("minibatches",), ("mini-batch",), ("mini-batches",), ("mini", "batches"),
          ("per", "batch"), ("batch-sizes",),
          *((thing, *once) for thing in BATCHED for once in (("at", "a", "time"), ("at", "once"), ("simultaneously",),
                                                             ("in", "parallel"))),
          *((thing, *share, batch)
            for thing in BATCHED
            for share in (("per",), ("a",), ("each",), ("in", "a"), ("in", "each"), ("in", "every"), ("to", "a"),
                          ("every",), ("to", "the"), ("in", "one"), ("for", "each"), ("for", "every"), ("in", "the"),
                          ("to", "each"), ("to", "every"), ("to", "one"), ("into", "a"), ("into", "one"),
                          ("into", "each"), ("into", "every"), ("into", "the"))
            for batch in ("batch", "minibatch", "mini-batch", "step")),
          *(("samples", batch) for batch in ("batch", "batches", "minibatch", "minibatches", "mini-batch",
                                             "mini-batches")))  # fmt: skip
# after a number of anything, or of nothing said: "128 transitions a step", "sixty-four at once"
AT_ONCE = {("at", "once"), ("at", "a", "time"), ("simultaneously",), ("in", "parallel"), ("in", "one", "go"), *(
    (*each, step)
    for each in (("per",), ("a",), ("each",), ("every",), ("in", "each"), ("in", "every"), ("in", "one"), ("to", "a"),
                 ("for", "each"), ("for", "every"), ("in", "a"))
    for step in ("step", "update", "batch", "minibatch", "mini-batch"))
} | {("per", "gpu"), ("per", "device")}  # fmt: skip
# what is counted at once and is no example: steps that a forecast looks ahead, words that are read
NO_EXAMPLES = {"step", "steps", "layer", "layers", "token", "tokens", "word", "words", "character", "characters",
               "epochs", "epoch", "bit", "bits", "pixel", "pixels", "gpu", "gpus", "hour", "hours", "day", "days",
               "action", "actions", "iterations", "iteration", "updates", "classes", "times", "models", "scripts",
               "agents", "players", "bytes", "percent", "years", "months", "letters"}  # fmt: skip
_RATE = (("learning", "rate"), ("learning", "rates"), ("learning-rate",), ("learning_rate",), ("lr",), ("lrs",),
         ("learning-rates",), ("learnrate",), ("initial", "learning", "rate"), ("base", "learning", "rate"),
         ("step", "size", "of", "the", "optimizer"), ("step", "size"), ("stepsize",), ("step-size",), ("learn", "rate"),
         ("rate", "of", "learning"), ("starting", "learning", "rate"), ("peak", "learning", "rate"),
         ("step", "sizes"), ("rate",), ("rates",))  # fmt: skip
# a learning rate, or the size of the file, where nothing says what else it is the rate or size of
BARE_NAMES = {("rate",), ("rates",), ("size",)}
BEFORE_BARE = {"", "a", "an", "the", "with", "at", "of", "whose", "their", "its", "and", "initial",
               "base", "peak", "using", "have", "has", "having", "use", "uses", "where", "models",
               "scripts", "in", "by", "larger", "smaller", "maximum", "minimum", "or", "but", "about",
               "any", "that", "files", "script", "code", "higher", "lower", "smallest", "largest", "lowest",
               "highest", "biggest", "under", "over", "above", "below"}  # fmt: skip
# a number of times that another thing is: "twice the batch size"
TIMES_AS = {"twice", "double", "thrice", "triple", "half", "quadruple"}
# what an epoch goes through
WHOSE = ("the", "all", "its", "our", "their", "your", "my", "every")
DATA = {
    ("data",),
    ("dataset",),
    ("training", "set"),
    ("training", "data"),
    ("data", "set"),
    ("examples",),
    ("whole", "dataset"),
    ("entire", "dataset"),
    ("whole", "data"),
    ("full", "dataset"),
    ("training", "examples"),
    ("training", "samples"),
    ("training", "images"),
    ("corpus",),
    ("images",),
    ("train", "set"),
    ("whole", "training", "set"),
    ("entire", "training", "set"),
    ("full", "training", "set"),
    ("samples",),
}
_EPOCHS = (("epochs",), ("epoch",), ("number", "of", "epochs"), ("epoch", "count"), ("num_epochs",), ("n_epochs",),
           ("training", "epochs"), ("training", "epoch"), ("full", "epochs"), ("epochs", "of", "training"),
           ("max_epochs",), ("number-of-epochs",), ("epoch", "number"), ("epochs", "in", "total"), ("epochs", "long"),
           *((times, way, article, *data)
             for times in ("passes", "pass", "sweeps", "times", "rounds", "iterations") for way in ("over", "through")
             for article in WHOSE for data in DATA))  # fmt: skip
_SIZE = (("file", "size"), ("script", "size"), ("size", "of", "the", "file"), ("size", "in", "bytes"),
         ("size", "on", "disk"), ("size",))  # fmt: skip
NUMBER_FIELDS: dict[tuple[str, ...], str] = {
    **dict.fromkeys(_BATCH, "batch"), **dict.fromkeys(_RATE, "lr"), **dict.fromkeys(_EPOCHS, "epochs"),
    **dict.fromkeys(_SIZE, "size"),
}  # fmt: skip
# comparatives; those of the first line want "than"
LESS = {"less", "fewer", "lower", "smaller", "shorter", "lesser", "tinier", "slower", "littler"}
MORE = {"more", "greater", "larger", "higher", "bigger", "longer", "faster", "heavier"}
BELOW = {"below", "under", "beneath", "underneath", "undercuts", "<", "lt", "undercut", "undercutting"}
ABOVE = {"above", "over", "beyond", "exceeding", "exceeds", "exceed", "surpassing", "surpasses",
         "topping", ">", "gt", "exceeded"}  # fmt: skip
COMPARISONS: dict[tuple[str, ...], str] = {
    ("<=",): "le", ("≤",): "le", (">=",): "ge", ("≥",): "ge", ("=",): "eq", ("==",): "eq", ("le",): "le", ("ge",): "ge",
    ("in", "excess", "of"): "gt", ("north", "of"): "gt", ("south", "of"): "lt", ("short", "of"): "lt",
    ("not", "exceeding"): "le", ("a", "minimum", "of", "at", "least"): "ge", ("no", "fewer", "than"): "ge",
    ("at", "most"): "le", ("at", "the", "most"): "le", ("up", "to"): "le", ("maximum",): "le", ("maximum", "of"): "le",
    ("a", "maximum", "of"): "le", ("max",): "le", ("as", "many", "as"): "le", ("capped", "at"): "le",
    ("limited", "to"): "le", ("as", "high", "as"): "le", ("a", "max", "of"): "le",
    ("at", "least"): "ge", ("at", "the", "least"): "ge", ("minimum",): "ge", ("minimum", "of"): "ge",
    ("a", "minimum", "of"): "ge", ("min",): "ge", ("as", "few", "as"): "ge", ("as", "low", "as"): "ge",
    ("upwards", "of"): "ge", ("upward", "of"): "ge", ("no", "less", "than"): "ge", ("a", "good"): "ge", ("starting",
    "at"): "ge", ("a", "min", "of"): "ge", ("from",): "ge",
    ("as", "big", "as"): "eq", ("as", "large", "as"): "eq", ("as", "small", "as"): "eq",
    ("exactly",): "eq", ("equal", "to"): "eq", ("equals",): "eq", ("precisely",): "eq", ("just",): "eq",
    ("equalling",): "eq", ("equal",): "eq",
}  # fmt: skip
ABOUT = {("about",), ("around",), ("roughly",), ("approximately",), ("circa",), ("approx",), ("nearly",),
         ("close", "to"), ("somewhere", "around"), ("in", "the", "order", "of"), ("≈",), ("~",), ("near",),
         ("of", "the", "order", "of"), ("on", "the", "order", "of"), ("of", "order"), ("order",), ("order", "of"),
         ("an", "order", "of"), ("order", "of", "magnitude"), ("of", "magnitude"), ("almost",), ("some",), ("ca",),
         ("give", "or", "take"), ("in", "the", "region", "of"), ("in", "the", "neighbourhood", "of"),
         ("in", "the", "ballpark", "of"), ("just", "about"), ("more", "or", "less")}  # fmt: skip
# after a number that is meant so roughly
OR_SO = {("or", "so"), ("or", "thereabouts"), ("give", "or")}
# what negates a verb
VERBAL_NEGATORS = {"no", "not", "never", "isn't", "aren't", "doesn't", "don't", "didn't", "wasn't",
                   "weren't", "cannot", "can't", "mustn't", "shouldn't", "won't", "wouldn't",
                   "couldn't", "hasn't", "haven't", "hadn't"}  # fmt: skip
# before a value, with or without "than": "batch size other than 64", "lr != 1e-3"
DIFFERENT = {"other", "different", "anything", "differing", "differs", "differ", "!=", "≠", "<>",
             "unequal"}  # fmt: skip
# before the name of a number: "a maximum batch size of 64"
BOUNDS = {"max": "le", "maximum": "le", "maximal": "le", "min": "ge", "minimum": "ge", "minimal": "ge"}
USUAL = {"usual", "default", "average", "normal", "standard", "typical", "mine", "common", "ordinary"}
# so much that it is not said how much: "large batches", "a few epochs"
VAGUE = {"large", "big", "huge", "small", "tiny", "high", "low", "long", "short", "few", "many",
         "several", "larger", "bigger", "smaller", "higher", "lower", "longer", "shorter", "fewer",
         "more", "less", "great", "enormous", "giant", "dozens", "hundreds", "thousands", "millions",
         "tons", "lots", "numerous", "moderate", "double-digit", "triple-digit", "single-digit",
         "three-digit", "two-digit", "handful", "plenty", "bunch", "excessive", "aggressive",
         "modest", "countless"}  # fmt: skip
# after a number: "64 or more", "100 epochs at most", "100 and up"
OPEN_ENDS = {
    **dict.fromkeys(("more", "greater", "larger", "higher", "bigger", "longer", "above", "up", "over", "upwards",
                     "beyond", "upward"), "ge"),
    **dict.fromkeys(("less", "fewer", "lower", "smaller", "below", "under", "shorter", "down"), "le"),
}  # fmt: skip
AFTER_NUMBER: dict[tuple[str, ...], str] = {
    ("at", "most"): "le", ("at", "the", "most"): "le", ("max",): "le", ("maximum",): "le", ("tops",): "le",
    ("at", "least"): "ge", ("at", "the", "least"): "ge", ("min",): "ge", ("minimum",): "ge", ("plus",): "ge",
    ("upwards",): "ge", ("and", "counting"): "ge", ("not", "enough"): "gt", ("are", "not", "enough"): "gt",
    ("is", "not", "enough"): "gt", ("aren't", "enough"): "gt", ("do", "not", "suffice"): "gt",
}  # fmt: skip
BEFORE_NUMBER = {"holding", "hold", "holds", "containing", "contain", "contains", "comprising",
                 "having", "have", "has", "mere", "measly", "whopping", "full", "made", "up",
                 "consisting", "totalling", "of", "is", "was", "are", "at", "to", "being", "equals",
                 "set", "a", "with", "by", "that", "which", "were", "be", "value", ":", "lies", "the",
                 "somewhere", "stays", "anywhere", "falls", "going", "goes", "size", "used", "either",
                 "should", "must", "can", "may"}  # fmt: skip
BEFORE_FIELD = {"as", "for", "the", "a", "training", "total", "full", "its", "initial", "in", "or",
                "so"}  # fmt: skip
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
    ("in", "the", "absence", "of"), ("absence", "of"), ("lack", "of"), ("spare", "me"), ("spare", "us"), ("save", "me"),
}  # fmt: skip
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
           "targets", "classes", "knowledge", "likelihood"}  # fmt: skip
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
           "derivatives", "relative", "relatives", "descendant", "descendants", "cousin", "cousins"}  # fmt: skip
FALLS = {"fall", "falls", "falling", "fell", "drop", "drops", "switch", "switches"}
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
USED = {"used", "present", "involved", "applied", "included", "employed", "allowed", "needed",
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
                   "taken", "taking", "borrowed", "borrowing", "copied", "coming", "comes", "loaded",
                   "loading", "set", "sets", "setting", "derived", "inherited", "their", "its", "our"}  # fmt: skip
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
         "optimizers", "nets", "net", "scripts"}  # fmt: skip
# what a training does with its examples and its rate: "learns at a rate of 1e-3", "puts 64 images into a batch"
HANDLES = {"learn", "learns", "learned", "learnt", "learning", "put", "puts", "putting", "feed", "feeds", "feeding",
           "pack", "packs", "push", "pushes", "process", "processes", "load", "loads"}  # fmt: skip
LEARNS = {"learn", "learns", "learned", "learnt", "learning", "train", "trains", "trained", "training"}
# how fast something learns, beside a rate: "learns more slowly than 1e-4"
PACES: dict[tuple[str, ...], str] = {
    ("slower",): "lt", ("more", "slowly"): "lt", ("less", "quickly"): "lt", ("faster",): "gt", ("quicker",): "gt",
    ("more", "quickly"): "gt", ("more", "rapidly"): "gt", ("less", "slowly"): "gt",
}  # fmt: skip
# what a file does with a name: "who calls load_weights?"
MENTIONS = {"call", "calls", "define", "defines", "declare", "declares", "implement", "implements", "import", "imports",
            "mention", "mentions"}  # fmt: skip
ARTICLES = {"a", "an", "the", "any", "either", "both"}
# Everyday words that are also aliases; they name a dataset only beside the word "dataset".
EVERYDAY = {"fashion", "digits", "pets", "iris", "coco", "voc", "dtd", "cora", "shakespeare", "usps",
            "digit", "lion", "lamb", "muon", "yogi", "prodigy", "sophia", "ranger", "flowers",
            "flower", "wine", "diabetes", "california", "boston", "catsanddogs", "dogsandcats",
            "reuters", "adult", "places", "cars", "birds", "sun", "facades", "mr"}  # fmt: skip
# those that are hardly anything else where something is trained on them
PROPER = {"coco", "voc", "dtd", "usps"}
STOP = {"exactly", "precisely", "equal", "than", "say", "says", "supposed", "gets", "going",
        "optimizer", "optimiser", "optimizers", "optimisers", "framework", "frameworks", "datasets",
        "whichever", "a", "about", "all", "also", "am", "among", "an", "and", "any", "anything", "are",
        "as", "at", "be", "been", "being", "but", "by", "can", "could", "did", "do", "does", "done",
        "each", "ever", "every", "file", "files", "find", "for", "from", "get", "give", "given",
        "last", "had", "has", "have", "having", "help", "how", "i", "if", "in", "into", "is", "it",
        "its", "kind", "like", "list", "look", "looking", "many", "me", "mine", "model", "models",
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
        "take", "takes"}  # fmt: skip
