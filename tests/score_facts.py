"""How right the facts are: the extraction run on real public scripts whose values a person has read.

    python -m tests.score_facts FOLDER [--errors] [--offline] [--set NAME]

FOLDER holds clones named `owner+name`, `owner/name` or `name`; what is not there is fetched with git. The labels are in
tests/facts_labels; a script that cannot be had is named and counted, never left out in silence.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index import facts
from index.facts import ScriptFacts
from index.facts.evaluation.configs import Configs
from index.files.source import SourceError, parse

LABELS = Path(__file__).parent / "facts_labels"
SETS = sorted(file.stem for file in LABELS.glob("*.toml"))
FIELDS = ("framework", "arch", "dataset", "batch", "lr", "optimizer", "epochs", "hw")
NONE = "-"


@dataclass
class Tally:
    """Counts of one field over all scripts."""

    right: int = 0
    wrong: int = 0  # another value than the one the script states
    invented: int = 0  # a value where the script states none
    stated: int = 0
    found: int = 0  # right ones among the stated

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def strict(self) -> float:
        return self.right / max(1, self.right + self.wrong + self.invented)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.stated)


@dataclass
class Score:
    """Everything the table says."""

    fields: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    stages: list[bool] = field(default_factory=list)  # several-stage scripts: the exact set of pairs
    single: list[bool] = field(default_factory=list)  # the same of scripts with one pair
    models: int = 0
    missed: list[str] = field(default_factory=list)
    others: int = 0
    listed: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Scores one set of the labels, or all of them, and prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.score_facts", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the clones are, and where missing ones are fetched to")
    parser.add_argument("--set", choices=SETS, dest="chosen", help="only these labels")
    parser.add_argument("--errors", action="store_true", help="every value that is wrong, invented or missing")
    parser.add_argument("--offline", action="store_true", help="fetch nothing")
    given = parser.parse_args()
    score = Score()
    for name in [given.chosen] if given.chosen else SETS:
        for label in tomllib.loads((LABELS / f"{name}.toml").read_text(encoding="utf-8"))["script"]:
            _add(score, label, _clone(given.folder, label, offline=given.offline))
    _print(score, errors=given.errors)


def _clone(folder: Path, label: dict[str, Any], *, offline: bool) -> Path | None:
    """The labelled file on disk, fetched at its commit when no clone is there."""
    repository = label["repository"]
    for name in (repository.replace("/", "+"), repository, repository.split("/")[1]):
        if (folder / name).is_dir():
            file = folder / name / label["path"]
            return file if file.is_file() else None
    if offline:
        return None
    target = folder / repository.replace("/", "+")
    target.mkdir(parents=True)
    for step in (
        ["init", "--quiet"],
        ["fetch", "--quiet", "--depth", "1", f"https://github.com/{repository}", label["commit"]],
        ["checkout", "--quiet", "FETCH_HEAD"],
    ):
        if subprocess.run(["git", "-C", str(target), *step], capture_output=True, check=False).returncode:
            return None
    file = target / label["path"]
    return file if file.is_file() else None


def _add(score: Score, label: dict[str, Any], file: Path | None) -> None:
    name = f"{label['repository']}/{label['path']}"
    if file is None:
        score.absent.append(name)
        return
    try:
        found = facts.extract(parse(file, file.read_bytes()), Configs(file))
    except SourceError as error:
        found = ScriptFacts()
        score.errors.append(f"{name}: cannot be read: {error}")
    if not label["model"]:
        score.others += 1
        if found.is_model:
            score.listed.append(name)
        return
    score.models += 1
    if not found.is_model:
        score.missed.append(name)
    for key in FIELDS:
        if key in label:
            _field(score, name, key, label[key], getattr(found, key) if found.is_model else None)
    if "stages" in label:
        _stages(score, name, label["stages"], found)


def _field(score: Score, name: str, key: str, wanted: Any, given: Any) -> None:
    accepted = wanted if isinstance(wanted, list) else [wanted]
    tally = score.fields[key]
    none = NONE in accepted
    right = given is not None and any(_same(key, option, given) for option in accepted)
    if not none:
        tally.stated += 1
        tally.found += right
    if right:
        tally.right += 1
    elif given is None and none:
        return
    else:
        what = "missing" if given is None else "invented" if accepted == [NONE] else "wrong"
        tally.wrong += what == "wrong"
        tally.invented += what == "invented"
        score.errors.append(f"{name}: {key} {what}: {given!r}, should be {' or '.join(map(str, accepted))}")


def _stages(score: Score, name: str, wanted: list[list[Any]], found: ScriptFacts) -> None:
    given = {(_plain(stage.optimizer), stage.lr) for stage in found.stages if stage.optimizer}
    pairs = {(_plain(optimizer), None if rate == NONE else float(rate)) for optimizer, rate in wanted}
    exact = given == pairs
    (score.stages if len(pairs) > 1 else score.single).append(exact)
    if not exact:
        score.errors.append(f"{name}: stages {sorted(given, key=str)}, should be {sorted(pairs, key=str)}")


def _same(key: str, wanted: Any, given: Any) -> bool:
    if isinstance(wanted, int | float):
        return abs(float(given) - wanted) <= 1e-9 * max(1.0, abs(wanted)) or float(given) == wanted
    if key == "arch":
        return sorted(wanted.split(" / ")) == sorted(str(given).split(" / "))
    return _plain(wanted) == _plain(given)


def _plain(text: Any) -> str:
    return re.sub(r"[^a-z0-9]", "", str(text).lower())


def _print(score: Score, *, errors: bool) -> None:
    print(f"{'field':<11}{'precision':>10}{'recall':>8}{'strict':>8}   right wrong invented stated")
    total = Tally()
    for key in FIELDS:
        tally = score.fields[key]
        total.right += tally.right
        total.wrong += tally.wrong
        total.invented += tally.invented
        print(f"{key:<11}{tally.precision:>10.3f}{tally.recall:>8.3f}{tally.strict:>8.3f}"
              f"   {tally.right:>5} {tally.wrong:>5} {tally.invented:>8} {tally.stated:>6}")  # fmt: skip
    print(f"{'every field, values where none is stated counted as wrong':<60}{total.strict:.3f}")
    for what, exact in (("stages, several-stage scripts", score.stages), ("stages, one pair", score.single)):
        print(f"{what + ': exact set of (optimizer, lr)':<60}{sum(exact)} of {len(exact)}")
    print(f"{'files that are no model scripts listed as such':<60}{len(score.listed)} of {score.others}")
    print(f"{'model scripts missed':<60}{len(score.missed)} of {score.models}")
    print(f"{'scripts that were not to be had':<60}{len(score.absent)}")
    for title, names in (("listed", score.listed), ("missed", score.missed), ("not to be had", score.absent)):
        for name in names:
            print(f"  {title}: {name}")
    if errors:
        for line in score.errors:
            print(f"  {line}")


if __name__ == "__main__":
    main()
