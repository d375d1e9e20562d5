"""What the search child knows of single scripts, asked for and waited for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tui.scripts.evidence import OpenedScript
from tui.scripts.searcher import Searcher
from tui.scripts.table import Result
from tui.text import line


class Opening:
    """Scripts that were asked for and have not been heard of yet."""

    def __init__(self) -> None:
        self._waiting: dict[int, Callable[[dict[str, Any]], None]] = {}

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def look_into(
        self,
        searcher: Searcher | None,
        results: Sequence[Result],
        done: Callable[[list[OpenedScript]], None],
        failed: Callable[[str], None],
    ) -> None:
        """Have all that is known of these scripts, then call `done` with it, or `failed` with the reason."""
        if searcher is None or not results:
            return failed("The search is not there.")
        found: dict[int, OpenedScript] = {}

        def hear(place: int, result: Result, answer: dict[str, Any]) -> None:
            if not isinstance(answer.get("script"), dict):
                return failed(line(str(answer.get("message") or "The search knows no such script.")))
            source, settings = answer.get("source"), answer.get("settings")
            found[place] = OpenedScript(
                {**result, **answer["script"]},
                source if isinstance(source, str) else "",
                settings if isinstance(settings, dict) else {},
            )
            if len(found) == len(results):
                done([found[place] for place in sorted(found)])

        for place, result in enumerate(results):
            number = searcher.open(str(result.get("path", "")))
            self._waiting[number] = lambda answer, place=place, result=result: hear(place, result, answer)  # type: ignore[misc]

    def heard(self, answer: dict[str, Any]) -> bool:
        """Whether this was waited for."""
        waiting = self._waiting.pop(answer["id"], None) if isinstance(answer.get("id"), int) else None
        if waiting is not None:
            waiting(answer)
        return waiting is not None
