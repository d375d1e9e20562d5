"""`diffwb ask --llm`: which model server, and its words as they come."""

from __future__ import annotations

import sys
import tomllib
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.live import Live

from index.answer import Answer, Cite, Claim
from tui.console import say
from tui.errors import UsageError
from tui.text import block

if TYPE_CHECKING:
    from index.llm import Server

_SETTINGS = {"llm": str, "llm_model": str, "llm_remote": bool}


def server_of(arguments: Namespace, config: Path) -> Server | None:
    """The server that the command line names, else the `[ask]` table of the home's config.toml; None for neither.

    Raises UsageError naming what cannot be used.
    """
    own = _configured(config)
    url = arguments.llm or own.get("llm")
    if url is None or url == "none":
        return None
    from index.llm import LlmError
    from index.llm import Server as Named

    try:
        return Named(
            url, arguments.llm_model or own.get("llm_model"), arguments.llm_remote or own.get("llm_remote", False)
        )
    except LlmError as error:
        raise UsageError(str(error)) from None


def _configured(config: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(config.read_text("utf-8")).get("ask", {})
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{config}: cannot be read ({error})") from None
    for name, value in table.items() if isinstance(table, dict) else ():
        if name not in _SETTINGS or not isinstance(value, _SETTINGS[name]):
            raise UsageError(f"{config}: [ask] {name} = {value!r} is not accepted; llm, llm_model and llm_remote are")
    return table if isinstance(table, dict) else {}


def rephrase(document: dict[str, Any], server: Server) -> dict[str, Any]:
    """The contract's answer in the model's words; the facts' own where the model fails, which is said."""
    from index.llm import LlmError, rephrased

    facts = _answer(document["answer"])
    names = {result["path"]: result["model_id"] for result in document["results"]}
    console = Console(stderr=True, highlight=False, markup=False)
    with Live(console=console, transient=True, refresh_per_second=8) as live:

        def heard(answer: Answer) -> None:
            lines = [block(claim.text) for claim in answer.claims] if answer.source != "facts" else []
            live.update(Group(*lines, *(block(struck, "dim strike") for struck in answer.struck)))

        live.update(block("asking the model …", "dim"))
        try:
            told = rephrased(facts, document["query"], names, server, heard if sys.stderr.isatty() else None)
        except LlmError as error:
            say(str(error))
            return facts.to_json()
    if told.struck and told.source == "facts":
        say("no claim of the model is supported by the facts; this is the answer from the facts")
    return told.to_json()


def _answer(document: dict[str, Any]) -> Answer:
    claims = [Claim(one["text"], tuple(Cite(**cite) for cite in one["cites"])) for one in document["claims"]]
    return Answer(tuple(claims) or (Claim(document["text"]),))
