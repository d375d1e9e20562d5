"""Models that a library trains in one call and without a loop: scikit-learn, XGBoost, gensim, PyMC and the like."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass

from index.facts.evaluation.analysis import Analysis, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.values import Value

LIBRARIES = {"xgboost": "XGBoost", "lightgbm": "LightGBM", "catboost": "CatBoost", "sklearn": "scikit-learn",
              "cuml": "cuML", "xgb": "XGBoost", "lgb": "LightGBM", "gensim": "gensim", "pymc3": "PyMC", "pymc": "PyMC",
              "pystan": "Stan", "cmdstanpy": "Stan", "autogluon": "AutoGluon", "pylightgbm": "LightGBM",
              "statsmodels": "statsmodels", "pmdarima": "pmdarima", "surprise": "Surprise", "nltk": "NLTK"}  # fmt: skip
# Libraries that do much else: what predicts, by its whole name.
_OF_MUCH = {
    "statsmodels": re.compile(
        r"\.tsa\.(?:\w+\.)*(ARI?MA|S?ARI?MAX|AutoReg|AR|VAR|VARMAX|VECM|ExponentialSmoothing|SimpleExpSmoothing|Holt|"
        r"ETSModel|ThetaModel|UnobservedComponents|DynamicFactor|MarkovRegression|MarkovAutoregression)$"
    ),
    "pmdarima": re.compile(r"\.(?:auto_|Auto)?(ARIMA|arima)$"),
    "Surprise": re.compile(
        r"\.(SVD|SVDpp|NMF|SlopeOne|CoClustering|BaselineOnly|KNN(?:Basic|WithMeans|WithZScore|Baseline))$"
    ),
    "NLTK": re.compile(r"\.(\w+Classifier)\.train$"),
}
_NO_BOOSTING = {"scikit-learn", "cuML", *_OF_MUCH}
# What predicts, by how its class is named; scalers, encoders, splitters and vectorisers only prepare data.
_PREDICTS = re.compile(
    r"(Classifier|Regressor|Regression|Ranker|SV[CR]|NB|Clusterer|CatBoost|Lasso|Ridge|ElasticNet|LassoCV|RidgeCV|"
    r"ElasticNetCV|LogisticRegressionCV|Perceptron|Lars|OneClassSVM|IsolationForest|KMeans|DBSCAN|GaussianMixture|"
    r"BayesianRidge|RidgeClassifierCV|QuantileRegressor|AgglomerativeClustering|LinearDiscriminantAnalysis|"
    r"QuadraticDiscriminantAnalysis|NearestNeighbors|LabelPropagation|LabelSpreading|MeanShift|SpectralClustering|OPTICS|"
    r"LocalOutlierFactor|EllipticEnvelope|Birch|AffinityPropagation|NearestCentroid|BernoulliRBM|"
    r"Predictor|StanModel|CmdStanModel)$"
)
_TRAINED_AS_BUILT = re.compile(
    r"^(Ensemble)?Lda(Seq)?(Model|Multicore|Mallet)$|^(Lsi|Hdp)Model$|^(Word2|Doc2)Vec$|^FastText$"
)
# What fits any estimator that it is given, many times over.
_SEARCHES = re.compile(r"\.(Halving)?(GridSearch|RandomizedSearch|RandomSearch|BayesSearch)CV$")
_SAMPLES = {"sample", "fit", "find_MAP"}  # of PyMC, within a model
_OF_OTHERS = ("Voting", "Stacking")  # made of other estimators
_TUNED = re.compile(r"^optuna(\.integration|_integration)\.")  # the same library, each of whose trainings is tuned
_BOOSTING = {"train", "cv", "LightGBMTuner", "LightGBMTunerCV"}
_FITS = {
    "fit",
    "train",
    "cv",
    "fit_predict",
    "partial_fit",
    "cross_val_score",
    "cross_validate",
    "sampling",
    "auto_arima",
    "randomized_search",
    "grid_search",
    "LightGBMTuner",
    "LightGBMTunerCV",
}
_TRAINED_BY = re.compile(r"(train|fit)(_and_\w+|_(the_)?(model|classifier|regressor|estimator|clf))?$")
_ASSEMBLES = {"Pipeline", "make_pipeline"}  # of scikit-learn
# A file that is called for making data: what it fits orders or compresses them.
_MAKES_DATA = re.compile(r"(^|_)(make|prepare|build|create|process)_?data(_?sets?)?$|^(data_?)?preprocess(ing)?$")
_RATE = ("learning_rate", "eta")
_PASSES = ("epochs", "iter", "passes")
_LOADED = re.compile(r"^load|predict|score|transform")
_FEW = 4  # estimators that are compared, all of which are named
# Classes that no star import brings from anywhere else.
_OWN = re.compile(r"(?P<library>XGB|LGBM|CatBoost)(Classifier|Regressor|Ranker)$")
_OF_OWN = {"XGB": "XGBoost", "LGBM": "LightGBM", "CatBoost": "CatBoost"}


@dataclass(frozen=True)
class Estimator:
    """One construction or training call; `rate` is its learning rate where it states one. What a library boosts without
    a class, `xgb.train(params, data)`, has the library's name."""

    library: str
    name: str | None
    line: int
    rate: Value | None
    device: Value | None
    epochs: Value | None = None  # of those that pass over their data again and again


def mentioned(text: str) -> bool:
    """Whether a script can build any: every one is found by the name of its library."""
    return any(library in text for library in LIBRARIES)


def find(analysis: Analysis) -> list[Estimator]:
    """Every estimator of a library that the script builds, in running order."""
    if _MAKES_DATA.search(analysis.source.path.stem.lower()):
        return []
    if analysis.evaluator.resolver.siblings.none and analysis.words.isdisjoint(LIBRARIES):
        return []
    made = [(executed, estimator) for executed in analysis.executed if (estimator := _read(analysis, executed))]
    if not made:  # GridSearchCV(model, …), whatever that is
        return [one for name, calls in analysis.called.items() if name.endswith("SearchCV")
                for executed in calls if (one := _search(analysis, executed))]  # fmt: skip
    parts = _parts(analysis, [executed for executed, _ in made]) if len(made) > 1 else set()
    found = [estimator for executed, estimator in made if id(executed.site.node) not in parts]
    classes = {estimator.library for estimator in found if estimator.name not in {None, estimator.library}}
    # `xgb.train` names no class, and is called for its library; beside one it is the same model trained by other means
    return [e for e in found if e.name not in {None, e.library} or e.library not in classes]


def _parts(analysis: Analysis, made: list[Executed]) -> set[int]:
    """The calls that make what an ensemble is made of, `AdaBoostClassifier(estimator=DecisionTreeClassifier())`, and is
    not fitted alone."""
    follow = analysis.evaluator.resolver.follow
    given = [(argument(executed.site.node, ("estimator", "base_estimator"), 0), executed.frame) for executed in made]
    handed = {id(origin.node) for node, frame in given if node is not None for origin in follow(node, frame)}
    fits = [
        executed for executed in analysis.called.get("fit", []) if isinstance(executed.site.node.func, ast.Attribute)
    ]
    handed &= {id(executed.site.node) for executed in made}
    return handed - {
        id(origin.node)
        for executed in (fits if handed else [])
        if isinstance(executed.site.node.func, ast.Attribute)
        for origin in follow(executed.site.node.func.value, executed.frame)
    }


def trains(analysis: Analysis, estimators: list[Estimator]) -> bool:
    """Whether the script fits any of its estimators, hands one to what will, makes it the end of a pipeline, or is
    asked for it by whoever does."""
    calls = {executed.name for executed in analysis.executed}
    return (
        bool(calls & (_FITS | _SAMPLES | _ASSEMBLES))
        or any(_TRAINED_AS_BUILT.match(e.name or "") for e in estimators)
        or _handed_on(analysis, estimators)
        or _handed_out(analysis, estimators)
        or _offered(analysis, estimators)
    )


def _handed_on(analysis: Analysis, estimators: list[Estimator]) -> bool:
    """Whether a function of another file is given an estimator to train: `train_model(classifier, x, y)`."""
    lines = {estimator.line for estimator in estimators}
    given = [(part, e.frame) for e in analysis.executed if _TRAINED_BY.match(e.name) for part in e.site.node.args
             if isinstance(part, ast.Name)]  # fmt: skip
    follow = analysis.evaluator.resolver.follow
    origins = (origin.node for node, frame in given for origin in follow(node, frame))
    return any(isinstance(node, ast.Call) and node.lineno in lines for node in origins)


def _offered(analysis: Analysis, estimators: list[Estimator]) -> bool:
    """Whether a module only makes an estimator, under a name that others import: `model = LinearSVC(C=0.5)`."""
    lines = {estimator.line for estimator in estimators}
    kept = {
        name for name, bindings in analysis.program.module.bindings.items()
        if any(isinstance(b.node, ast.Call) and b.node.lineno in lines for b in bindings)
    }  # fmt: skip
    used = {node.id for node in analysis.source.of(ast.Name) if isinstance(node.ctx, ast.Load)}
    return bool(kept - used) and not any(map(_LOADED.search, analysis.called))


def _handed_out(analysis: Analysis, estimators: list[Estimator]) -> bool:
    """Whether a function returns an estimator that it made: `model = SVC(); return model, search_space`."""
    lines = {estimator.line for estimator in estimators}
    for scope in analysis.program.functions:
        for value, _ in scope.returns:
            for part in value.elts if isinstance(value, ast.Tuple) else [value]:
                made = scope.bindings.get(part.id, []) if isinstance(part, ast.Name) else []
                nodes = [part, *(binding.node for binding in made)]
                if any(isinstance(node, ast.Call) and node.lineno in lines for node in nodes):
                    return True
    return False


def _read(analysis: Analysis, executed: Executed) -> Estimator | None:
    call, frame = executed.site.node, executed.frame
    full = analysis.name(call.func, frame)
    full = _TUNED.sub("", full) if full[:6] == "optuna" else full
    root, _, rest = full.partition(".")
    own = _OWN.match(full) if not rest else None
    library = LIBRARIES.get(root) if rest else _OF_OWN[own["library"]] if own is not None else None
    if library is None:
        return None
    parts = full.split(".")
    if (known := _OF_MUCH.get(library)) is not None:
        named = known.search(full)
        name = {"arima": "ARIMA"}.get(named[1], named[1]) if named is not None else None
        return (
            Estimator(library, name, call.lineno, _setting(analysis, call, frame, ("lr_all",)), None) if name else None
        )
    if library == "PyMC" and len(parts) == 2 and parts[1] in _SAMPLES:
        return Estimator(library, None, call.lineno, None, None)
    if library == "AutoGluon" and parts[-1] == "fit":
        return Estimator(library, None, call.lineno, None, None)
    if (_PREDICTS.search(parts[-1]) or _TRAINED_AS_BUILT.match(parts[-1])) and parts[-1][:1].isupper():
        return Estimator(
            library, parts[-1], call.lineno, _setting(analysis, call, frame, _RATE) or _set_later(analysis, call),
            _setting(analysis, call, frame, ("device", "device_type", "tree_method", "task_type")),
            _setting(analysis, call, frame, _PASSES) if library == "gensim" else None,
        )  # fmt: skip
    if parts[-1] in _BOOSTING and library in {"XGBoost", "LightGBM", "CatBoost"} and (call.args or call.keywords):
        place = 1 if "dask" in parts and library == "XGBoost" else 0  # dask.train(client, params, …)
        params = argument(call, ("params",), place)
        if params is None:
            return None
        rate = _key(analysis, params, frame, _RATE)
        return Estimator(library, library, call.lineno, rate, _key(analysis, params, frame, ("device", "tree_method")))
    return None


def _set_later(analysis: Analysis, made: ast.Call) -> Value | None:
    """The rate that an estimator is set to once it is made: `model.set_params(**params)`."""
    for executed in analysis.called.get("set_params", []):
        function = executed.site.node.func
        if isinstance(function, ast.Attribute) and any(
            origin.node is made for origin in analysis.evaluator.resolver.follow(function.value, executed.frame)
        ):
            return _setting(analysis, executed.site.node, executed.frame, _RATE)
    return None


def _search(analysis: Analysis, executed: Executed) -> Estimator | None:
    """A search for the best settings of an estimator that other files have."""
    full = analysis.name(executed.site.node.func, executed.frame)
    library = LIBRARIES.get(full.partition(".")[0]) if _SEARCHES.search(full) else None
    return Estimator(library, None, executed.line, None, None) if library else None


def _setting(analysis: Analysis, call: ast.Call, frame: Frame, names: tuple[str, ...]) -> Value | None:
    node = argument(call, names)
    if node is not None:
        return analysis.value(node, frame)
    for keyword in call.keywords:  # XGBClassifier(**params)
        if keyword.arg is None:
            found = _key(analysis, keyword.value, frame, names)
            if found is not None:
                return found
    return None


def _key(analysis: Analysis, params: ast.expr, frame: Frame, names: tuple[str, ...]) -> Value | None:
    for name in names:
        key = ast.copy_location(ast.Constant(name), params)
        entry = ast.copy_location(ast.Subscript(params, key, ast.Load()), params)
        value = analysis.value(entry, frame)
        if value.known and value.constant is not None:
            return value
    return None


def main(estimators: list[Estimator]) -> Estimator | None:
    """The one that stands for the script: its only class, or the class and library that all of them share."""
    if not estimators:
        return None
    whole = [e for e in estimators if e.name and e.name.startswith(_OF_OTHERS)]
    if len({e.name for e in whole}) == 1:
        return whole[0]
    names = {(e.library, e.name) for e in estimators if e.name}
    if len(names) == 1:
        return next(e for e in estimators if e.name)
    libraries = {e.library for e in estimators}
    boosting = [e for e in estimators if e.library not in _NO_BOOSTING]
    library = next(iter(libraries)) if len(libraries) == 1 else None
    if library is None and len({e.library for e in boosting}) == 1:
        library = boosting[0].library
    for made in (list(names), [(e.library, e.name) for e in estimators if e.name]):
        if library is None and made:  # several boost: whichever most of what is compared is of, or is made again
            most, times = Counter(library for library, _ in made).most_common(1)[0]
            library = most if times * 2 > len(made) else None
    if library is None:
        return None
    own = [e for e in estimators if e.library == library]
    alone = len({e.name for e in own}) == 1 and len({e.library for e in estimators}) == 1
    compared = list(dict.fromkeys(e.name for e in estimators if e.name))
    name = " / ".join(compared) if 1 < len(compared) <= _FEW and all(e.name for e in estimators) else None
    return own[0] if alone else Estimator(library, name, own[0].line, None, None)
