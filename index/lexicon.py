"""The words of the plain-English rules, each list one part of speech."""

from __future__ import annotations

DATE_VERBS = {
    "created": "created", "made": "created", "written": "created", "built": "created", "authored": "created",
    "started": "created", "added": "created", "trained": "created", "dated": "created", "wrote": "created",
    "modified": "modified", "changed": "modified", "updated": "modified", "edited": "modified", "touched": "modified",
}  # fmt: skip
DATE_PREPOSITIONS = {
    "in": "eq", "on": "eq", "during": "eq", "from": "eq", "of": "eq", "within": "eq", "over": "eq", "at": "eq",
    "before": "lt", "until": "le", "till": "le", "by": "le", "through": "le", "after": "gt", "since": "ge",
    "outside": "eq",
}  # fmt: skip
NUMBER_FIELDS = {
    ("batch", "size", "of"): "batch", ("batch", "size"): "batch", ("batch", "sizes"): "batch", ("batchsize",): "batch",
    ("batches", "of"): "batch", ("batch",): "batch", ("bs",): "batch", ("learning", "rate"): "lr",
    ("learning", "rates"): "lr", ("lr",): "lr", ("epochs",): "epochs", ("epoch",): "epochs",
    ("number", "of", "epochs"): "epochs",
}  # fmt: skip
COMPARISONS = {
    ("less", "than"): "lt", ("fewer", "than"): "lt", ("lower", "than"): "lt", ("smaller", "than"): "lt",
    ("below",): "lt", ("under",): "lt", ("<",): "lt", ("<=",): "le", ("≤",): "le", ("at", "most"): "le",
    ("up", "to"): "le", ("no", "more", "than"): "le", ("not", "more", "than"): "le", ("maximum",): "le",
    ("more", "than"): "gt", ("greater", "than"): "gt", ("larger", "than"): "gt", ("higher", "than"): "gt",
    ("bigger", "than"): "gt", ("above",): "gt", ("over",): "gt", (">",): "gt", (">=",): "ge", ("≥",): "ge",
    ("at", "least"): "ge", ("no", "less", "than"): "ge", ("no", "fewer", "than"): "ge", ("not", "less", "than"): "ge",
    ("minimum",): "ge", ("exactly",): "eq", ("equal", "to"): "eq", ("=",): "eq", ("==",): "eq",
}  # fmt: skip
BEFORE_NUMBER = {"of", "is", "was", "are", "at", "to", "being", "equals", "set", "a", "with", "around"}
NEGATORS = {"not", "no", "without", "except", "excluding", "exclude", "lacking", "never", "isn't", "aren't",
             "doesn't", "don't", "didn't", "wasn't", "weren't", "non", "neither", "nor", "minus", "isnt", "arent",
             "doesnt", "dont", "cannot", "outside"}  # fmt: skip
NEGATED_FILLERS = {"a", "an", "the", "any", "use", "uses", "using", "used", "with", "on", "trained", "train", "based",
                    "having", "have", "has", "contain", "contains", "containing", "be", "been", "being", "is", "are",
                    "of", "involving", "involve", "rely", "include", "including", "includes", "employ", "employing",
                    "in", "written", "built", "run", "running", "runs", "for", "those", "models", "than"}  # fmt: skip
GOVERNORS = {"using", "use", "uses", "used", "with", "having", "has", "have", "contain", "contains", "containing",
              "based", "include", "includes", "including", "featuring", "employ", "employs", "employing", "via",
              "utilizing", "utilising", "is", "are", "built", "involving", "involve", "involves"}  # fmt: skip
LISTING = {"and", "or", "nor", ",", "/", "&", "plus"}
NOUNS = {"dataset", "data", "images", "layers", "layer", "optimizer", "optimiser", "model", "models", "framework"}
ARTICLES = {"a", "an", "the", "any", "either", "both"}
# Everyday words that are also aliases; they name a dataset only beside the word "dataset".
EVERYDAY = {"fashion", "digits", "pets", "iris", "coco", "voc", "dtd", "cora", "shakespeare", "usps", "digit"}
STOP = {
    "a", "about", "all", "also", "am", "among", "an", "and", "any", "anything", "are", "as", "at", "be", "been",
    "being", "but",
    "by", "can", "could", "did", "do", "does", "done", "each", "ever", "every", "file", "files", "find", "for",
    "from", "get", "gets", "give", "given", "had", "has", "have", "having", "help", "how", "i", "if", "in", "into",
    "is", "it", "its", "kind", "like", "list", "look", "looking", "many", "me", "mine", "model", "models", "most",
    "my", "need", "of", "on", "one", "ones", "or", "our", "out", "please", "program", "programs", "script",
    "scripts", "search", "select", "show", "some", "such", "tell", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "this", "those", "to", "train", "trained", "training", "tried", "try", "type", "up",
    "us", "use", "used", "uses", "using", "want", "was", "we", "were", "what", "when", "where", "which", "while",
    "who", "whose", "why", "will", "with", "work", "would", "you", "your", "created", "made", "written", "called",
    "named", "based", "dataset", "data", "game", "everything", "something", "wrote", "write",
}  # fmt: skip
