"""Every setting of a run, once: its default, range and help.

Command-line flags, TOML files, presets and the workbench's form are all made from :class:`TrainConfig`, so a value
means the same and is refused in the same words wherever it comes from. Imports nothing heavy.
"""

from __future__ import annotations

import difflib
import math
import tomllib
import types
import typing
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import tomli_w

from engine.presets import DEFAULT_PRESET, load_preset, preset_names
from engine.setting import ConfigError as ConfigError
from engine.setting import Setting, converted, setting

LARGEST_LR = {"adam": 0.1, "adamw": 0.1, "sgd": 10.0}  # more makes a loss that is no number, or no progress
LEAST_LOG_ALPHA_BAR = -50.0  # of the last timestep: float32 divides by its root, and the article's is -10


@dataclass(frozen=True)
class TrainConfig:
    """All settings of one run. Build it with :func:`resolve` or :func:`from_values`; both validate."""

    preset: str = setting(DEFAULT_PRESET, "what", "recipe that sets everything not set elsewhere")
    name: str | None = setting(None, "what", "name of the run (the preset's name if not given)")
    seed: int = setting(
        0,
        "what",
        "seed of everything random; equal seeds repeat a run exactly on a CPU",
        low=0,
        high=2**63 - 1,
    )
    device: str = setting(
        "auto",
        "what",
        "device to train on; auto takes the fastest kind",
        pattern=r"auto|cpu|mps|cuda(:\d+)?",
        form="auto, cpu, cuda, cuda:N or mps",
    )

    dataset: str = setting(
        "digits",
        "data",
        "images to train on",
        choices=("digits", "mnist", "fashion-mnist", "cifar10", "cifar10-catdog", "flowers102", "celeba", "folder"),
    )
    data_dir: str | None = setting(
        None, "data", "where datasets lie (the home's data folder if not given), or the images of 'folder'"
    )
    image_size: int | None = setting(
        None, "data", "height and width in pixels (the dataset's own if not given)", low=4, high=1024
    )

    augment: tuple[str, ...] = setting(
        (),
        "data",
        "random changes of the images: flip, crop, rotation, colour",
        choices=("flip", "crop", "rotation", "colour"),
    )

    model: str = setting(
        "unet",
        "model",
        "architecture: U-Net on pixels, denoiser of an autoencoder's latents, or U-Net on patches",
        choices=("unet", "latent", "patch"),
    )
    widths: tuple[int, ...] = setting(
        (32, 64, 128), "model", "channels of each U-Net level; the last is the bottleneck", low=1, high=4096
    )
    time_embed_dim: int = setting(32, "model", "length of the time embedding", low=2, high=4096)
    attention: str = setting(
        "none",
        "model",
        "softmax at the two deepest levels, linear at all, or a kind for each level",
        choices=("none", "softmax", "linear"),
        listed=True,
    )
    class_conditional: bool = setting(False, "model", "learn to draw a class that is asked for")
    norm: str = setting(
        "batch", "model", "normalisation of a U-Net on pixels, or of the autoencoder", choices=("batch", "group")
    )
    latent_dim: int = setting(64, "model", "numbers an image is encoded in (latent)", low=2, high=4096)
    patch_size: int = setting(4, "model", "sides of a patch in pixels (patch)", low=1, high=64)

    timesteps: int = setting(1000, "diffusion", "steps T of the noise schedule", low=2, high=100_000)
    schedule: str = setting("cosine", "diffusion", "noise schedule", choices=("linear", "cosine"))
    beta_start: float = setting(1e-4, "diffusion", "first beta of the linear schedule", low=1e-6, high=0.999)
    beta_end: float = setting(0.02, "diffusion", "last beta of the linear schedule", low=1e-6, high=0.999)
    prediction: str = setting("v", "diffusion", "what the network predicts", choices=("eps", "x0", "v"))
    loss: str = setting(
        "mse",
        "diffusion",
        "squared error, the same weighted over noise levels, or with absolute error and cosine similarity",
        choices=("mse", "min-snr", "mse-l1-cosine"),
    )

    epochs: int | None = setting(None, "training", "passes over the dataset (this or steps)", low=1, high=10_000_000)
    steps: int | None = setting(None, "training", "optimizer steps (this or epochs)", low=1, high=10**12)
    batch_size: int = setting(64, "training", "images per step and process", low=1, high=65_536)
    optimizer: str = setting("adam", "training", "optimizer", choices=("adam", "adamw", "sgd"))
    lr: float = setting(3e-3, "training", "learning rate at its highest", low=1e-12, high=100)
    lr_schedule: str = setting(
        "cosine",
        "training",
        "after the warm-up: constant, or cosine decay to 2 %",
        choices=("constant", "cosine"),
    )
    warmup_steps: int = setting(100, "training", "steps in which the learning rate rises from zero", low=0, high=10**9)
    weight_decay: float = setting(0.0, "training", "weight decay", low=0, high=10)
    grad_clip: float = setting(1.0, "training", "largest norm of the gradient; 0 leaves it alone", low=0, high=1e6)
    ema: float = setting(
        0.998,
        "training",
        "decay of the averaged weights that samples are drawn with; 0 is off",
        low=0,
        high=0.999999,
    )
    precision: str = setting(
        "auto",
        "training",
        "arithmetic; auto takes what the machine has units for",
        choices=("auto", "fp32", "bf16", "fp16"),
    )
    compile: str = setting(
        "auto",
        "training",
        "compile the network first; auto does where a GPU's long run is worth the wait",
        choices=("auto", "on", "off"),
    )
    autoencoder_share: float = setting(
        0.2, "training", "share of the steps in which the autoencoder is trained first (latent)", low=0.001, high=0.999
    )
    autoencoder_lr: float = setting(
        1e-3, "training", "learning rate of the autoencoder at its highest (latent)", low=1e-12, high=100
    )

    log_every: int = setting(10, "watching", "steps between points of the loss curve", low=1, high=10**9)
    sample_every: int = setting(250, "watching", "steps between sample grids; 0 draws none", low=0, high=10**9)
    sample_count: int = setting(32, "watching", "images in a sample grid", low=1, high=4096)
    sampler: str = setting("ddim", "watching", "sampler of the grids", choices=("ddpm", "ddim", "dpmpp"))
    sample_steps: int = setting(50, "watching", "steps of the sampler, at most timesteps", low=1, high=100_000)
    guidance: float = setting(
        1.0, "watching", "how strongly a class is drawn: 1 as learned, more makes it plainer", low=0, high=100
    )
    evaluate_every: int = setting(
        0, "watching", "steps between measurements of quality beside held-out images; 0 makes none", low=0, high=10**9
    )
    checkpoint_every: int = setting(
        500, "watching", "steps between checkpoints; 0 keeps only the last", low=0, high=10**9
    )
    keep_checkpoints: int = setting(3, "watching", "newest checkpoints kept", low=1, high=100_000)


GROUPS = ("what", "data", "model", "diffusion", "training", "watching")


@cache
def settings() -> dict[str, Field[Any]]:
    """The fields of TrainConfig by name, in the order of their groups."""
    return {f.name: f for f in fields(TrainConfig)}


def about(name: str) -> Setting:
    """Group, help, choices and range of a setting."""
    found: Setting = settings()[name].metadata["setting"]
    return found


@cache
def _kinds() -> dict[str, tuple[type, bool]]:
    """name -> (int, float, str or tuple; may be left open)."""
    kinds: dict[str, tuple[type, bool]] = {}
    for name, hint in typing.get_type_hints(TrainConfig).items():
        optional = isinstance(hint, types.UnionType)
        base = next(a for a in typing.get_args(hint) if a is not type(None)) if optional else hint
        kinds[name] = (typing.get_origin(base) or base, optional)
    return kinds


def accepted(name: str) -> str:
    """What a setting takes, in words."""
    return f"one of {', '.join(preset_names())}" if name == "preset" else about(name).accepted(_kinds()[name][0])


def coerce(name: str, raw: object) -> Any:
    """One setting's value from text (command line, form) or a TOML value, checked against its range.

    Raises ConfigError for an unknown setting, a value of another kind and a value out of range.
    """
    if name not in settings():
        near = difflib.get_close_matches(name, settings(), n=1)
        hint = f"did you mean {near[0]}?" if near else "`diffwb --train --help` lists the settings"
        raise ConfigError(f"{name}: there is no such setting; {hint}")
    s, (kind, optional) = about(name), _kinds()[name]
    if optional and (raw is None or raw == ""):
        return None
    try:
        value = converted(s, kind, raw)
    except (ValueError, KeyError, TypeError, OverflowError):
        raise _refused(name, raw) from None
    if not s.allows(value) or (name == "preset" and value not in preset_names()):
        raise _refused(name, raw)
    return value


def _refused(name: str, raw: object) -> ConfigError:
    try:
        shown = "nothing" if raw is None or raw == "" else repr(raw) if isinstance(raw, str) else str(raw)
    except ValueError:  # TOML has 0xfff… without end, and Python writes no number of more than 4,300 digits
        shown = "a number of more digits than can be shown"
    return ConfigError(f"{name}: {shown} is not accepted; {accepted(name)} is")


def from_values(values: Mapping[str, Any]) -> TrainConfig:
    """A checked config from checked or raw values; settings that are missing keep their built-in default."""
    config = TrainConfig(**{name: coerce(name, raw) for name, raw in values.items()})
    _check_together(config)
    return config


def _check_together(c: TrainConfig) -> None:
    """Raise ConfigError for settings that are fine alone and not together."""
    if (c.epochs is None) == (c.steps is None):
        have = "neither is set" if c.epochs is None else f"{c.epochs} and {c.steps} are both set"
        raise ConfigError(f"epochs, steps: {have}; set one of them")
    if c.beta_start > c.beta_end:
        raise ConfigError(f"beta_start: {c.beta_start:g} is above beta_end = {c.beta_end:g}; it must not be")
    if c.schedule == "linear":
        last = c.timesteps * (math.log1p(-c.beta_start) + math.log1p(-c.beta_end)) / 2  # log alpha_bar, at the least
        if last < LEAST_LOG_ALPHA_BAR:
            raise ConfigError(
                f"beta_end: {c.beta_end:g} leaves nothing of the image long before the end of {c.timesteps} steps; "
                f"about {-math.expm1(LEAST_LOG_ALPHA_BAR / c.timesteps):.2g} or less is accepted"
            )
    if c.sample_steps > c.timesteps:
        raise ConfigError(
            f"sample_steps: {c.sample_steps} is more than timesteps = {c.timesteps}; at most that is accepted"
        )
    if c.time_embed_dim % 2:
        raise ConfigError(f"time_embed_dim: {c.time_embed_dim} is odd; an even number is accepted")
    if c.dataset == "folder" and c.data_dir is None:
        raise ConfigError(
            "data_dir: dataset = 'folder' needs it; a folder of images, one sub-folder a class, is accepted"
        )
    if c.guidance != 1.0 and not c.class_conditional:
        raise ConfigError(
            f"guidance: {c.guidance:g} needs class_conditional = true; without classes only 1 is accepted"
        )
    levels = len(about("attention").parts(c.attention))
    if levels not in (1, len(c.widths)):
        raise ConfigError(
            f"attention: '{c.attention}' names {levels} levels and widths {len(c.widths)}; "
            "one kind, or one a level, is accepted"
        )
    if c.image_size is not None:
        check_image_size(c.image_size, c)


def doubts(config: TrainConfig) -> dict[str, str]:
    """What is accepted and hardly meant: a message for each such setting, which names it first."""
    rates = {"lr": config.lr} | ({"autoencoder_lr": config.autoencoder_lr} if config.model == "latent" else {})
    most = LARGEST_LR[config.optimizer]
    found = {
        name: f"{name}: {rate:g} is accepted, though {config.optimizer} hardly learns with more than {most:g}"
        for name, rate in rates.items()
        if rate > most
    }
    if config.steps is not None and config.steps <= config.warmup_steps:
        rises = f"warmup_steps = {config.warmup_steps} steps in which the rate rises to {config.lr:g}"
        found["steps"] = f"steps: {config.steps} is accepted, though it ends within the {rises}"
    return found


def check_image_size(image_size: int, config: TrainConfig) -> None:
    """Raise ConfigError unless the model can halve the image as often as it has to."""
    levels = len(config.widths)
    factor, because = {
        "unet": (2 ** (levels - 1), f"{levels} widths need"),
        "latent": (4, "the autoencoder needs"),
        "patch": (
            config.patch_size * 2 ** (levels - 1),
            f"patch_size = {config.patch_size} at {levels} widths needs",
        ),
    }[config.model]
    if image_size % factor:
        near = factor * max(math.ceil(4 / factor), round(image_size / factor))
        raise ConfigError(f"image_size: {image_size} is not divisible by {factor}, which {because}; {near} is accepted")


def resolve(
    command_line: Mapping[str, Any],
    config_file: Mapping[str, Any] | None = None,
    home_defaults: Mapping[str, Any] | None = None,
) -> TrainConfig:
    """Merge the layers: command line over config file over preset over the home's defaults over the built-in ones.

    `epochs` and `steps` exclude each other, so a layer that sets one unsets the other of the layers below it.
    Raises ConfigError.
    """
    layers: list[Mapping[str, Any]] = [home_defaults or {}, {}, config_file or {}, command_line]
    chosen = [layer["preset"] for layer in layers if layer.get("preset")]
    preset = coerce("preset", chosen[-1] if chosen else DEFAULT_PRESET)
    layers[1] = load_preset(preset)
    merged: dict[str, Any] = {}
    for layer in layers:
        for one, other in (("epochs", "steps"), ("steps", "epochs")):
            if layer.get(one) is not None and layer.get(other) is None:
                merged.pop(other, None)
        merged.update(layer)
    return from_values({**merged, "preset": preset})


def read_toml(path: Path) -> dict[str, Any]:
    """The settings in a TOML file. Tables are left out: they belong to other parts of diffwb (keys, theme).

    Raises ConfigError naming the file when it cannot be read, is not TOML, or names a setting that is none.
    """
    try:
        return parse_toml(path.read_bytes(), str(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); a TOML file of settings is accepted") from None


def parse_toml(content: bytes, name: str) -> dict[str, Any]:
    """The settings in the content of a TOML file; raises as :func:`read_toml`, naming the file `name`."""
    try:
        document = tomllib.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{name}: is not TOML ({error})") from None
    values = {key: value for key, value in document.items() if not isinstance(value, dict)}
    for key, value in values.items():
        try:
            coerce(key, value)
        except ConfigError as error:
            raise ConfigError(f"{name}: {error}") from None
    return values


def to_toml(config: TrainConfig) -> str:
    """The config as TOML that :func:`read_toml` takes back unchanged; settings left open are left out."""
    values = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(config).items() if v is not None}
    return tomli_w.dumps(values)
