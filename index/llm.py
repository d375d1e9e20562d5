"""Any OpenAI-compatible server puts an answer in other words. It sees the facts' sentences alone, never a script, and
is reached on this machine only, unless a person said otherwise.

Reasoning models think aloud in one of three ways: `delta.reasoning`, `delta.reasoning_content`, or `<think>` in the
text, split anywhere, without its beginning, or never closed. None of it is part of the answer.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from index.answer import Answer, Claim
from index.checking import Checker, Said

CONNECT_S, SILENT_S, WHOLE_S = 5.0, 30.0, 180.0  # to connect, between two pieces, altogether
_LONGEST = 1 << 20  # bytes of one answer
_INSTRUCTIONS = """\
You rewrite findings about machine-learning scripts as a short, clear answer to a question.
Use only the numbered findings. Add no number, name or property that they do not state, and no judgement.
Write one JSON object a line and nothing else:
{"text": "one sentence", "cites": [numbers of the findings it rests on]}"""
_THINKING = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_CLAIM = re.compile(r'\{\s*"(?:text|cites)"\s*:')


class LlmError(Exception):
    """The model cannot be asked, or its answer cannot be used; one line for the user."""


@dataclass(frozen=True)
class Server:
    """Where a model answers. `name` is the model's, None for the first that the server offers."""

    url: str
    name: str | None = None
    remote: bool = False  # whether it may be on another machine

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            parts, host = urlsplit(""), None
        if parts.scheme not in {"http", "https"} or not host:
            raise LlmError(f"llm: {self.url!r} is no address; http://localhost:11434 would do")
        if not self.remote and host != "localhost" and not _loopback(host):
            raise LlmError(f"llm: {host} is not this machine; --llm-remote allows that the facts are sent there")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def rephrased(
    answer: Answer, question: str, names: dict[str, str], server: Server, heard: Callable[[Answer], None] | None = None
) -> Answer:
    """The answer as a model puts it, each claim checked; `names` are the model ids of the cited paths.

    `heard` is told the answer so far whenever a claim has come. Where no claim survives, the answer given is returned
    with what was struck out. LlmError where the server cannot be reached, says nothing for long, or makes no sense.
    """
    facts = [claim for claim in answer.claims if claim.cites]
    if not facts:
        return answer
    checker = Checker(facts, names)
    name = server.name or _first_model(server)
    fold = Fold()
    said: list[Said] = []
    for piece in _stream(server, name, _messages(question, facts)):
        fold.add(piece)
        found = [checker.check(text, cites) for text, cites in claims(fold.text)]
        if found != said and heard is not None:
            heard(_answer(found, name, answer))
        said = found
    if not said:
        raise LlmError(f"llm: {name} made no claim that could be read; this is the answer from the facts")
    return _answer(said, name, answer)


def _answer(said: list[Said], name: str, facts: Answer) -> Answer:
    kept = tuple(Claim(one.text, one.cites) for one in said if one.supported)
    struck = tuple(one.text for one in said if not one.supported)
    return Answer(kept, name, struck) if kept else Answer(facts.claims, facts.source, struck)


def _messages(question: str, facts: list[Claim]) -> list[dict[str, str]]:
    findings = "\n".join(f"{number}. {claim.text}" for number, claim in enumerate(facts, 1))
    asked = f"Question: {question}\n\nFindings:\n{findings}"
    return [{"role": "system", "content": _INSTRUCTIONS}, {"role": "user", "content": asked}]


def claims(text: str) -> Iterator[tuple[str, list[Any]]]:
    """The complete claims in a text, whatever is written around them, each with what it cites."""
    decoder = json.JSONDecoder()
    at = 0
    while match := _CLAIM.search(text, at):
        try:
            found, at = decoder.raw_decode(text, match.start())
        except (ValueError, RecursionError):
            at = match.end()
            continue
        if isinstance(found.get("text"), str) and found["text"].strip():
            cites = found.get("cites")
            yield " ".join(found["text"].split()), cites if isinstance(cites, list) else [cites]


class Fold:
    """Text as it comes in pieces, without the thinking in it."""

    def __init__(self) -> None:
        self._raw = ""

    def add(self, piece: str) -> None:
        self._raw += piece

    @property
    def text(self) -> str:
        """What was said outside of thinking; a closing tag without its opening ends thinking that began at once."""
        found, depth, start = "", 0, 0
        for tag in _THINKING.finditer(self._raw):
            if tag[1]:
                found, depth = (found if depth else ""), 0
            elif not depth:
                found, depth = found + self._raw[start : tag.start()], 1
            start = tag.end()
        return found if depth else found + self._raw[start:]


def _first_model(server: Server) -> str:
    with closing(_connect(server)) as connection:
        document = _json(_send(connection, server, "GET", "/models").read(_LONGEST), server)
    offered = document.get("data") if isinstance(document, dict) else None
    names = [one.get("id") for one in offered if isinstance(one, dict)] if isinstance(offered, list) else []
    if not names or not isinstance(names[0], str):
        raise LlmError(f"llm: {server.url} offers no model; --llm-model names one")
    return names[0]


def _stream(server: Server, name: str, messages: list[dict[str, str]]) -> Iterator[str]:
    """The pieces of the text that a model writes, reasoning fields left out."""
    body = {"model": name, "messages": messages, "stream": True, "temperature": 0}
    deadline = time.monotonic() + WHOLE_S
    with closing(_connect(server)) as connection:
        response = _send(connection, server, "POST", "/chat/completions", json.dumps(body).encode())
        read, ended = 0, False
        try:
            while line := response.readline(_LONGEST):
                read += len(line)
                if read > _LONGEST or time.monotonic() > deadline:
                    raise LlmError(f"llm: {name} writes without end; this is the answer from the facts")
                if not line.startswith(b"data:"):
                    continue
                data = line[5:].strip()
                if data == b"[DONE]":
                    return
                choice = _choice(_json(data, server))
                delta = choice.get("delta")
                content = delta.get("content") if isinstance(delta, dict) else None
                ended = ended or choice.get("finish_reason") is not None
                if isinstance(content, str) and content:
                    yield content
        except TimeoutError:
            raise LlmError(f"llm: {name} said nothing for {SILENT_S:g} s; this is the answer from the facts") from None
        except (OSError, http.client.HTTPException) as error:
            raise LlmError(f"llm: {name} broke off ({_why(error)}); this is the answer from the facts") from None
        if not ended:
            raise LlmError(f"llm: {name} broke off in the middle; this is the answer from the facts")


def _choice(document: Any) -> dict[str, Any]:
    choices = document.get("choices") if isinstance(document, dict) else None
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def _connect(server: Server) -> http.client.HTTPConnection:
    parts = urlsplit(server.url)
    assert parts.hostname is not None  # was looked at when the server was named
    try:
        if parts.scheme == "https":
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                parts.hostname, parts.port, timeout=CONNECT_S, context=ssl.create_default_context()
            )
        else:
            connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=CONNECT_S)
        connection.connect()
        assert isinstance(connection.sock, socket.socket)
        if not server.remote and not _loopback(connection.sock.getpeername()[0]):
            connection.close()
            raise LlmError(f"llm: {parts.hostname} is not this machine; --llm-remote allows that")
        connection.sock.settimeout(SILENT_S)
    except (OSError, http.client.HTTPException) as error:
        raise LlmError(f"llm: {server.url} cannot be reached ({_why(error)})") from None
    return connection


def _send(
    connection: http.client.HTTPConnection, server: Server, method: str, what: str, body: bytes | None = None
) -> http.client.HTTPResponse:
    path = urlsplit(server.url).path.rstrip("/").removesuffix("/chat/completions")
    path = path if path.endswith("/v1") else f"{path}/v1"
    try:
        connection.request(method, path + what, body, {"Content-Type": "application/json", "Accept": "*/*"})
        response = connection.getresponse()
    except TimeoutError:
        raise LlmError(f"llm: {server.url} said nothing for {SILENT_S:g} s") from None
    except (OSError, http.client.HTTPException) as error:
        raise LlmError(f"llm: {server.url} does not answer as a model server ({_why(error)})") from None
    if 300 <= response.status < 400:  # it might lead to another machine
        raise LlmError(f"llm: {server.url} sends on to {response.getheader('Location', 'nowhere')[:200]}; name that")
    if response.status != 200:
        raise LlmError(f"llm: {server.url} answers {response.status} {response.reason[:80]}")
    return response


def _json(data: bytes, server: Server) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise LlmError(f"llm: {server.url} does not answer as a model server (what it says is no JSON)") from None


def _why(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split())[:120] or type(error).__name__
