"""What is known about one script. Every value has the line that proves it; what is not known is None."""

from __future__ import annotations

from dataclasses import dataclass, field

PLAIN_FIELDS = ("framework", "arch", "dataset", "batch", "lr", "optimizer", "epochs", "hw")


@dataclass(frozen=True)
class Stage:
    """One training: a loop, or a call of `fit`. `line` is where its optimizer is made, else the loop or the call.

    Values that the script does not state are None.
    """

    name: str
    line: int
    batch: int | None = None
    lr: float | None = None
    optimizer: str | None = None
    epochs: int | None = None


@dataclass(frozen=True)
class Tag:
    """A family the model belongs to, or a component that it uses, and what in the script says so."""

    name: str
    line: int
    reason: str
    count: int = 1


@dataclass(frozen=True)
class Part:
    """One part of a model: the attribute it is kept in, the class or layer it is, its line and what it is made of."""

    name: str
    what: str
    line: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class ScriptFacts:
    """`evidence` maps a field to the line of its proof, or, for a value that could not be resolved, to the
    expression it hangs on (its field is then None); `lr_from` and the like are the file and line of settings beside
    the script that state the value. `cells` places lines in a notebook, see source.locate.
    `uses` are what the model and its training are put together of, see :mod:`index.known.components`.
    `framework_version` is what a requirements file above the script pins; `outline` the model as a tree.
    """

    framework: str | None = None
    arch: str | None = None
    dataset: str | None = None
    batch: int | None = None
    lr: float | None = None
    optimizer: str | None = None
    epochs: int | None = None
    hw: str | None = None
    summary: str = ""
    description: str = ""
    is_model: bool = False
    stages: tuple[Stage, ...] = ()
    tags: tuple[Tag, ...] = ()
    uses: tuple[Tag, ...] = ()
    evidence: dict[str, int | str] = field(default_factory=dict)
    cells: tuple[tuple[int, int], ...] = ()
    framework_version: str | None = None
    outline: tuple[Part, ...] = ()
