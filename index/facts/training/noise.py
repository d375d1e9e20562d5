"""How a diffusion script makes its noise, sizes its images and averages its weights: what a run made after it needs
beside its facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from index.facts.evaluation.analysis import Analysis, analyse, argument
from index.facts.evaluation.execution import Executed
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.identifiers import Identifiers
from index.facts.evaluation.program import Scope, last_name
from index.facts.evaluation.values import Value
from index.facts.training import optimizers
from index.files.source import Source

_COUNTS = ("num_train_timesteps", "timesteps", "num_timesteps", "n_timesteps", "noise_steps", "diffusion_steps",
           "num_diffusion_timesteps", "n_diffusion_steps")  # fmt: skip
_KINDS = ("beta_schedule", "noise_schedule", "schedule_name", "schedule_type", "schedule")
_SIDES = ("image_size", "img_size", "image_resolution", "resolution")
_SIZING = {"Resize", "CenterCrop", "RandomCrop", "RandomResizedCrop"}
_NAMES = {"squaredcos_cap_v2": "cosine", "cosine": "cosine", "cos": "cosine", "linear": "linear"}
_COSINE = re.compile(r"cos.*(beta|alpha|noise|diffus)|(beta|alpha|noise).*cos", re.IGNORECASE)
_MAKES_NOISE = re.compile(r"beta|alpha|noise|diffusion|ddpm|ddim|schedul", re.IGNORECASE)
_AVERAGES = re.compile(r"(^|_)ema(_|$)|EMA|AveragedModel")
_DECAYS = ("decay", "ema_decay", "beta")
_SEED = re.compile(r"((global|manual|random)_?)?seed")
_SEEDS = {"manual_seed", "seed_everything", "PRNGKey", "set_seed"}
_OF_A_RATE = re.compile(r"lr|learning|optim", re.IGNORECASE)
# What draws images with a network, or judges it, takes steps of its own.
_DRAWING = Identifiers(
    r"plot|draw|preview|kid|fid|eval\w*|val|test|infer|inference|sampl(e[rds]?|ing)|gen|generat(e|ed|ion|or)|reverse|ddim",
    re.I,
)
_WORDS = re.compile(r"[^\W_]+?(?=_|[A-Z]|\b)")
# What a line gives a value to: a name, an option, a key, a parameter of a function.
_GIVEN = re.compile(r"\s*(?:(?:async )?def (\w+)|[\w.]*\(?\s*[\"']-{0,2}([\w-]+)[\"']|(?:\w+\.)*(\w+)\s*(?::[^=]*)?=)")
_OF_CLASSES = re.compile(r"class|label|categor|digit|vocab|token", re.IGNORECASE)  # which of them is drawn
_LARGEST_BETA = 0.5  # what a linear schedule of any use ends with; other linspaces run from 0 or to 1 and more
_FEWEST_STEPS = 10


@dataclass(frozen=True)
class Stated:
    """A value and the line that states it."""

    value: int | float | str
    line: int

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "line": self.line}


def read(source: Source) -> dict[str, Stated]:
    """`timesteps`, `schedule`, `beta_start`, `beta_end`, `image_size`, `weight_decay`, `ema` and `seed`, those that the
    script states.

    Names are those of a run's settings; RecursionError where the script nests too deeply.
    """
    analysis = analyse(source)
    found: dict[str, Stated] = {}
    for part in (_linear(analysis), _schedulers(analysis), _cosine(analysis), _drawn(analysis), _handed(analysis)):
        for name, stated in part:
            found.setdefault(name, stated)
    if found.get("schedule", Stated("", 0)).value != "linear":
        found.pop("beta_start", None)
        found.pop("beta_end", None)
    others = {"image_size": _side(analysis), "weight_decay": _decay(analysis), "ema": _averaged(analysis),
              "seed": _seed(analysis)}  # fmt: skip
    return found | {name: stated for name, stated in others.items() if stated is not None}


def _count(value: Value | None) -> Stated | None:
    number = value.number if value is not None else None
    if value is None or number is None or number != int(number) or number < 1:
        return None
    return Stated(int(number), value.line)


def _linear(analysis: Analysis) -> Iterator[tuple[str, Stated]]:
    """Betas as `linspace(first, last, steps)` makes them."""
    for executed in analysis.called.get("linspace", []):
        call = executed.site.node
        ends = [argument(call, names, place) for place, names in enumerate((("start",), ("end", "stop")))]
        steps = argument(call, ("steps", "num"), 2)
        if steps is None or any(end is None for end in ends):
            continue
        first, last = (analysis.value(end, executed.frame) for end in ends if end is not None)
        if first.number is None or last.number is None or not 0 < first.number < last.number <= _LARGEST_BETA:
            continue
        count = _count(analysis.value(steps, executed.frame))
        if count is not None and int(count.value) >= _FEWEST_STEPS:
            yield "timesteps", count
        if _squared(analysis, call):
            yield "schedule", Stated("scaled-linear", call.lineno)
        else:
            yield "schedule", Stated("linear", call.lineno)
            yield "beta_start", Stated(float(first.number), first.line)
            yield "beta_end", Stated(float(last.number), last.line)


def _squared(analysis: Analysis, call: ast.Call) -> bool:
    return any(
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow) and node.left is call for node in analysis.nodes
    )


def _schedulers(analysis: Analysis) -> Iterator[tuple[str, Stated]]:
    """What is handed to a scheduler of a library or of the script's own."""
    for executed in analysis.executed:
        for names, setting in ((_COUNTS[:1], "timesteps"), (_KINDS, "schedule")):
            node = argument(executed.site.node, names)
            if node is None:
                continue
            value = analysis.value(node, executed.frame)
            if setting == "timesteps" and (count := _count(value)) is not None:
                yield setting, count
            elif isinstance(value.constant, str) and _noisy(executed):
                yield setting, Stated(_NAMES.get(value.constant.lower(), value.constant), value.line)
        if _noisy(executed):
            for name in ("beta_start", "beta_end"):
                node = argument(executed.site.node, (name,))
                number = analysis.value(node, executed.frame) if node is not None else None
                if number is not None and number.number is not None and 0 < number.number < 1:
                    yield name, Stated(float(number.number), number.line)


def _noisy(executed: Executed) -> bool:
    """Whether a call makes noise or betas; a learning rate has schedules too."""
    if {keyword.arg for keyword in executed.site.node.keywords} & {"beta_schedule", "noise_schedule"}:
        return True
    return bool(_MAKES_NOISE.search(executed.name)) and not _OF_A_RATE.search(executed.name)


def _cosine(analysis: Analysis) -> Iterator[tuple[str, Stated]]:
    for name, calls in analysis.called.items():
        if _COSINE.search(name):
            yield "schedule", Stated("cosine", calls[0].line)
            return


def _drawn(analysis: Analysis) -> Iterator[tuple[str, Stated]]:
    """The bound of the timesteps that training draws: `randint(0, T, (n,))`, `random.randint(key, shape, 0, T)`."""
    for executed in analysis.called.get("randint", []):
        call = executed.site.node
        name = analysis.name(call.func, executed.frame)
        place = 3 if name.startswith(("jax", "jrandom", "jr.")) else 1
        bound = argument(call, ("high", "maxval"), place)
        if isinstance(bound, ast.Tuple) or (bound is None and call.args):  # randint(T, (n,))
            bound = call.args[0]
        said = analysis.source.lines[call.lineno - 1][:300]
        if bound is not None and executed.loops and not _OF_CLASSES.search(said):
            count = _count(analysis.value(bound, executed.frame))
            if count is not None and int(count.value) >= _FEWEST_STEPS:
                yield "timesteps", count


def _handed(analysis: Analysis) -> Iterator[tuple[str, Stated]]:
    """What any call is handed by one of the usual names; the steps that images are drawn in are none of training."""
    for executed in analysis.executed:
        node = argument(executed.site.node, _COUNTS)
        value = analysis.value(node, executed.frame) if node is not None else None
        count = _count(value)
        if node is None or value is None or count is None:
            continue
        own = last_name(node) or (executed.name if isinstance(node, ast.Constant) else "")
        stated = _GIVEN.match(analysis.source.lines[value.line - 1][:300]) if not value.beside else None
        if not any(map(_draws, (own, *(stated.groups("") if stated else ())))):
            yield "timesteps", count


def _draws(name: str) -> bool:
    """Whether a name is of what draws images: `plot_diffusion_steps`, `--ddim-steps`, `def sample`."""
    return any(map(_DRAWING.fullmatch, _WORDS.findall(name)))


def _decay(analysis: Analysis) -> Stated | None:
    """The weight decay that every one of its optimizers is given."""
    found: dict[float, Stated] = {}
    for executed in analysis.executed:
        if optimizers.canonical(executed.name):
            node = argument(executed.site.node, ("weight_decay",))
            value = analysis.value(node, executed.frame) if node is not None else None
            if value is None or value.number is None:
                return None
            found.setdefault(float(value.number), Stated(float(value.number), value.line))
    return next(iter(found.values())) if len(found) == 1 else None


def _averaged(analysis: Analysis) -> Stated | None:
    """The decay of averaged weights: what what averages them is given, else its default."""
    given = [
        (node, executed.frame) for executed in analysis.executed if _AVERAGES.search(executed.name)
        if (node := argument(executed.site.node, _DECAYS))
    ]  # fmt: skip
    for scope in analysis.program.scopes:
        if _AVERAGES.search(scope.name) and isinstance(scope.node, ast.FunctionDef):
            its = scope.node.args
            named = [*zip(reversed([*its.posonlyargs, *its.args]), reversed(its.defaults), strict=False)]
            named += [(one, default) for one, default in zip(its.kwonlyargs, its.kw_defaults, strict=True) if default]
            given += [(default, Frame(scope)) for one, default in named if one.arg in _DECAYS]
    for node, frame in (*given, *_shares(analysis)):
        value = analysis.value(node, frame)
        if value.number is not None and 0 < value.number < 1:  # 0 copies them
            return Stated(float(value.number), value.line)
    return None


def _shares(analysis: Analysis) -> Iterator[tuple[ast.expr, Frame]]:
    """What averaged weights keep of themselves, where they are averaged by hand: `ema * old + (1 - ema) * new`,
    `old.lerp_(new, 1 - decay)`."""
    for node in analysis.source.of(ast.BinOp):
        rest = isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Constant) and node.left.value == 1
        if not rest or not isinstance(node.right, ast.Name | ast.Attribute):
            continue
        around = [analysis.program.module, *(one for one in analysis.program.scopes if _around(one, node.lineno))]
        said = [*re.findall(r"\w+", analysis.source.lines[node.lineno - 1][:300]), *(scope.name for scope in around)]
        if any(map(_AVERAGES.search, said)):
            yield node.right, Frame(max(around, key=lambda scope: scope.line))


def _around(scope: Scope, line: int) -> bool:
    return scope.line <= line <= (getattr(scope.node, "end_lineno", None) or 0)


def _seed(analysis: Analysis) -> Stated | None:
    """What the random numbers are seeded with, else the default of the option that is called so."""
    given = [(executed.site.node.args[0], executed.frame) for executed in analysis.executed
             if executed.name in _SEEDS and executed.site.node.args]  # fmt: skip
    for option in analysis.evaluator.resolver.options.all():
        if _SEED.fullmatch(option.name) and option.default is not None:
            given.append((option.default, Frame(option.scope)))
    for node, frame in given:
        value = analysis.value(node, frame)
        if value.number is not None and value.number == int(value.number) >= 0:
            return Stated(int(value.number), value.line)
    return None


def _side(analysis: Analysis) -> Stated | None:
    """Height and width of the images: what the first pipeline of transforms ends with, else what a call is handed."""
    for executed in analysis.called.get("Compose", []):
        steps = executed.site.node.args[0] if executed.site.node.args else None
        sides = [_sized(analysis, step, executed) for step in steps.elts] if isinstance(steps, ast.List) else []
        if found := [side for side in sides if side is not None]:
            return found[-1]
    named = [(argument(executed.site.node, _SIDES), executed.frame) for executed in analysis.executed]
    placed = [(node, executed.frame) for executed in analysis.executed for node in executed.site.node.args
              if last_name(node) in _SIDES[:2]]  # fmt: skip  # network(image_size, widths)
    for node, frame in (*named, *placed):
        side = _count(analysis.value(node, frame)) if node is not None else None
        if side is not None:
            return side
    return None


def _sized(analysis: Analysis, step: ast.expr, pipeline: Executed) -> Stated | None:
    """The side that one transform gives an image, where it gives it one."""
    if not isinstance(step, ast.Call) or analysis.name(step.func, pipeline.frame).split(".")[-1] not in _SIZING:
        return None
    node = argument(step, ("size",), 0)
    if isinstance(node, ast.Tuple | ast.List) and node.elts:
        node = node.elts[0]
    return _count(analysis.value(node, pipeline.frame)) if node is not None else None
