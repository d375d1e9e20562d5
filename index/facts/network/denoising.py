"""Diffusion: a noise schedule, or a network that is told how noisy its input is."""

from __future__ import annotations

import ast
import re

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.identifiers import Identifiers, Words
from index.facts.evaluation.program import Scope, dotted, written
from index.record import Tag

_SCHEDULERS = Identifiers(r"(DDPM|DDIM|PNDM|Euler\w*|DPMSolver\w*|LMS\w*|Flow\w*)Scheduler")
_MAKES = Identifiers(r"(create|make|build|get)_(\w{1,30}_)?diffusion|(Gaussian|Spaced)Diffusion(Trainer|\d)?")
# A process that is made by its name, and what it is given as no diffusion of heat or of images is.
_PROCESS = Identifiers(r"([A-Z]\w*)?Diffusion([A-Z]\w*|\d)?|DD[PI]M([A-Z_]\w*)?")
_STEPS = {"timesteps", "num_timesteps", "n_timesteps", "num_train_timesteps", "noise_steps", "diffusion_steps",
          "n_steps", "n_T", "T"}  # fmt: skip
_BETAS = {"betas", "beta_start", "beta_end", "beta_schedule", "noise_schedule", "noise_steps"}
_OF_IMAGES = re.compile(r"denois|noise|noisy|ddpm|ddim|u_?net\b", re.IGNORECASE)
_DEFINED = Identifiers(r"(reverse|backward|forward)_diffusion(_\w{1,20})?|diffusion_(schedule|process)")
_OBJECTIVES = {"training_losses", "p_losses", "q_sample"}
_BARS = Words(r"^(sqrt_)?(one_minus_)?alphas?_(bar|cumprod|hat)s?$|^alphas?_?bars?$")
_AUTOENCODER = Words("autoencoder", re.IGNORECASE)
_STEPWISE = Words(r"denois|diffus", re.IGNORECASE)
_NOISY = Identifiers(r"(\w+_)?(noisy|noised|denoised|perturbed)(_\w+)?|[xz]_?t|[xz]_(noisy|k|tau)")
_LEVEL = Identifiers(r"t|ts|times?|time_?steps?|t_batch|batch_t|noise_(levels?|scales?|labels?)|sigmas?")
# What makes numbers of text, and text of numbers, is no network.
_OF_TEXT = re.compile(
    r"\b\w{0,20}(token|convert|codec|vocab|bpe|label|json|base64)\w{0,20}\.(batch_)?(en|de)code|code\([\"']|"
    r"\.(en|de)code\(\)|(one_?hot|crf|label|viterbi|base64|url|rle|mask|bbox|box)_?(en|de)code",
    re.IGNORECASE,
)
_TIMED = Words(
    r"^(self\.)?(t|time|time_?step|step)_?(emb(ed)?(ding)?s?|mlp|dim|proj(ection)?|encod\w*)(_\w+)?$|^Sinusoidal|"
    r"^Time_?(step)?_?Emb|^pos(itional)?_enc(oding)?$",
    re.IGNORECASE,
)
_FLOWS = re.compile(r"flow|velocity|rectified|interpolant|odeint|neural_?ode|bridge", re.IGNORECASE)
_AROUND = 4  # folders and the file
_FORWARD = {"forward", "call", "__call__"}


def diffusion(analysis: Analysis) -> Tag | None:
    """The line that shows a diffusion model, if one does."""
    for name, built in analysis.called.items():
        if _SCHEDULERS.fullmatch(name):
            return Tag("diffusion", built[0].line, f"{name} built")
        if _MAKES.fullmatch(name):
            return Tag("diffusion", built[0].line, f"{name} called")
    made = _process(analysis)
    if made is not None:
        return made
    for scope in analysis.program.scopes if "diffusion" in analysis.source.text else []:
        if _DEFINED.fullmatch(scope.name):
            return Tag("diffusion", scope.line, f"{scope.name} defined")
    said = analysis.source.text.lower() if not _OBJECTIVES.isdisjoint(analysis.names) else ""
    stepwise = "denois" in said or "diffus" in said
    for call in analysis.program.calls if stepwise else []:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _OBJECTIVES and len(call.args) >= 2:
            return Tag("diffusion", call.lineno, f"{call.func.attr} called")
    for call in analysis.program.calls if "cumprod" in analysis.source.text else []:
        if "cumprod" in (dotted(call.func) or str(getattr(call.func, "attr", ""))):
            text = written(call)[:200].lower()
            if "alpha" in text or "beta" in text:
                return Tag("diffusion", call.lineno, "cumulative product of the noise schedule")
    names = analysis.names
    backwards = "reversed" in names and ("randn" in names or "randn_like" in names)
    steps = analysis.lines(_STEPWISE) if backwards else []
    if steps and not analysis.lines(_AUTOENCODER):
        return Tag("diffusion", steps[0], "noise taken away step by step")
    bars = analysis.lines(_BARS)
    if bars:
        return Tag("diffusion", bars[0], "the cumulative noise schedule used")
    elsewhere = any(_STEPWISE.found_in(str(binding.node)) for binding in analysis.program.imports)
    if elsewhere or any(_told_the_noise(scope) for scope in analysis.program.classes):
        for call in analysis.program.calls:
            if len(call.args) >= 2 and _is(call.args[0], _NOISY) and _is(call.args[1], _LEVEL):
                return Tag("diffusion", call.lineno, "a network is given noisy images and how noisy they are")
    return None


def _process(analysis: Analysis) -> Tag | None:
    """A diffusion that another file defines, by what it is called and given: `Diffusion(noise_steps=1000)`."""
    for name, built in analysis.called.items():
        if not _PROCESS.fullmatch(name):
            continue
        for executed in built:
            given = {keyword.arg for keyword in executed.site.node.keywords}
            if given & _BETAS or (given & _STEPS and _OF_IMAGES.search(analysis.source.text)):
                return Tag("diffusion", executed.line, f"{name} built")
    return None


def told_the_step(analysis: Analysis, scope: Scope) -> Tag | None:
    """The diffusion that a U-Net in a file of its own is for, if it is told at which step of it its input is: not where
    the file, or one of the folders around it, speaks of flows."""
    timed = analysis.first(_TIMED) if _told_the_noise(scope) else None
    around = "/".join([*analysis.source.path.parts[-_AROUND:], analysis.source.text]) if timed else ""
    if not timed or _FLOWS.search(around):
        return None
    return Tag("diffusion", scope.line, "a U-Net that is told the step of its input")


def apart_from_denoisers(analysis: Analysis, words: Words) -> int | None:
    """The first line that has a name, found as Analysis.lines does, where it is no part of a network that is told how
    noisy its input is, nor of what codes text."""
    found = analysis.lines(words)
    if not found:
        return None
    within = [scope.node for scope in analysis.program.classes if _told_the_noise(scope)]
    lines = analysis.source.lines
    return next(
        (line for line in found
         if not any(_holds(owner, line) for owner in within) and not _OF_TEXT.search(lines[line - 1][:300])),
        None,
    )  # fmt: skip


def _told_the_noise(scope: Scope) -> bool:
    for name in _FORWARD:
        method = scope.method(name)
        if method is not None and isinstance(method.node, ast.FunctionDef):
            given = [argument.arg for argument in method.node.args.args[2:]]
            return any(_LEVEL.fullmatch(argument) for argument in given)
    return False


def _is(node: ast.expr, pattern: Identifiers) -> bool:
    return isinstance(node, ast.Name) and pattern.fullmatch(node.id) is not None


def _holds(owner: ast.AST, line: int) -> bool:
    start, end = getattr(owner, "lineno", 0), getattr(owner, "end_lineno", 0)
    return start <= line <= (end or start)
