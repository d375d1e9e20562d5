"""The words of the rules for dates and numbers, each list one part of speech."""

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
    **{(*way, "but", *without): "lt" for way in (("up", "to"), ("until",), ("till",), ("up", "until"))
       for without in (("not", "including"), ("excluding",), ("not", "in"))},
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
          ("batchs",), ("batch",), ("bs",), ("mini", "batch", "size"), ("mini-batch", "size"), ("minibatch", "size"),
          ("minibatch",), ("minibatches",), ("mini-batch",), ("mini-batches",), ("mini", "batches"),
          ("per", "batch"), ("batch-sizes",),
          *((thing, *once) for thing in BATCHED for once in (("at", "a", "time"), ("at", "once"), ("simultaneously",),
                                                             ("in", "parallel"), ("at", "the", "same", "time"),
                                                             ("at", "one", "time"))),
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
AT_ONCE = {("at", "once"), ("at", "a", "time"), ("at", "the", "same", "time"), ("at", "one", "time"),
           ("simultaneously",), ("in", "parallel"), ("in", "one", "go"), *(
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
         ("step", "sizes"), ("step", "width"), ("stepwidth",), ("step-width",), ("rate",), ("rates",))  # fmt: skip
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
_EPOCHS = (("epochs",), ("epoch",), ("epoches",), ("number", "of", "epochs"), ("epoch", "count"), ("num_epochs",),
           ("n_epochs",), ("training", "epochs"), ("training", "epoch"), ("full", "epochs"),
           ("epochs", "of", "training"),
           ("training", "rounds"), ("training", "passes"),
           *((times, "of", "training") for times in ("rounds", "round", "passes", "pass", "runs", "sweeps")),
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
    ("at", "the", "very", "most"): "le", ("at", "the", "very", "least"): "ge",
    **{("at", "or", word): op for op, words in (("le", BELOW), ("ge", ABOVE)) for word in words},
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
# what a value does not do: "never goes above 32"
MOVES_TO = {"go", "goes", "going", "get", "gets", "rise", "rises", "fall", "falls", "drop", "drops", "climb", "climbs",
            "be", "lie", "lies", "stay", "stays", "remain", "remains"}  # fmt: skip
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
    ("at", "the", "very", "most"): "le", ("at", "the", "very", "least"): "ge",
    ("upwards",): "ge", ("and", "counting"): "ge", ("not", "enough"): "gt", ("are", "not", "enough"): "gt",
    ("is", "not", "enough"): "gt", ("aren't", "enough"): "gt", ("do", "not", "suffice"): "gt",
}  # fmt: skip
BEFORE_NUMBER = {"holding", "hold", "holds", "containing", "contain", "contains", "comprising",
                 "having", "have", "has", "mere", "measly", "whopping", "full", "made", "up",
                 "consisting", "totalling", "of", "is", "was", "are", "at", "to", "being", "equals",
                 "set", "a", "with", "by", "that", "which", "were", "be", "value", ":", "lies", "the",
                 "somewhere", "stays", "starts", "begins", "anywhere", "falls", "going", "goes", "size", "used",
                 "either", "should", "must", "can", "may"}  # fmt: skip
BEFORE_FIELD = {"as", "for", "the", "a", "training", "total", "full", "its", "initial", "in", "or",
                "so"}  # fmt: skip
# what a training does with its examples and its rate: "learns at a rate of 1e-3", "puts 64 images into a batch"
HANDLES = {"learn", "learns", "learned", "learnt", "learning", "put", "puts", "putting", "feed", "feeds", "feeding",
           "pack", "packs", "push", "pushes", "process", "processes", "load", "loads", "lasts", "lasted", "lasting",
           "continues", "continued", "endures"}  # fmt: skip
LEARNS = {"learn", "learns", "learned", "learnt", "learning", "train", "trains", "trained", "training"}
# how fast something learns, beside a rate: "learns more slowly than 1e-4"
PACES: dict[tuple[str, ...], str] = {
    ("slower",): "lt", ("more", "slowly"): "lt", ("less", "quickly"): "lt", ("faster",): "gt", ("quicker",): "gt",
    ("more", "quickly"): "gt", ("more", "rapidly"): "gt", ("less", "slowly"): "gt",
}  # fmt: skip
