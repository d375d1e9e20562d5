"""Layers that are handed on as classes, to be built by what is given them, `Decoder(rnn=nn.LSTM)`, or under another
name: `cell = nn.LSTM if long else nn.GRU`, then `self.rnn = cell(64, 64)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.module_text import OF_LIBRARIES
from index.facts.evaluation.program import CallSite, dotted

_FAMILIES = {"LSTM": "lstm", "LSTMCell": "lstm", "GRU": "gru", "GRUCell": "gru", "RNN": "recurrent",
             "SimpleRNN": "recurrent", "RNNCell": "recurrent"}  # fmt: skip
_CELLS = {"LSTMCell": "lstm", "GRUCell": "gru"}  # of other files, whatever kind of them: ConvLSTMCell
_TOLD = {"batch_first", "bidirectional"}  # to recurrent layers alone
_ASKS = {"isinstance", "issubclass", "hasattr"}


def may_be_recurrent(analysis: Analysis) -> bool:
    """Whether a script has any name of recurrent layers, or says what only they are told: most have none, and to look
    up what each call stands for takes a while."""
    said = analysis.words | analysis.program.given
    return not (_FAMILIES.keys() | _TOLD).isdisjoint(said) or any(name.endswith(tuple(_CELLS)) for name in said)


def recurrent(analysis: Analysis, site: CallSite) -> Iterator[tuple[str, str]]:
    """The recurrent layers, each after its family, that a call is given, or that it calls by the name of a parameter
    which is one by default."""
    call, function = site.node, site.scope.node
    if site.name in _ASKS:  # isinstance(m, nn.LSTM)
        return
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Name) and isinstance(function, ast.FunctionDef):
        places = function.args.args[len(function.args.args) - len(function.args.defaults) :]
        defaults = dict(zip((place.arg for place in places), function.args.defaults, strict=True))
        given += [defaults[call.func.id]] if call.func.id in defaults else []
    for part in given:
        last = part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else ""
        if last in _FAMILIES and OF_LIBRARIES.match(analysis.name(part, Frame(site.scope))):
            yield _FAMILIES[last], last
    yield from _under_another_name(analysis, site)
    kind = next((kind for kind in _CELLS if site.name.endswith(kind) and site.name not in _FAMILIES), None)
    own = kind is not None and analysis.evaluator.resolver.own(call.func, Frame(site.scope)) is not None
    if kind is not None and not own and not OF_LIBRARIES.match(analysis.name(call.func, Frame(site.scope))):
        yield _CELLS[kind], site.name


def _under_another_name(analysis: Analysis, site: CallSite) -> Iterator[tuple[str, str]]:
    """The recurrent layer that a name stands for which a call builds; of several whichever they all are."""
    function = site.node.func
    if isinstance(function, ast.Call) and _looked_up(analysis, site, function):  # getattr(nn, kind)(8, 8, …)
        yield "recurrent", "RNN"
        return
    text = dotted(function) or ""
    if text.rpartition(".")[2] in _FAMILIES or not _binds(site, function, text):
        return
    origins = analysis.evaluator.resolver.follow(function, Frame(site.scope))
    names = [o.name.rpartition(".")[2] for o in origins if OF_LIBRARIES.match(o.name)]
    if names and len(names) == len(origins) and all(name in _FAMILIES for name in names):
        families = {_FAMILIES[name] for name in names}
        yield (families.pop() if len(families) == 1 else "recurrent"), names[0]


def _looked_up(analysis: Analysis, site: CallSite, function: ast.Call) -> bool:
    """Whether a layer of whatever name is told what only recurrent ones are told."""
    told = {keyword.arg for keyword in site.node.keywords} & _TOLD
    home = function.args[0] if dotted(function.func) == "getattr" and len(function.args) > 1 else None
    return bool(told) and home is not None and analysis.name(home, Frame(site.scope)) == "torch.nn"


def _binds(site: CallSite, function: ast.expr, text: str) -> bool:
    """Whether a name is given a value where it is called, or by its class."""
    owner = site.scope.class_around
    scopes = owner.children if owner is not None and isinstance(function, ast.Attribute) else [site.scope]
    return any(binding.kind == "value" for scope in scopes for binding in scope.bindings.get(text, []))
