"""What holds for every dialog, however small the terminal is: the keys that lead out of it are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.screen import ModalScreen

from tests.tui.conftest import opened
from tui.screens.confirm import ConfirmScreen
from tui.screens.differences import DifferencesScreen

LONG = {f"setting_{n}": (n, n + 1) for n in range(60)}


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (20, 5)])
@pytest.mark.parametrize(
    ("dialog", "key"),
    [
        (lambda: DifferencesScreen(["one", "two"], LONG), "esc close"),
        (lambda: ConfirmScreen("Remove?", "to be sure\n" * 80), "y yes"),
    ],
    ids=["settings", "question"],
)
async def test_the_way_out_of_a_long_dialog_is_told(
    empty_home: Path, dialog: Callable[[], ModalScreen[Any]], key: str, size: tuple[int, int]
) -> None:
    async with opened(empty_home, size) as driven:
        await driven.app.push_screen(dialog())
        await driven.shows(key)
