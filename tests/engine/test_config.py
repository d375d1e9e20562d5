"""Settings: every source of them means the same value and refuses the same things in the same words."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config import (
    ConfigError,
    TrainConfig,
    about,
    coerce,
    from_values,
    read_toml,
    resolve,
    settings,
    to_toml,
)
from engine.presets import preset_names, preset_summary

LARGE = 10**6


def values_of(name: str) -> st.SearchStrategy[Any]:
    """Every value a setting accepts, by its kind and range."""
    s, default = about(name), settings()[name].default
    low, high = max(s.low, -LARGE), min(s.high, LARGE)
    if name == "augment":
        return st.lists(st.sampled_from(s.choices), unique=True)
    if s.choices:
        return st.sampled_from(s.choices)
    if name == "preset":
        return st.sampled_from(preset_names())
    if name == "device":
        return st.sampled_from(["auto", "cpu", "mps", "cuda", "cuda:0", "cuda:12"])
    if name in ("name", "data_dir"):
        return st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1).filter(
            lambda t: bool(t.strip())
        )
    if name == "widths":
        return st.lists(st.integers(1, 4096), min_size=1, max_size=5)
    if isinstance(default, bool):
        return st.booleans()
    if isinstance(default, float):
        return st.floats(low, high)
    return st.integers(int(low), int(high))


@st.composite
def configs(draw: st.DrawFn) -> TrainConfig:
    values = {name: draw(values_of(name)) for name in settings() if name not in ("epochs", "steps", "image_size")}
    values[draw(st.sampled_from(["epochs", "steps"]))] = draw(st.integers(1, LARGE))
    values["patch_size"] = min(values["patch_size"], 16)
    values["image_size"] = values["patch_size"] * 4 * 2 ** (len(values["widths"]) - 1)
    if draw(st.booleans()):
        kinds = st.sampled_from(about("attention").choices)
        values["attention"] = ",".join(draw(kinds) for _ in values["widths"])
    most = min(0.999, -math.expm1(-49 / values["timesteps"]))
    values["beta_start"], values["beta_end"] = sorted(min(values[name], most) for name in ("beta_start", "beta_end"))
    values["sample_steps"] = min(values["sample_steps"], values["timesteps"])
    values["data_dir"] = values["data_dir"] or "images"
    values["guidance"] = values["guidance"] if values["class_conditional"] else 1.0
    values["time_embed_dim"] += values["time_embed_dim"] % 2
    return from_values(values)


@given(configs())
def test_a_config_survives_its_toml(tmp_path_factory: pytest.TempPathFactory, config: TrainConfig) -> None:
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(to_toml(config), "utf-8")
    assert from_values(read_toml(path)) == config
    assert resolve({}, read_toml(path)) == config, "--config takes a run's config.toml back unchanged"


@given(st.data())
def test_text_and_typed_values_mean_the_same(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(settings())))
    value = data.draw(values_of(name))
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    assert coerce(name, text) == coerce(name, value)


@given(st.sampled_from(list(settings())), st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_any_value_is_taken_or_refused_on_one_line_that_names_the_setting(name: str, raw: object) -> None:
    try:
        coerce(name, raw)
    except ConfigError as error:
        assert str(error).startswith(f"{name}: ")
        assert len(repr(str(error)).splitlines()) == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"batch_size": "-3"}, "batch_size: '-3' is not accepted; a whole number from 1 to 65536 is"),
        ({"batch_size": True}, "batch_size: True is not accepted"),
        ({"batch_size": "many"}, "batch_size: 'many' is not accepted"),
        ({"batch_size": 2.5}, "batch_size: 2.5 is not accepted"),
        ({"lr": "nan"}, "lr: 'nan' is not accepted"),
        ({"widths": ""}, "widths: nothing is not accepted"),
        ({"optimizer": "lion"}, "one of adam, adamw, sgd is"),
        ({"preset": "imagenet"}, "preset: 'imagenet' is not accepted; one of digits,"),
        ({"device": "gpu"}, "auto, cpu, cuda, cuda:N or mps is"),
        ({"learning_rat": 1}, "there is no such setting"),
        ({"batchsize": 1}, "did you mean batch_size?"),
        ({"epochs": 2, "steps": 5}, "2 and 5 are both set; set one of them"),
        ({"image_size": 18}, "image_size: 18 is not divisible by 4"),
        ({"sample_steps": 2000}, "sample_steps: 2000 is more than timesteps = 1000"),
        ({"beta_start": 0.5}, "beta_start: 0.5 is above beta_end"),
        ({"augment": "flip,spin"}, "augment: 'flip,spin' is not accepted; some of flip, crop, rotation, colour is"),
        ({"dataset": "folder"}, "data_dir: dataset = 'folder' needs it"),
        ({"guidance": 3, "class_conditional": False}, "guidance: 3 needs class_conditional = true"),
        ({"class_conditional": "perhaps"}, "class_conditional: 'perhaps' is not accepted; true or false is"),
        ({"schedule": "linear", "beta_end": 0.5}, "beta_end: 0.5 leaves nothing of the image"),
        ({"schedule": "linear", "timesteps": 20_000}, "about 0.0025 or less is accepted"),
        ({"time_embed_dim": 33}, "time_embed_dim: 33 is odd"),
    ],
)
def test_bad_settings_say_what_would_be_accepted(values: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        resolve(values)
    assert says in str(caught.value)


def test_the_command_line_wins_over_file_over_preset_over_home() -> None:
    assert resolve({}).lr == 3e-3, "the preset's"
    assert resolve({}, None, {"lr": 1.0, "seed": 7}).lr == 3e-3, "the preset is above the home"
    assert resolve({}, None, {"seed": 7}).seed == 7, "the home is above the built-in default"
    assert resolve({}, {"lr": 0.5}).lr == 0.5
    assert resolve({"lr": 0.25}, {"lr": 0.5}).lr == 0.25
    assert resolve({}, {"preset": "article-mnist"}).widths == (64, 128, 256)


def test_epochs_of_one_layer_unset_the_steps_of_the_layers_below() -> None:
    assert resolve({}).steps is not None
    config = resolve({"epochs": 3})
    assert (config.epochs, config.steps) == (3, None)
    assert resolve({"steps": 9}, {"epochs": 3}).steps == 9


@pytest.mark.parametrize("preset", preset_names())
def test_every_preset_is_whole(preset: str) -> None:
    assert resolve({"preset": preset}).preset == preset
    assert preset_summary(preset)


def test_numbers_may_be_written_as_people_write_them() -> None:
    assert coerce("steps", "1e5") == 100_000
    assert coerce("steps", "100_000") == 100_000
    assert coerce("widths", "[64, 128, 256]") == coerce("widths", "64 128 256") == (64, 128, 256)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"batch_size = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"batch_sise = 3", "did you mean batch_size?"),
        (b"lr = 'fast'", "lr: 'fast' is not accepted"),
        (b"steps = " + b"1" * 5000, "is not TOML"),
        (b"steps = 0x" + b"f" * 5000, "steps: a number of more digits than can be shown is not accepted"),
        (b"widths = [0x" + b"f" * 5000 + b"]", "widths: a number of more digits"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        read_toml(path)
    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def test_tables_in_the_home_file_belong_to_others(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('batch_size = 8\n[keys]\nquit = "x"\n')
    assert read_toml(path) == {"batch_size": 8}
