"""Layers that are handed on as classes, to be built by what is given them: `Decoder(rnn=nn.LSTM)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from index.facts.evaluation.analysis import Analysis
from index.facts.evaluation.frames import Frame
from index.facts.evaluation.module_text import OF_LIBRARIES
from index.facts.evaluation.program import CallSite, dotted

_FAMILIES = {"LSTM": "lstm", "LSTMCell": "lstm", "GRU": "gru", "GRUCell": "gru", "RNN": "recurrent",
             "SimpleRNN": "recurrent", "RNNCell": "recurrent"}  # fmt: skip


def recurrent(analysis: Analysis, site: CallSite) -> Iterator[tuple[str, str]]:
    """The recurrent layers, each after its family, that a call is given, or that it calls by the name of a parameter
    which is one by default."""
    call, function = site.node, site.scope.node
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    if isinstance(call.func, ast.Name) and isinstance(function, ast.FunctionDef):
        places = function.args.args[len(function.args.args) - len(function.args.defaults) :]
        defaults = dict(zip((place.arg for place in places), function.args.defaults, strict=True))
        given += [defaults[call.func.id]] if call.func.id in defaults else []
    for part in given:
        last = (dotted(part) or "").rpartition(".")[2] if isinstance(part, ast.Name | ast.Attribute) else ""
        if last in _FAMILIES and OF_LIBRARIES.match(analysis.name(part, Frame(site.scope))):
            yield _FAMILIES[last], last
