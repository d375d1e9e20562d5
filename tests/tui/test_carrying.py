"""What of a script a run is given, and what is named as left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.config import resolve
from index import facts
from index.facts.training import noise
from index.files.source import parse
from tests.tui.results import HOSTILE, shown
from tui.scripts.carrying import CarryOver, carry_over

SCRIPTS = Path(__file__).resolve().parents[1] / "examples" / "scripts"


def of_example(name: str, defaults: dict[str, Any] | None = None) -> CarryOver:
    path = SCRIPTS / name
    source = parse(path, path.read_bytes())
    found = facts.extract(source)
    script = {
        "path": str(path),
        **{field: getattr(found, field) for field in ("arch", "dataset", "batch", "lr", "optimizer", "epochs")},
        "stages": [vars(stage) for stage in found.stages],
        "outline": [{"tag": tag.name, "line": tag.line, "reason": tag.reason} for tag in found.tags],
        "evidence": found.evidence,
        "cells": found.cells,
    }
    settings = {name: stated.to_json() for name, stated in noise.read(source).items()}
    return carry_over(script, settings, defaults or {})


def lines(carried: CarryOver) -> list[tuple[str, str]]:
    return carried.told(resolve({"preset": carried.preset, **carried.values}))


def told(carried: CarryOver) -> str:
    return "\n".join(f"{kind} {what}" for kind, what in lines(carried))


def test_a_pixel_diffusion_is_carried_whole() -> None:
    carried = of_example("Generative-Fashion-MNIST/unet_ddpm.py")
    assert carried.preset == "fashion-mnist"
    assert {one.setting: (one.value, one.where) for one in carried.carried} == {
        "dataset": ("fashion-mnist", "line 106"),
        "timesteps": ("1000", "line 20"),
        "schedule": ("linear", "line 77"),
        "beta_start": ("1e-4", "line 77"),
        "beta_end": ("0.02", "line 77"),
        "image_size": ("32", "line 22"),
        "batch_size": ("128", "line 17"),
        "optimizer": ("adamw", "line 110"),
        "lr": ("2e-4", "line 19"),
        "epochs": ("50", "line 18"),
        "name": ("unet_ddpm", "the script's name"),
    }
    assert carried.left == ()
    assert carried.silent == ()
    assert "10 settings, each marked with its line; the rest is as fashion-mnist has it" in told(carried)
    assert (
        "network that of fashion-mnist (widths 64,128,256, time_embed_dim 32), not the script's UNet (line 51)"
        in told(carried)
    )


def test_what_is_no_diffusion_model_is_said_first() -> None:
    first = lines(of_example("cifar10/resnet_lightning.py"))[0]
    assert first == (
        "note",
        "this script trains a ResNet, ResNetClassifier (line 29); the run will be a cifar10 diffusion model",
    )
    assert "trains a GAN, Generator / Discriminator (line 41)" in lines(of_example("faces/dcgan.py"))[0][1]


def test_a_script_that_trains_nothing_only_defines() -> None:
    note = lines(carry_over({"arch": "WideResNet", "outline": [{"tag": "cnn", "line": 72}]}, {}, {}))[0][1]
    assert note.startswith("this script defines a CNN, WideResNet")
    nameless = {"arch": "CNN", "outline": [{"tag": "cnn", "line": 10}], "evidence": {"arch": 10}}
    assert lines(carry_over(nameless, {}, {}))[0][1].startswith("this script defines a CNN (line 10);")
    segments = {"outline": [{"tag": "cnn", "line": 7}, {"tag": "unet", "line": 9}], "arch": "UNet"}
    assert "defines a U-Net, UNet;" in lines(carry_over(segments, {}, {}))[0][1]
    for trains in ({"stages": [{"name": "fit"}]}, {"optimizer": "Adam"}, {"evidence": {"lr": "args.lr"}}):
        assert "trains a CNN" in lines(carry_over({"outline": [{"tag": "cnn", "line": 72}], **trains}, {}, {}))[0][1]


def test_a_noise_schedule_alone_shows_a_diffusion_model() -> None:
    kinds = [kind for kind, _ in lines(carry_over({"arch": "Net"}, {"schedule": {"value": "linear", "line": 4}}, {}))]
    assert "network" in kinds and "note" not in kinds


def test_what_the_script_has_and_the_form_too_is_named_where_its_value_is_not_known() -> None:
    built = [{"uses": "ema", "line": 44}, {"uses": "dropout", "line": 50}]
    said = told(carry_over({"built": built}, {}, {}))
    assert "look up averaged weights (line 44) → ema: used by the script, its value not carried over" in said
    assert "dropout" not in said


def test_two_stages_become_those_of_a_latent_run() -> None:
    carried = of_example("Generative-Fashion-MNIST/latent_diffusion.py")
    assert carried.preset.startswith("latent-fashion")
    assert {"timesteps": "500", "autoencoder_lr": "1e-4"}.items() <= carried.values.items()
    assert any("autoencoder_share" in one.why for one in carried.left)


def test_attention_and_classes_are_carried() -> None:
    carried = of_example("cats-dogs/conditional_unet.py")
    assert carried.preset == "cifar10"
    assert {"attention": "linear", "class_conditional": "true", "schedule": "cosine"}.items() <= carried.values.items()


def test_a_run_is_named_after_the_script_as_the_table_names_it() -> None:
    assert carry_over(shown(model_id="faces_train"), {}, {}).values["name"] == "faces_train"
    assert carry_over({"path": "/m/my net.py"}, {}, {}).values["name"] == "my net"
    assert carry_over({"path": ""}, {}, {}).values == {}


def test_few_timesteps_take_the_sampling_steps_along() -> None:
    carried = carry_over(shown(), {"timesteps": {"value": 20, "line": 7}}, {})
    by_name = {one.setting: one for one in carried.carried}
    assert (by_name["timesteps"].value, by_name["timesteps"].where) == ("20", "line 7")
    assert (by_name["sample_steps"].value, by_name["sample_steps"].where) == ("20", "as many as timesteps")


def test_what_a_run_does_not_take_is_named_in_the_words_of_the_command_line() -> None:
    script = shown(dataset="ImageNet", optimizer="RMSprop", batch=10**6, lr=None, stages=[])
    script["evidence"] = {"dataset": 3, "optimizer": 9, "lr": "cfg.lr"}
    carried = carry_over(script, {}, {})
    said = told(carried)
    for part in (
        "dataset ImageNet (line 3): 'ImageNet' is not accepted; one of digits, mnist",
        "optimizer rmsprop (line 9): 'rmsprop' is not accepted; one of adam, adamw, sgd is",
        "batch_size 1000000 (from the script): '1000000' is not accepted; a whole number from 1 to 65536 is",
        "lr: set by cfg.lr",
        "note this script trains a U-Net, Latent U-Net; the run will be a digits diffusion model",
    ):
        assert part in said
    assert carried.preset == "digits"


def test_of_several_datasets_the_first_that_a_run_has_is_chosen_and_said() -> None:
    carried = carry_over(shown(dataset="ImageNet / CIFAR10 / MNIST", evidence={"dataset": 36}), {}, {})
    assert (carried.preset, carried.values["dataset"]) == ("cifar10", "cifar10")
    assert "dataset ImageNet / CIFAR10 / MNIST (line 36): a run trains on one; cifar10 is chosen here" in told(carried)
    assert "not accepted" not in told(carried)


@pytest.mark.parametrize("script", sorted(p.relative_to(SCRIPTS).as_posix() for p in SCRIPTS.rglob("*.py")
                                          if p.name not in ("broken.py", "plotting.py")))  # fmt: skip
def test_what_is_carried_over_starts_a_run(script: str) -> None:
    carried = of_example(script)
    config = resolve({"preset": carried.preset, **carried.values})
    assert config.preset == carried.preset
    assert carried.path == str(SCRIPTS / script)


def test_silence_is_told() -> None:
    carried = carry_over({"path": "/m/a.py"}, {}, {})
    assert carried.values == {"name": "a"}
    assert "not stated batch size, lr, optimizer, epochs, dataset" in told(carried)


def test_a_hostile_script_is_text() -> None:
    fields = ("path", "arch", "dataset", "optimizer", "stages", "outline", "evidence")
    script: dict[str, Any] = dict.fromkeys(fields, HOSTILE) | {"batch": [HOSTILE], "lr": HOSTILE, "epochs": {}}
    settings = {"timesteps": HOSTILE, "schedule": {"value": HOSTILE, "line": HOSTILE}}
    said = told(carry_over(script, settings, {}))
    assert not any(ord(c) < 32 or c in "\u202e\u200d\x7f" for c in said.replace("\n", ""))
    script["stages"] = [{"name": HOSTILE, "line": HOSTILE, "epochs": HOSTILE}, {}]
    carry_over(script, settings, {})
