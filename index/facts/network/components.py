"""What a network and its training are put together of: batch norm, dropout, weight decay; in every framework's words.

What decides is what the code uses, calls or sets, never what a comment says of it: each component has the identifiers
that build it, see :mod:`index.known.components`. Networks that nothing builds are left out, as in the census.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.program import Scope, written
from index.facts.network.layers import LAYERS, Census
from index.facts.training import descent
from index.files.tree import walk
from index.known.components import KERAS, NETWORK, NOTHING, RESIDUAL, Spelt, spelling
from index.record import Tag

_OF_A_KIND = re.compile(r"imagenet|default$|noisy-student|coco|pascal", re.IGNORECASE)
_FORWARD = ("forward", "call", "__call__", "__forward__")
_KEPT = 1  # a probability of keeping everything drops nothing
_ACTIVATIONS = {"relu", "ReLU", "tanh", "sigmoid", "softmax", "gelu", "maximum"}
_WITHOUT_NETWORKS = {"scikit-learn", "XGBoost", "LightGBM", "CatBoost", "gensim", "PyMC", "Stan", "cuML", "AutoGluon",
                     "statsmodels", "pmdarima", "Surprise", "NLTK", "NumPy", None}  # fmt: skip
_BRINGS = {"weights", "include_top"}
_FROM_TAGS = {"resnet": RESIDUAL, "unet": RESIDUAL, "transformer": RESIDUAL, "vit": RESIDUAL}
_Site = tuple[int, str, bool]  # the line, what stands there, whether it is built there


def find(analysis: Analysis, census: Census, tags: Iterable[Tag], beside: Iterable[Tag]) -> dict[str, Tag]:
    """Every component by its name, with the line where it is built first; `beside` are those of other files."""
    sites: dict[str, list[_Site]] = {}
    unused = [_lines(scope) for scope in census.unused]
    words = {
        name: spelt for name in analysis.names | analysis.program.given if (spelt := spelling(name)) is not NOTHING
    }
    for name, line, text, built in (
        *_used(analysis, {name: used for name, (used, _, _) in words.items() if used}),
        *_called(analysis, words),
        *_written(analysis),
        *_summed(census),
        *_imported(analysis),
    ):
        if not any(first <= line <= last for first, last in unused):
            sites.setdefault(name, []).append((line, text, built))
    found = {name: _tag(name, places) for name, places in sites.items()}
    for tag in tags:
        if tag.name in _FROM_TAGS:
            found.setdefault(_FROM_TAGS[tag.name], Tag(_FROM_TAGS[tag.name], tag.line, f"{tag.name}: {tag.reason}"))
    for tag in beside:
        found.setdefault(tag.name, tag)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].line, pair[0])))


def network(analysis: Analysis, census: Census, facts_framework: str | None, tags: Iterable[Tag],
            estimator: str | None) -> Tag | None:  # fmt: skip
    """What says that the model is a neural network; None for trees, regressions and other models of libraries."""
    for tag in tags:
        return Tag(NETWORK, tag.line, f"{tag.name}: {tag.reason}")
    for family in LAYERS:
        if census.count(family):
            layer, line = census.first(family)
            return Tag(NETWORK, line, f"{layer} used")
    for model in census.models:
        return Tag(NETWORK, model.line, f"{model.name} is one")
    if estimator is not None:
        return Tag(NETWORK, 1, f"{estimator} is one") if "MLP" in estimator or "Perceptron" in estimator else None
    if by_hand := descent.network(analysis):
        return Tag(NETWORK, by_hand[1], f"{by_hand[0]} goes through its layers and back")
    if facts_framework in _WITHOUT_NETWORKS:
        return None
    alone = analysis.evaluator.resolver.siblings.none and analysis.names.isdisjoint(_ACTIVATIONS)
    given = "parameters" in analysis.called  # a network's, that the script is handed
    regression = alone and not given and not any(scope.is_class for scope in analysis.program.scopes)
    return None if regression else Tag(NETWORK, 1, f"trained with {facts_framework}")


def _lines(scope: Scope) -> tuple[int, int]:
    return scope.line, getattr(scope.node, "end_lineno", None) or scope.line


def _tag(name: str, places: list[_Site]) -> Tag:
    built = sorted([place for place in places if place[2]] or places)
    line, text, _ = built[0]
    times = "once" if len(built) == 1 else f"{len(built)} times"
    same = {place[1] for place in built} == {text}
    return Tag(name, line, f"{text if same else f'{text} and others'} used {times}, first", len(built))


def _used(analysis: Analysis, wanted: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, int, str, bool]]:
    """Names that build by being used, also where they are handed on: `normalizer_fn=slim.batch_norm`."""
    if not wanted:
        return
    decaying = analysis.program.scopes if "weight_decay" in analysis.program.given else []
    undecayed = {
        site.node.func for scope in decaying for site in scope.calls for keyword in site.node.keywords
        if keyword.arg == "weight_decay" and not _on(analysis, keyword.value, scope, keyword.arg)
    }  # fmt: skip
    said = [part for text in analysis.source.of(ast.JoinedStr) for part in walk(text)]  # f"{run.mixed_precision}"
    left_out = {*undecayed, *said}
    here = {scope.name for scope in analysis.program.scopes}  # what they build is proved better by what is in them
    for node in analysis.source.of(ast.Name):
        if node.id in wanted and type(node.ctx) is ast.Load and node not in left_out:
            yield from ((name, node.lineno, node.id, node.id not in here) for name in wanted[node.id])
    for attribute in analysis.source.of(ast.Attribute):
        if attribute.attr in wanted and type(attribute.ctx) is ast.Load and attribute not in left_out:
            own = type(attribute.value) is ast.Name and attribute.value.id in {"self", "args", "opt", "config", "FLAGS"}
            yield from ((name, attribute.lineno, attribute.attr, not own) for name in wanted[attribute.attr])


def _imported(analysis: Analysis) -> Iterator[tuple[str, int, str, bool]]:
    """Keras, where it is imported, also as a part of TensorFlow."""
    for binding in analysis.program.imports:
        module = str(binding.node)
        if any(KERAS in spelling(part)[0] for part in module.split(".")):
            yield KERAS, binding.line, module, True


def _called(analysis: Analysis, words: dict[str, Spelt]) -> Iterator[tuple[str, int, str, bool]]:
    """What is called, and what is given by name and is not switched off: `dropout=0.1`, `weight_decay=wd`."""
    own = {scope.name for scope in analysis.program.classes}
    brings = not _BRINGS.isdisjoint(analysis.program.given)
    for scope in analysis.program.scopes:
        for site in scope.calls:
            called = words[site.name][1] if site.name in words else ()
            if called and not (site.name in own and called == ("batch-norm",)):
                function = site.node.func
                held = isinstance(function, ast.Attribute) and _is_self(function.value)
                yield from ((name, site.node.lineno, site.name, not held) for name in called)
            for handed in site.node.args:  # Net(8, batch_norm, dropout)
                if type(handed) is ast.Name and handed.id in words and site.name != "print":
                    given = words[handed.id][2]
                    if given and _on(analysis, handed, scope, handed.id):
                        yield from ((name, handed.lineno, handed.id, True) for name in given)
            if brings and (brought := _brought(analysis, site.node, scope)) is not None:
                yield "pretrained-weights", brought.lineno, ast.unparse(brought)[:40], True
            for keyword in site.node.keywords:
                given = words[keyword.arg][2] if keyword.arg in words else ()
                if "momentum" in given and "norm" in (site.name or "").lower():
                    continue  # of the statistics of a layer
                if given and _on(analysis, keyword.value, scope, keyword.arg or ""):
                    text = f"{keyword.arg}={written(keyword.value)[:40]}"
                    yield from ((name, keyword.value.lineno, text, True) for name in given)


def _brought(analysis: Analysis, call: ast.Call, scope: Scope) -> ast.keyword | None:
    """What says that a ready network comes with its weights: `weights="imagenet"`; `include_top` where they are not
    switched off, as they are ImageNet's by default."""
    given = {keyword.arg: keyword for keyword in call.keywords}
    if "weights" not in given:
        return given.get("include_top")
    options = analysis.value(given["weights"].value, Frame(scope)).options
    known = any(isinstance(one, str) and _OF_A_KIND.match(one) for one in options)
    return given["weights"] if known else None


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _on(analysis: Analysis, node: ast.expr, scope: Scope, name: str) -> bool:
    """Whether what is given by a name switches it on, as far as it can be known."""
    if isinstance(node, ast.Constant):
        options: tuple[object, ...] = (node.value,)
    else:
        options = analysis.value(node, Frame(scope)).options
    off = {_KEPT} if name.startswith("keep_prob") else {0}
    return not options or any(one is not None and one is not False and one not in ("", "none", "None")
                              and not (type(one) in {int, float} and one in off) for one in options)  # fmt: skip


def _written(analysis: Analysis) -> Iterator[tuple[str, int, str, bool]]:
    """Settings in a dictionary, and factors of a product: `{"weight_decay": 0.01}`, `self.weight_decay * w`."""
    module = analysis.program.module
    for table in analysis.source.of(ast.Dict):
        for key, value in zip(table.keys, table.values, strict=True):
            word = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
            if key is not None and (given := spelling(word)[2]) and _on(analysis, value, module, word):
                yield from ((name, key.lineno, word, True) for name in given)
    for product in analysis.source.of(ast.BinOp):
        for side in (product.left, product.right) if type(product.op) is ast.Mult else ():
            word = side.attr if isinstance(side, ast.Attribute) else side.id if isinstance(side, ast.Name) else ""
            if "weight-decay" in spelling(word)[2] and _on(analysis, side, module, word):
                yield "weight-decay", side.lineno, word, True


def _summed(census: Census) -> Iterator[tuple[str, int, str, bool]]:
    """Forward passes that add what goes into a layer to what comes out of it: `x = x + self.attend(x)`."""
    for model in census.models:
        for method in filter(None, map(model.method, _FORWARD)):
            for node in walk(method.node):
                pairs: list[tuple[ast.expr, ast.expr]] = []
                if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                    pairs = [(node.left, node.right), (node.right, node.left)]
                elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
                    pairs = [(node.target, node.value)]
                if any(_goes_into(*pair) for pair in pairs):
                    yield RESIDUAL, getattr(node, "lineno", method.line), "a sum with what went in", True


def _goes_into(kept: ast.expr, added: ast.expr) -> bool:
    """Whether a plain name is added to what a call, or a call of a call, makes of it."""
    if not isinstance(kept, ast.Name) or not isinstance(added, ast.Call):
        return False
    return any(isinstance(node, ast.Name) and node.id == kept.id for part in added.args for node in walk(part))
