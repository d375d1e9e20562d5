"""Models written out without any framework and fitted by other means than gradient descent: a class with a method that
fits and one that predicts, a function that is called as a method of the textbooks is."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.program import Scope, dotted
from index.files.tree import walk

_FITS = ("fit", "train", "learn")
_PREDICTS = re.compile(r"^_?(predict(_\w+)?|classify|decision_function|score_samples)$")
# Classes of the same methods that prepare data, or only hand both on to a model.
_NOT = re.compile(r"(Scaler|Encoder|Tokenizer|Vectori[sz]er|Imputer|Transformer|Dataset|Loader|Wrapper|Test\w*)$|^Test")
_HANDED_ON = {*_FITS, "fit_transform", "partial_fit"}
# How the methods are called, each by every spelling of its name: letters alone, lower case.
_METHODS = {
    "KMeans": "kmeans kmeansclustering kmeansclust", "KNN": "knn knearestneighbors knearestneighbours",
    "NaiveBayes": "naivebayes gaussiannaivebayes", "PCA": "pca principalcomponentanalysis", "t-SNE": "tsne",
    "LinearRegression": "linearregression", "LogisticRegression": "logisticregression",
    "PolynomialRegression": "polynomialregression", "RidgeRegression": "ridgeregression", "Lasso": "lassoregression",
    "DecisionTree": "decisiontree", "RandomForest": "randomforest", "AdaBoost": "adaboost",
    "GradientBoosting": "gradientboosting", "SVM": "svm supportvectormachine smo", "DBSCAN": "dbscan",
    "MeanShift": "meanshift",
    "GaussianMixture": "gmm gaussianmixture gaussianmixturemodel", "HMM": "hmm hiddenmarkovmodel baumwelch",
    "LDA": "lineardiscriminantanalysis", "Perceptron": "perceptron",
    "SOM": "som trainsom selforganizingmap selforganisingmap kohonen kohonenmap kohonensom",
    "ActorCritic": "actorcritic actorcriticeligibilitytraces actorcriticwitheligibilitytraces onestepactorcritic",
}  # fmt: skip
_METHOD = {spelling: name for name, spellings in _METHODS.items() for spelling in spellings.split()}
_AROUND = re.compile(r"^(run|fit|apply|my|simple|compute|train|custom)_")
_MENTIONED = re.compile(
    rf"def (?:{'|'.join(_FITS)})\(\s*self|^def (?P<function>\w{{2,40}})\(|^class (?P<made>\w{{2,40}})\b", re.MULTILINE
)
_HOW_MUCH = re.compile(
    r"^(n|num|nb|number)(_?(samples?|points?|examples?|data))?$|^(batch_?size|size|n_?samples|count)$"
)
_ALGEBRA = {"eig", "eigh", "svd", "inv", "pinv", "solve", "lstsq", "minimize", "cholesky"}


def candidate(text: str) -> bool:
    """Whether a text may hold such a model."""
    return any(
        match.lastgroup is None or _method(match[match.lastgroup]) is not None for match in _MENTIONED.finditer(text)
    )


def find(analysis: Analysis) -> tuple[str, int] | None:
    """The first such class, else the method that the first such function is called for; and the line."""
    own = {scope.name for scope in analysis.program.classes}
    for scope in analysis.program.classes:
        if _NOT.search(scope.name) or not any(_PREDICTS.match(child.name) for child in scope.children):
            continue
        fit = next(filter(None, map(scope.method, _FITS)), None)
        if _method(scope.name) is not None or (fit is not None and _works_out(scope, fit, own)):
            return scope.name, scope.line
    for scope in analysis.program.module.children:
        name = None if scope.is_class or _draws(scope) else _method(scope.name)
        if name is not None and _computes(scope):
            return name, scope.line
    return None


def _method(name: str) -> str | None:
    return _METHOD.get(re.sub(r"[^a-z]", "", _AROUND.sub("", name.lower())))


def _draws(scope: Scope) -> bool:
    """Whether a function makes data of that kind, and is told first how much: `gaussian_mixture(batch_size, n_dim)`."""
    node = scope.node
    first = node.args.args[0].arg if isinstance(node, ast.FunctionDef) and node.args.args else ""
    return _HOW_MUCH.match(first) is not None


def _works_out(owner: Scope, fit: Scope, own: set[str]) -> bool:
    """Whether a method, with those of its class that it calls, works out what it fits, and leaves it to no other but
    to objects of the script's own classes, as a tree does to its branches."""
    methods = [fit]
    for method in methods:  # grows while it is walked
        for site in method.calls:
            receiver, _, name = (dotted(site.node.func) or "").rpartition(".")
            called = owner.method(name) if receiver == "self" else None
            if called is not None and called not in methods:
                methods.append(called)
            elif called is None and name in _HANDED_ON and not _made_of(method, receiver, own):
                return False
    return any(map(_computes, methods))


def _made_of(method: Scope, receiver: str, own: set[str]) -> bool:
    made = (binding.node for binding in method.bindings.get(receiver, []))
    return any(isinstance(node, ast.Call) and dotted(node.func) in own for node in made)


def _computes(scope: Scope) -> bool:
    """Whether a function goes over something, or solves equations."""
    loops = (ast.For, ast.While, ast.comprehension)
    return any(isinstance(node, loops) for node in walk(scope.node)) or any(s.name in _ALGEBRA for s in scope.calls)
