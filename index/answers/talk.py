"""An answer put in other words by a model while the search goes on: a thread of its own, which can be hushed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from index.answers.answer import Answer
from index.answers.llm import Call, LlmError, Server, in_other_words

Said = dict[str, Any]


class Talk:
    """Says, from its thread, `{"stage": "rephrasing", "model": …, "answer": …}` with the answer so far (null while the
    model thinks), and last `{"stage": "rephrased", "answer": …, "notice": …}`: with why it is the facts' if it is."""

    def __init__(
        self, facts: Answer, question: str, names: dict[str, str], llm: dict[str, Any], say: Callable[[Said], None]
    ) -> None:
        self._facts, self._question, self._names, self._llm, self._say = facts, question, names, llm, say
        self._call = Call()
        threading.Thread(target=self._run, daemon=True).start()

    def hush(self) -> None:
        """Ends it, whatever the model is doing."""
        self._call.end("hushed")

    def _run(self) -> None:
        try:
            answer, why = self._told()
        except Exception as error:  # whatever a server makes of us: the facts stand
            answer, why = self._facts, f"llm: {' '.join(str(error).split())[:200] or type(error).__name__}"
        self._say({"stage": "rephrased", "answer": answer.to_json(), "notice": why})

    def _told(self) -> tuple[Answer, str]:
        name, remote = self._llm.get("llm_model"), self._llm.get("llm_remote") is True
        try:
            server = Server(str(self._llm.get("llm")), name if isinstance(name, str) else None, remote)
        except LlmError as error:
            return self._facts, str(error)
        return in_other_words(self._facts, self._question, self._names, server, self._heard, self._call)

    def _heard(self, model: str, answer: Answer | None) -> None:
        self._say({"stage": "rephrasing", "model": model, "answer": answer.to_json() if answer else None})
