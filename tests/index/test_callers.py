"""Who calls a function is found by following names, which asks in turn who calls what."""

from __future__ import annotations

import ast
from itertools import permutations

import pytest

from index.facts.evaluation.configs import Configs
from index.facts.evaluation.resolver import Resolver
from index.facts.evaluation.symbols import build

_PARTS = (
    "class Trainer:\n    def go(self, rate):\n        self.rate = rate\n",
    "class Tester:\n    def go(self, rate):\n        print(rate)\n",
    "def run(trainer):\n    trainer.go(1e-3)\n",
    "def main():\n    run(Trainer())\n",
)


@pytest.mark.parametrize("parts", list(permutations(_PARTS)))
def test_who_calls_what_does_not_depend_on_the_order_of_the_text(parts: tuple[str, ...]) -> None:
    program = build(ast.parse("".join(parts)))
    resolver = Resolver(program, lambda test, frame: None, Configs())
    methods = {s.owner.name: s for s in program.scopes if s.owner is not None and s.name == "go"}
    assert [ast.unparse(site.node) for site in resolver.call_sites(methods["Trainer"])] == ["trainer.go(0.001)"]
    assert resolver.call_sites(methods["Tester"]) == []
