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


async def test_a_picture_that_gave_up_room_is_not_drawn_smaller_for_it(tmp_path: Path) -> None:
    """Drawn anew in what it had kept, it gave up more each time: 10, 9, 8, 4 rows."""
    picture = tmp_path / "strip.gif"
    stages = [Image.linear_gradient("L").resize((8, 8)).point(lambda value, by=i: value // (by + 1)) for i in range(40)]
    stages[0].save(picture, save_all=True, append_images=stages[1:])
    app = Shows()
    async with app.run_test(size=(70, 10)) as pilot:
        shown = app.query_one(Picture)
        shown.show(Shown(tmp_path, "strip.gif"))
        heights = []
        for _ in range(4):
            while not shown.drawn:
                await pilot.pause(0.05)
            shown.settle()
            await pilot.pause(0.1)
            heights.append((shown.size.height, len(shown._strips)))
            shown.release()
        assert len(set(heights)) == 1
        assert heights[0][0] == heights[0][1] < 10
