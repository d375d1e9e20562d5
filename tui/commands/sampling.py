"""`diffwb sample` and `diffwb evaluate`: what a run's newest checkpoint draws, and how good it is."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.config import coerce
from engine.home import home
from engine.setting import given_path
from tui import formats
from tui.commands.console import progress, put, put_json, put_table, say
from tui.commands.named_run import named_run
from tui.errors import DONE, UsageError

if TYPE_CHECKING:
    from engine.generate import Drawn

SUFFIXES = (".png", ".gif", ".npy")


def sample(arguments: Namespace) -> int:
    """`diffwb sample`: images from a run's newest good checkpoint, into one file or a folder of PNGs."""
    target = _target(arguments)
    run = named_run(arguments.run)
    device, seed = coerce("device", arguments.device), coerce("seed", arguments.seed)
    from engine.generate import generate, gif_frames, no_frames, strip_frames
    from engine.training.checkpoint import CheckpointError

    frames = strip_frames if arguments.strip else gif_frames if target.suffix == ".gif" else no_frames
    with progress() as show:
        try:
            drawn = generate(
                run,
                _changes(arguments, "sampler", "sample_steps", "guidance"),
                count=arguments.n if arguments.n is not None else 1 if arguments.strip else 32,
                seed=seed,
                device=device,
                label=arguments.label,
                frames=frames,
                progress=lambda done, total: show("drawing", done, total),
            )
        except CheckpointError as error:
            raise UsageError(str(error)) from None
    try:
        _write(drawn, target, arguments, f"{run.name}-seed{seed}")
    except OSError as error:
        raise UsageError(f"{_option(arguments)}: {target} cannot be written ({error.strerror})") from None
    said = "one image's way" if arguments.strip else formats.images(len(drawn.images))
    say(f"{said} from step {drawn.step:,} of {run.name}, {drawn.sampler} with {drawn.sample_steps} steps")
    put(str(target))
    return DONE


def _option(arguments: Namespace) -> str:
    return "--folder" if arguments.folder is not None else "-o"


def _target(arguments: Namespace) -> Path:
    """Where the images go. Raises UsageError for a place that cannot be."""
    target = given_path(_option(arguments), arguments.folder if arguments.output is None else arguments.output)
    if arguments.folder is not None:
        if arguments.strip:
            raise UsageError("--strip: draws one picture; -o with a name that ends in .png takes it")
        if target.exists() and not target.is_dir():
            raise UsageError(f"--folder: {target} is a file; the name of a folder is accepted")
        return target
    suffixes = SUFFIXES[:1] if arguments.strip else SUFFIXES
    if target.suffix not in suffixes:
        raise UsageError(f"-o: '{target.name}' is not accepted; a name that ends in {' or '.join(suffixes)} is")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"-o: the folder {target.absolute().parent} does not exist")
    return target


def _write(drawn: Drawn, target: Path, arguments: Namespace, stem: str) -> None:
    from engine.generate import write, write_folder

    if arguments.folder is not None:
        write_folder(drawn, target, stem)
    else:
        write(drawn, target, columns=arguments.columns, strip=arguments.strip)


def evaluate(arguments: Namespace) -> int:
    """`diffwb evaluate`: Fréchet distance, valid rate, classes and copies, each beside held-out images."""
    run = named_run(arguments.run)
    device, seed = coerce("device", arguments.device), coerce("seed", arguments.seed)
    from engine import generate
    from engine.training.checkpoint import CheckpointError

    say("draws as many images as the dataset holds out, and judges both")
    with progress() as show:
        try:
            found = generate.evaluate(
                run,
                _changes(arguments, "sampler", "sample_steps"),
                home(),
                seed=seed,
                device=device,
                progress=lambda done, total: show("drawing" if done < total else "judging", done, total),
            )
        except CheckpointError as error:
            raise UsageError(str(error)) from None
    if arguments.json:
        put_json({"run": run.name, "samples": asdict(found.samples), "held_out": asdict(found.held_out)})
    else:
        from tui.commands.printed import quality_table

        put_table(lambda _: quality_table(found))
    return DONE


def _changes(arguments: Namespace, *names: str) -> dict[str, Any]:
    """The settings that are asked for, checked. Raises ConfigError."""
    given = {name: getattr(arguments, name) for name in names}
    return {name: coerce(name, value) for name, value in given.items() if value is not None}
