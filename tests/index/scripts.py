"""Scripts of tests: alone, or with modules beside them."""

from __future__ import annotations

from pathlib import Path

from index.facts import ScriptFacts, extract
from index.facts.evaluation.configs import Configs
from index.files.source import parse


def read(text: str) -> ScriptFacts:
    return extract(parse(Path("script.py"), text.encode()))


def within(folder: Path, text: str, **beside: str) -> ScriptFacts:
    """The facts of a script in a folder with other modules, each by its name."""
    for name, module in beside.items():
        (folder / f"{name}.py").write_text(module)
    script = folder / "script.py"
    script.write_text(text)
    return extract(parse(script, script.read_bytes()), Configs(script))
