"""From a script's facts to the settings of a run: what can be carried over, with its line, and what cannot, and why.

A pure function over what the search child tells of a script. What a setting accepts the engine itself says, in the
words of the command line, so nothing is carried over that a run would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from engine.config import ConfigError, TrainConfig, resolve
from engine.presets import DEFAULT_PRESET
from tui import formats
from tui.scripts.details import cells_of, proof
from tui.text import line

DATASETS = {
    "Digits": "digits",
    "MNIST": "mnist",
    "FashionMNIST": "fashion-mnist",
    "CIFAR10": "cifar10",
    "Flowers102": "flowers102",
    "CelebA": "celeba",
}
PRESETS = {"flowers102": "cifar10", "celeba": "cifar10"}  # the nearest recipe, where a dataset has none of its own
LATENT = {"fashion-mnist": "latent-fashion"}
SEVERAL = " / "  # between the datasets of a script that has more than one
EXPECTED = {"batch": "batch size", "lr": "lr", "optimizer": "optimizer", "epochs": "epochs", "dataset": "dataset"}
KINDS = {
    "gan": "a GAN",
    "vae": "a VAE",
    "dqn": "a DQN",
    "vit": "a vision transformer",
    "transformer": "a transformer",
    "lstm": "an LSTM",
    "gru": "a GRU",
    "rnn": "an RNN",
    "unet": "a U-Net",
    "resnet": "a ResNet",
    "autoencoder": "an autoencoder",
    "cnn": "a CNN",
    "mlp": "an MLP",
}
OF_NOISE = {"schedule", "beta_start", "beta_end"}  # what nothing but a diffusion model has
NOT_CARRIED = {  # what a script builds that a run has as well, and the run's settings for it
    "ema": ("averaged weights", "ema"),
    "weight-decay": ("weight decay", "weight_decay"),
    "gradient-clipping": ("gradient clipping", "grad_clip"),
}
DIFFUSION = ("timesteps", "schedule", "beta_start", "beta_end", "image_size")
OTHERS = ("weight_decay", "ema", "seed")


@dataclass(frozen=True)
class Carried:
    """One setting that the script states; `where` is its line, or what it follows from."""

    setting: str
    value: str
    where: str


@dataclass(frozen=True)
class Left:
    """What the script states and a run cannot be given; `why` says what would do."""

    what: str
    where: str
    why: str


@dataclass(frozen=True)
class Model:
    """The script's own, in whose place a run trains its network; `other` is what is no diffusion model about it."""

    named: str
    other: str = ""

    def told(self, config: TrainConfig) -> tuple[str, str]:
        """What the run trains instead: (what kind, which)."""
        if self.other:
            return "note", f"this script {self.other}; the run will be a {config.dataset} diffusion model"
        widths = ",".join(map(str, config.widths))
        return (
            "network",
            f"that of {config.preset} (widths {widths}, time_embed_dim {config.time_embed_dim}), "
            f"not the script's {self.named or 'own'}: its layers and sizes are not carried over",
        )


@dataclass(frozen=True)
class CarryOver:
    """The settings of a run like the script's. What it does not state is as `preset` has it, or one chosen instead."""

    path: str
    preset: str
    carried: tuple[Carried, ...]
    left: tuple[Left, ...]
    silent: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()  # what it has and a run too, whose value was not read
    model: Model | None = None

    @property
    def values(self) -> dict[str, str]:
        return {one.setting: one.value for one in self.carried}

    def told(self, config: TrainConfig) -> list[tuple[str, str]]:
        """What was carried over into such a run, and everything that was not: (what kind, which) by line."""
        count = sum(one.setting != "name" for one in self.carried)
        settings = f"{count} setting{'' if count == 1 else 's'}, each marked with its line"
        told = [self.model.told(config)] if self.model else []
        told.append(("from", f"{line(PurePath(self.path).name)}: {settings}; the rest is as {config.preset} has it"))
        for number, one in enumerate(self.left):
            where = f" ({one.where})" if one.where else ""
            told.append(("" if number else "left out", line(f"{one.what}{where}: {one.why}")))
        if self.silent:
            told.append(("not stated", ", ".join(self.silent)))
        if self.unread:
            told.append(("look up", f"{', '.join(self.unread)}: used by the script, its value not carried over"))
        return told


def carry_over(script: Mapping[str, Any], settings: Mapping[str, Any], defaults: Mapping[str, Any]) -> CarryOver:
    """The settings for a run like the script's.

    `script` is what is known of it (its facts, stages, outline, evidence), `settings` what it states of its noise
    (name → value and line), `defaults` the home's own settings.
    """
    tags = {str(tag.get("tag")): tag for tag in _records(script.get("outline"))}
    preset = _preset(script, tags)
    carried: list[Carried] = []
    left = [*_of_several(script), *_of_another_kind(script, tags)]
    values: dict[str, str] = {"preset": preset}
    for one in _stated(script, settings, tags):
        try:
            resolve({**values, one.setting: one.value}, home_defaults=defaults)
        except ConfigError as error:
            again = _beside(one, values, defaults)
            if again is None:
                left.append(Left(f"{one.setting} {one.value}", one.where, _reason(str(error), one.setting)))
                continue
            carried.append(again)
            values[again.setting] = again.value
        carried.append(one)
        values[one.setting] = one.value
    if name := line(str(script.get("model_id") or PurePath(str(script.get("path", ""))).stem)):
        carried.append(Carried("name", name, "the script's name"))
    silent, hanging = _missing(script)
    unread, model = tuple(_unread(script, values)), _model(script, settings, tags)
    return CarryOver(str(script.get("path", "")), preset, tuple(carried), (*left, *hanging), silent, unread, model)


def _preset(script: Mapping[str, Any], tags: Mapping[str, Any]) -> str:
    """The recipe nearest to what the script trains."""
    dataset = next(_known_datasets(script), "")
    if "latent-diffusion" in tags:
        base = LATENT.get(dataset, "latent-fashion")
        return f"{base}-conditional" if "conditional" in tags else base
    return PRESETS.get(dataset, dataset) or DEFAULT_PRESET


def _known_datasets(script: Mapping[str, Any]) -> Iterator[str]:
    """Those of the script's datasets that a run can train on: one that chooses between them states several."""
    return (DATASETS[name] for name in str(script.get("dataset")).split(SEVERAL) if name in DATASETS)


def _of_several(script: Mapping[str, Any]) -> Iterator[Left]:
    """That the script trains on more datasets than one."""
    if SEVERAL in str(script.get("dataset")) and (chosen := next(_known_datasets(script), None)):
        evidence = script.get("evidence")
        where = proof(evidence.get("dataset"), cells_of(script)) if isinstance(evidence, Mapping) else ""
        yield Left(f"dataset {line(str(script['dataset']))}", where, f"a run trains on one; {chosen} is chosen here")


def _unread(script: Mapping[str, Any], values: Mapping[str, str]) -> Iterator[str]:
    """What the script builds that a run has settings for, and those settings, where none of them was given."""
    for one in _records(script.get("built")):
        named, setting = NOT_CARRIED.get(str(one.get("uses")), ("", ""))
        if named and setting not in values:
            where = proof(one.get("line"), cells_of(script))
            yield f"{named}{where and f' ({where})'} → {setting}"


def _trains(script: Mapping[str, Any]) -> bool:
    """Whether anything of a training is known of a script: one that only defines a network has none of it."""
    evidence = script.get("evidence")
    proofs = evidence if isinstance(evidence, Mapping) else {}
    return bool(script.get("stages")) or any(
        script.get(field) is not None or field in proofs for field in ("lr", "optimizer", "epochs")
    )


def _model(script: Mapping[str, Any], settings: Mapping[str, Any], tags: Mapping[str, Any]) -> Model:
    """The script's model, and what it is where that is none of the kind a run trains."""
    evidence = script.get("evidence")
    where = proof(evidence.get("arch"), cells_of(script)) if isinstance(evidence, Mapping) else ""
    named = line(str(script.get("arch") or "")) + (f" ({where})" if where else "")
    if {"diffusion", "latent-diffusion"} & set(tags) or OF_NOISE & set(settings):
        return Model(named)
    kind = next((name for tag, name in KINDS.items() if tag in tags), "")
    if not kind:
        return Model(named, f"{named and f'({named}) '}is not known to train a diffusion model")
    verb = "trains" if _trains(script) else "defines"
    known = line(str(script.get("arch") or "")).lower() == kind.split(" ", 1)[1].lower()  # it has no other name
    return Model(named, f"{verb} {kind}{where and f' ({where})' if known else named and f', {named}'}")


def _of_another_kind(script: Mapping[str, Any], tags: Mapping[str, Any]) -> Iterator[Left]:
    """What a script trains that no run does."""
    for stage in _records(script.get("stages"))[:-1]:
        if stage.get("name") is not None:
            spent = f"{stage['epochs']} epochs" if stage.get("epochs") else "its length"
            rate = f" with lr {_shown(stage['lr'])}" if stage.get("lr") is not None else ""
            yield Left(
                f"stage {stage['name']}{rate}",
                proof(stage.get("line"), cells_of(script)),
                f"a run has one optimizer, and {spent} is a share of it (autoencoder_share)"
                if "latent-diffusion" in tags
                else "a run trains in one stage, that of the diffusion model",
            )


def _stated(script: Mapping[str, Any], settings: Mapping[str, Any], tags: Mapping[str, Any]) -> Iterator[Carried]:
    """Every setting the script states, in the words of a run's settings."""
    evidence = script.get("evidence")
    proofs = evidence if isinstance(evidence, Mapping) else {}
    cells = cells_of(script)

    def fact(setting: str, field: str, value: object) -> Iterator[Carried]:
        if value is not None:
            yield Carried(setting, line(str(value)), proof(proofs.get(field), cells) or "from the script")

    def tag(setting: str, value: str, name: str) -> Iterator[Carried]:
        if name in tags:
            yield Carried(setting, value, proof(tags[name].get("line"), cells))

    yield from fact("dataset", "dataset", next(_known_datasets(script), script.get("dataset")))
    for name in (*DIFFUSION, *OTHERS):
        stated = settings.get(name)
        if isinstance(stated, Mapping) and isinstance(stated.get("value"), int | float | str):
            yield Carried(name, _shown(stated["value"]), proof(stated.get("line"), cells))
    yield from tag("attention", "linear", "linear-attention")
    if "linear-attention" not in tags:
        yield from tag("attention", "softmax", "attention")
    yield from tag("class_conditional", "true", "conditional")
    yield from fact("batch_size", "batch", script.get("batch"))
    optimizer = script.get("optimizer")
    yield from fact("optimizer", "optimizer", optimizer.lower() if isinstance(optimizer, str) else optimizer)
    rate = script.get("lr")
    yield from fact("lr", "lr", _shown(rate) if rate is not None else None)
    yield from fact("epochs", "epochs", script.get("epochs"))
    stages = _records(script.get("stages"))
    if "latent-diffusion" in tags and len(stages) > 1 and stages[0].get("lr") is not None:
        yield Carried("autoencoder_lr", _shown(stages[0]["lr"]), proof(stages[0].get("line"), cells))


def _beside(one: Carried, values: Mapping[str, str], defaults: Mapping[str, Any]) -> Carried | None:
    """What has to follow for a setting to be accepted: no more sampling steps than there are timesteps."""
    if one.setting != "timesteps":
        return None
    following = Carried("sample_steps", one.value, "as many as timesteps")
    try:
        resolve({**values, following.setting: following.value, one.setting: one.value}, home_defaults=defaults)
    except ConfigError:
        return None
    return following


def _missing(script: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[Left, ...]]:
    """The facts that the script does not state, and those that hang on what it is given when it runs."""
    evidence = script.get("evidence")
    proofs = evidence if isinstance(evidence, Mapping) else {}
    silent, hanging = [], []
    for field, name in EXPECTED.items():
        if script.get(field) is not None:
            continue
        if isinstance(proofs.get(field), str):
            hanging.append(Left(name, "", proof(proofs[field], ())))
        else:
            silent.append(name)
    return tuple(silent), tuple(hanging)


def _reason(message: str, setting: str) -> str:
    """The command line's words without the name that stands before them already."""
    return message.removeprefix(f"{setting}: ")


def _shown(value: object) -> str:
    return formats.rate(value, 6) if isinstance(value, float) else line(str(value))


def _records(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
