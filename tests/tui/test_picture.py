"""A picture that is no longer asked for is not shown, however late its drawing ends."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from textual.app import App, ComposeResult

from tui.widgets.picture import Picture, Shown


class Shows(App[None]):
    def compose(self) -> ComposeResult:
        yield Picture()


async def test_a_picture_that_is_taken_back_does_not_come_late(tmp_path: Path) -> None:
    """A run that has drawn nothing yet showed the samples of the run that was selected before it."""
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    for path, grey in ((one, 200), (two, 90)):
        Image.new("L", (16, 16), grey).save(path)
    app = Shows()
    async with app.run_test(size=(40, 20)) as pilot:
        picture = app.query_one(Picture)
        picture.show(Shown(tmp_path, "one.png"))
        while not picture._strips:
            await pilot.pause(0.05)
        picture.show(Shown(tmp_path, "two.png"))  # waits: a picture is repainted once a second at most
        await pilot.pause(0.2)
        picture.show(None)
        await pilot.pause(1.5)
        assert not picture._strips
