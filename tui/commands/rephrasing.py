"""`diffwb ask --llm`: which model server, and its words as they come."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group
from rich.live import Live

from index.answers.answer import Answer, Cite, Claim
from tui.commands.ask_settings import NONE, configured
from tui.commands.console import say
from tui.errors import UsageError
from tui.text import block

if TYPE_CHECKING:
    from index.answers.llm import Server


def server_of(arguments: Namespace, config: Path) -> Server | None:
    """The server that the command line names, else the `[ask]` table of the home's config.toml; None for neither.

    Raises UsageError naming what cannot be used.
    """
    own = configured(config)
    url = arguments.llm or own.get("llm")
    if url is None or url == NONE:
        return None
    from index.answers.llm import LlmError
    from index.answers.llm import Server as Named

    try:
        return Named(
            url, arguments.llm_model or own.get("llm_model"), arguments.llm_remote or own.get("llm_remote", False)
        )
    except LlmError as error:
        raise UsageError(str(error)) from None


def rephrase(document: dict[str, Any], server: Server) -> dict[str, Any]:
    """The contract's answer in the model's words; the facts' own where the model fails, which is said."""
    from index.answers.llm import Call, in_other_words

    facts = _answer(document["answer"])
    names = {result["path"]: result["model_id"] for result in document["results"]}
    console = Console(stderr=True, highlight=False, markup=False)
    with Live(console=console, transient=True, refresh_per_second=8) as live:

        def heard(model: str, answer: Answer | None) -> None:
            lines = [block(claim.text) for claim in answer.claims] if answer and answer.source != "facts" else []
            struck = [block(one, "dim strike") for one in answer.struck] if answer else []
            live.update(Group(*lines, *struck) if answer else block(f"{model} is thinking …", "dim"))

        live.update(block("asking the model …", "dim"))
        told, why = in_other_words(facts, document["query"], names, server, heard, Call())
    if why:
        say(f"{why}; this is the answer from the facts")
    return told.to_json()


def _answer(document: dict[str, Any]) -> Answer:
    cites = {one["text"]: tuple(Cite(**cite) for cite in one["cites"]) for one in document["claims"]}
    return Answer(tuple(Claim(text, cites.get(text, ())) for text in document["text"].split("\n")))
