"""The form of a new run: every setting, found by group and by name, checked as it is typed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from engine.config import GROUPS, settings
from engine.presets import preset_names
from tests.tui.conftest import Driven, Typed, opened
from tests.tui.fake_run import FakeRun
from tests.tui.results import shown
from tui.runs import form
from tui.runs.session import AUTO, CPU
from tui.screens.new_run import NewRunScreen
from tui.scripts.carrying import Carried, CarryOver, carry_over
from tui.widgets.fields import Choice, Offered
from tui.widgets.setting_row import SettingRow


async def opened_form(driven: Driven) -> NewRunScreen:
    await driven.press("n")
    await driven.until(lambda: isinstance(driven.app.screen, NewRunScreen), "the form")
    screen = driven.app.screen
    assert isinstance(screen, NewRunScreen)
    await driven.until(lambda: bool(screen.values().get("preset")), "its fields")
    return screen


def listed(screen: NewRunScreen) -> list[str]:
    return [row.setting for row in screen.query(SettingRow) if row.display]


@pytest.mark.parametrize("preset", preset_names())
def test_what_a_preset_fills_in_is_accepted_and_counts_as_not_set(preset: str) -> None:
    given = form.filled(preset, {})
    assert set(given) == set(settings())
    assert form.refused(given) == {}
    assert form.chosen(given, given) == {"preset": preset}
    assert form.settled(form.chosen(given, given), {}).preset == preset


def test_epochs_and_steps_take_each_others_place() -> None:
    given = form.filled("digits", {})
    typed = given | {"steps": "", "epochs": "7"}
    assert form.chosen(typed, given) == {"preset": "digits", "epochs": "7"}
    assert form.settled(form.chosen(typed, given), {}).epochs == 7


async def test_no_setting_is_empty_while_all_of_them_are_made(empty_home: Path) -> None:
    """The devices are found by another task, which asks for the command in between."""
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        making = asyncio.create_task(screen.action_all_settings())
        while len(screen.rows) == len(form.COMMON):
            await asyncio.sleep(0)
        screen.offer([AUTO, CPU])
        assert screen.values() == {"preset": "digits"}
        assert not any(row.wrong for row in screen.rows)
        await making


async def test_the_common_settings_first_and_all_by_group(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        common = [name for name in form.COMMON if name not in form.ONLY_FOR]
        assert listed(screen) == common
        await driven.shows("ctrl+o all settings")
        await driven.press("ctrl+o")
        assert set(listed(screen)) == set(settings())
        await driven.shows("ctrl+o common settings")
        headings = [str(one.render()) for one in screen.query("#settings .group")]
        assert headings == list(GROUPS)
        await driven.press("ctrl+o")
        assert listed(screen) == common
        await driven.shows("ctrl+o all settings")


async def test_a_setting_is_found_by_its_name_or_help_and_set(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        await driven.press("ctrl+g", Typed("averaged wei"))
        assert listed(screen) == ["ema"]
        await driven.shows("only settings whose name or help has these words")
        await driven.press("enter")
        assert driven.focused is screen.query_one("#ema")
        await driven.shows("decay of the averaged weights", "a number from 0 to 0.999999", "as digits has it")
        await driven.press(Typed("0.9"))
        await driven.shows("diffwb --train --preset digits --ema 0.9", "set here")
        await driven.press("escape")
        assert driven.app.screen is screen
        assert "ema" in listed(screen)  # what was set stays in sight
        await driven.press("escape")
        await driven.shows("Leave the form?", "What was set in it is lost.")
        await driven.press("n")
        assert driven.app.screen is screen
        await driven.press("ctrl+n", "escape")
        assert driven.app.screen is driven.main, "nothing is set, so nothing is lost"


async def test_a_field_goes_back_to_what_the_script_or_the_preset_has(empty_home: Path) -> None:
    stated = (Carried("lr", "2e-4", "line 9"), Carried("epochs", "3", "line 7"))
    async with opened(empty_home, (120, 50)) as driven:
        driven.main.run_worker(driven.main._fill_form({}, CarryOver("nets/unet.py", "mnist", stated, ())))
        await driven.shows("unet.py: 2 settings", "--epochs 3 --lr 2e-4")
        screen = driven.app.screen
        assert isinstance(screen, NewRunScreen)
        screen.query_one("#lr").focus()
        await driven.press(Typed("0.5"))
        await driven.shows("--epochs 3 --lr 0.5", "set here, ctrl+r takes that back")
        assert "-here" in screen.row("lr").classes and "-here" not in screen.row("preset").classes
        await driven.press("ctrl+r")
        await driven.shows("--epochs 3 --lr 2e-4", "line 9")
        screen.query_one("#steps").focus()
        await driven.press(Typed("70"))
        await driven.shows("--steps 70 --lr 2e-4")
        await driven.press("ctrl+r")
        await driven.shows("--preset mnist --epochs 3 --lr 2e-4")
        screen.query_one("#preset").focus()
        await driven.press("right")
        screen.query_one("#batch_size").focus()
        await driven.press(*"3", "ctrl+n")
        await driven.shows("--preset mnist --epochs 3 --lr 2e-4")
        assert screen.values() == {"preset": "mnist", "epochs": "3", "lr": "2e-4"}


async def test_arrows_walk_every_field_and_help_follows(empty_home: Path) -> None:
    async with opened(empty_home, (80, 24)) as driven:
        screen = await opened_form(driven)
        await driven.press("ctrl+o")
        seen = []
        for _ in settings():
            assert driven.focused is not None
            seen.append(driven.focused.id)
            await driven.press("down")
        assert sorted(map(str, seen)) == sorted(settings())
        await driven.press("up", "up")
        focused = driven.focused
        assert focused is not None
        row = next(row for row in screen.rows if row.field is focused)
        await driven.until(
            lambda: screen.query_one("#settings").region.contains_region(row.region), "the field in sight"
        )


async def test_a_page_down_is_some_fields_on(empty_home: Path) -> None:
    async with opened(empty_home, (80, 24)) as driven:
        screen = await opened_form(driven)
        await driven.press("ctrl+o", "pagedown")
        walked = [row.setting for row in screen.rows]
        assert driven.focused is screen.row(walked[8]).field
        await driven.press("pagedown", "pageup", "pageup", "pageup")
        assert driven.focused is screen.row("preset").field, "at most to the first"


async def test_how_a_choice_is_changed_is_said(empty_home: Path) -> None:
    async with opened(empty_home, (80, 24)) as driven:
        await opened_form(driven)
        await driven.shows("← → choose")
        await driven.press("down")
        await driven.until(lambda: "← → choose" not in driven.text, "a field that is typed into")


async def test_a_choice_of_words_lies_on_one_line(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        screen.query_one("#dataset").focus()
        await driven.shows("▌digits  mnist  fashion-mnist  cifar10")
        await driven.press("right", "right")
        await driven.shows("digits  mnist ▌fashion-mnist", "--dataset fashion-mnist")
        await driven.press("left", "left")
        await driven.shows("diffwb --train --preset digits  ")


async def test_an_option_is_found_by_its_letters(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        dataset = screen.query_one("#dataset", Choice)
        dataset.focus()
        await driven.shows("← → choose, or type it")
        await driven.press(*"fol")
        assert dataset.value == "folder"
        dataset._typed_at = 0.0  # a while later
        await driven.press("f")
        assert dataset.value == "fashion-mnist"
        await driven.press("f")
        assert dataset.value == "flowers102", "the next that begins so"
        dataset._typed_at = 0.0
        await driven.press(*"fxmnist")
        assert dataset.value == "folder", "a word that none begins with leads nowhere"
        await driven.press("home")
        assert dataset.value == "digits"
        await driven.press("end")
        assert dataset.value == dataset.values[-1]


async def test_a_folder_of_images_of_ones_own(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        dataset = screen.query_one("#dataset", Choice)
        dataset.focus()
        await driven.press(*"fol")
        assert "data_dir" in listed(screen), "it is asked for where it is needed"
        await driven.press("home")
        assert "data_dir" not in listed(screen)
        await driven.press("slash", *"data/cats")
        await driven.shows("--dataset folder --data-dir /data/cats")
        dataset.focus()
        await driven.press("home")
        dataset.post_message(events.Paste("~/dogs\n"))
        await driven.shows("--dataset folder --data-dir '~/dogs'")


async def test_the_key_that_starts_says_that_it_queues(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        await opened_form(driven)
        await driven.shows("enter start  ctrl+t queue")
        await driven.press("ctrl+t")
        await driven.shows("enter queue  ctrl+t start at once")


async def test_after_finding_a_setting_one_is_at_the_field_one_was_at(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        screen.query_one("#dataset").focus()
        await driven.press("ctrl+g", *"lr", "escape")
        assert screen.focused is screen.query_one("#dataset")
        await driven.press("ctrl+g", *"data dir", "enter")
        assert screen.focused is screen.query_one("#data_dir")
        await driven.press("x", "escape")
        assert screen.focused is screen.query_one("#data_dir"), "what was found and set stays"
        assert screen.row("preset").value == "digits"


async def test_enter_starts_and_says_so(empty_home: Path) -> None:
    async with opened(empty_home, (80, 24)) as driven:
        await opened_form(driven)
        await driven.shows("enter start")


async def test_settings_that_do_not_go_together_are_told(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        await driven.press("ctrl+o")
        screen.query_one("#timesteps", Input).value = "20"
        await driven.shows("sample_steps: 50 is more than timesteps = 20; at most that is accepted")
        await driven.press("ctrl+s")
        assert driven.app.screen is screen
        screen.query_one("#timesteps", Input).value = "x"
        screen.query_one("#lr", Input).value = "x"
        await driven.press("ctrl+s")
        await driven.shows("2 settings stop the run.")
        assert driven.focused is next(row.field for row in screen.rows if row.wrong)
        screen.query_one("#lr", Input).value = "1e-3"
        screen.query_one("#timesteps", Input).value = "20"
        screen.query_one("#sample_steps", Input).value = "20"
        await driven.until(screen._check, "nothing wrong")


async def test_a_rate_that_hardly_learns_is_told_and_no_obstacle(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        screen.row("lr").field.focus()
        await driven.press("ctrl+u", "9", "9")
        await driven.shows("lr: 99 is accepted, though adam hardly learns with more than 0.1")
        assert screen._check()
        await driven.press("ctrl+u", Typed("1e-3"))
        await driven.until(lambda: "hardly" not in driven.text, "the message to go")


async def test_a_run_that_ends_within_its_warm_up_is_told(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        screen.row("steps").field.focus()
        await driven.press("ctrl+u", *"100")
        await driven.shows("steps: 100 is accepted, though it ends within the warmup_steps = 100 steps")
        assert screen._check()
        await driven.press("0")
        await driven.until(lambda: "ends within" not in driven.text, "the message to go")


async def test_a_run_that_would_share_its_device_is_told_and_can_wait(empty_home: Path) -> None:
    other = FakeRun(empty_home / "runs" / "digits-20260314-090400-a4f3").start().train(10, 20).hold()
    async with opened(empty_home, (120, 36)) as driven:
        await driven.shows("running")
        screen = await opened_form(driven)
        await driven.shows("digits-20260314-090400-a4f3 trains on this device now; ctrl+t lets this one wait for it")
        assert screen._check()
        await driven.press("ctrl+t")
        await driven.until(lambda: "on this device now" not in driven.text, "the message to go: it waits")
    other.release()


async def test_epochs_typed_empty_the_steps(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        screen.query_one("#epochs", Input).focus()
        await driven.press("7")
        assert screen.query_one("#steps", Input).value == ""
        await driven.shows("--preset digits --epochs 7")
        screen.query_one("#preset").focus()
        await driven.press("right")
        assert screen.values() == {"preset": "article-mnist", "epochs": "7"}  # what was set stays


async def test_erased_epochs_bring_the_steps_back(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        steps = screen.query_one("#steps", Input)
        screen.query_one("#epochs", Input).focus()
        await driven.press("2", "backspace")
        await driven.until(lambda: steps.value == "5000", "the preset's steps")
        steps.value = "3000"
        await driven.press("2", "backspace")
        await driven.shows("--preset digits --steps 3000")


async def test_a_script_fills_the_form_and_says_what_it_could_not(empty_home: Path) -> None:
    script = shown(dataset="ImageNet", lr=0.0002, evidence={"dataset": 3, "lr": 1020, "batch": 34})
    carried = carry_over(script, {"timesteps": {"value": 500, "line": 17}}, {})
    async with opened(empty_home, (120, 36)) as driven:
        screen = NewRunScreen({}, [AUTO, CPU], carried)
        got: list[dict[str, str] | None] = []
        driven.app.push_screen(screen, got.append)
        await driven.shows(
            "latent_new_model.py: 5 settings",
            "left out",
            "dataset ImageNet (line 3)",
            "2e-4",
            "line 1020",
            "line 17",
            "line 34",
        )
        assert "timesteps" in listed(screen)
        screen.query_one("#lr", Input).value = "1e-3"
        await driven.until(lambda: "line 1020" not in driven.text, "the mark of a changed value gone")
        await driven.press("ctrl+s")
        assert got[0] is not None
        assert {"timesteps": "500", "batch_size": "256", "lr": "1e-3"}.items() <= got[0].items()


async def test_what_a_script_states_stays_with_another_preset_and_is_told_anew(empty_home: Path) -> None:
    """Also what the first preset says as well: it is the script's, not the preset's."""
    rate = form.filled("fashion-mnist", {})["lr"]
    assert rate != form.filled("digits", {})["lr"]
    evidence = {"dataset": 3, "lr": 1020, "arch": 7}
    script = shown(dataset="FashionMNIST", lr=float(rate), evidence=evidence, outline=[{"tag": "diffusion", "line": 9}])
    async with opened(empty_home, (120, 40)) as driven:
        screen = NewRunScreen({}, [AUTO, CPU], carry_over(script, {}, {}))
        driven.app.push_screen(screen)
        await driven.shows("fashion-mnist has it", "that of fashion-mnist (widths 64,128,256", "line 1020")
        screen.query_one("#preset").focus()
        await driven.press(*["left"] * preset_names().index("fashion-mnist"))
        await driven.shows("the rest is as digits", "that of digits (widths 32,64,128", f"--lr {rate}")
        await driven.press("tab")  # what the presets are lies above it
        await driven.shows("line 1020")
        assert "--dataset" not in driven.text, "another preset is chosen for its images"


async def test_a_form_that_a_script_fills_shows_its_first_field_alone_as_the_one_to_type_in(empty_home: Path) -> None:
    focused: list[str | None] = []
    async with opened(empty_home, (120, 36)) as driven:
        screen = NewRunScreen({}, [AUTO, CPU], carry_over(shown(lr=0.0002, evidence={"lr": 1020}), {}, {}))
        driven.app.watch(screen, "focused", lambda focus: focused.append(focus.id if focus else None))
        driven.app.push_screen(screen)
        await driven.until(lambda: not screen.leading, "the form")
    assert set(focused) == {None, "name"}


async def test_keys_typed_while_a_script_fills_the_form_are_heard_by_the_field_it_begins_at(empty_home: Path) -> None:
    carried = carry_over(shown(lr=0.0002, evidence={"lr": 1020}), {}, {})
    async with opened(empty_home, (120, 36)) as driven:
        await driven.app.push_screen(NewRunScreen({}, [AUTO, CPU], carried))
        for key in ("down", "down"):  # from the name to the device and on to the dataset
            driven.app.post_message(events.Key(key, None))
        await driven.shows("line 1020")
        await driven.until(lambda: driven.focused is not None and driven.focused.id == "dataset", "the dataset's field")


async def test_a_value_in_doubt_is_nothing_that_was_set(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        carried = CarryOver("/a.py", "digits", (Carried("lr", "1", "line 3"),), ())
        form_screen = NewRunScreen({}, [AUTO, CPU], carried)
        await driven.app.push_screen(form_screen)
        await driven.shows("hardly learns with more than")
        await driven.until(lambda: not form_screen.leading, "its first field")
        await driven.press("escape")
        assert driven.app.screen is driven.main


async def test_every_setting_that_a_script_states_is_shown(empty_home: Path) -> None:
    """Also one that is no common setting and as the preset has it: it was counted, and has its line."""
    given = form.filled("mnist", {})["optimizer"]
    stated = (Carried("lr", "2e-4", "line 9"), Carried("optimizer", given, "line 12"))
    async with opened(empty_home, (120, 40)) as driven:
        driven.main.run_worker(driven.main._fill_form({}, CarryOver("nets/unet.py", "mnist", stated, ())))
        await driven.shows("unet.py: 2 settings", "line 9", "line 12")
        screen = driven.app.screen
        assert (
            isinstance(screen, NewRunScreen) and "optimizer" in listed(screen) and "weight_decay" not in listed(screen)
        )


async def test_nothing_moves_where_a_choice_opens_or_a_value_is_refused(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        steps = screen.query_one("#steps")
        before = steps.region
        await driven.shows("cifar10-catdog-patch", "latent-fashion-conditional")
        assert screen.focused is screen.query_one("#preset")
        await driven.press("down")
        await driven.until(lambda: "cifar10-catdog-patch" not in driven.text, "the list of presets gone")
        assert steps.region == before
        screen.query_one("#lr").focus()
        await driven.press("x")
        await driven.shows("is not accepted")
        assert steps.region == before, "what is said stands below"


async def test_an_option_that_is_listed_is_chosen_with_the_mouse(empty_home: Path) -> None:
    async with opened(empty_home, (120, 36)) as driven:
        screen = await opened_form(driven)
        await driven.shows("article-mnist")
        assert await driven.pilot.click(Offered, offset=(5, 1))
        await driven.shows("--preset article-mnist")
        assert screen.focused is screen.query_one("#preset")


async def test_of_more_options_than_the_screen_has_lines_the_last_tells_how_many(empty_home: Path) -> None:
    async with opened(empty_home, (80, 9)) as driven:
        await opened_form(driven)
        await driven.shows("article-mnist", "… 2 more")
