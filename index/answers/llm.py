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
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from index.answers.answer import Answer, Claim
from index.answers.checking import Checker, Said

CONNECT_S, FIRST_S, SILENT_S = 5.0, 120.0, 30.0  # to connect, to the first piece (it may be loading), to each next one
WHOLE_S = 600.0  # altogether: a small machine thinks for minutes
_LONGEST = 1 << 20  # bytes of one answer
_INSTRUCTIONS = """\
You rewrite findings about machine-learning scripts as a short, clear answer to a question.
Use only the numbered findings. Add no number, name or property that they do not state, and no judgement.
Write one JSON object a line and nothing else:
{"text": "one sentence", "cites": [numbers of the findings it rests on]}"""
_THINKING = re.compile(r"<(/?)(?:think|thinking|thought|reasoning)>", re.IGNORECASE)
_CLAIM = re.compile(r'\{\s*"(?:text|cites)"\s*:')
_REMOTE = "--llm-remote, or llm_remote = true in [ask], allows that the facts are sent there"


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
            raise LlmError(f"llm: {host} is not this machine; {_REMOTE}")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Call:
    """A conversation with a model server. Another thread may end it, whatever it is waiting for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.ended = ""  # why, once it was

    def over(self, connection: socket.socket) -> None:
        """It goes over this connection from now on."""
        with self._lock:
            self._socket = connection
            self._cut()

    def end(self, why: str) -> None:
        with self._lock:
            self.ended = self.ended or why
            self._cut()

    def patience(self, seconds: float) -> None:
        """How long the next piece may take."""
        if self._socket is not None:
            self._socket.settimeout(seconds)

    def _cut(self) -> None:
        if self.ended and self._socket is not None:
            with suppress(OSError):
                # not what a TLS socket makes of it: that one forgets in mid-sentence that it was one
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


Heard = Callable[[str, Answer | None], None]
"""Told the model's name, and the answer so far: None while it thinks."""


def in_other_words(
    answer: Answer, question: str, names: dict[str, str], server: Server, heard: Heard, call: Call
) -> tuple[Answer, str]:
    """The answer as a model puts it; else that of the facts and, on one line, why it stands."""
    late = threading.Timer(WHOLE_S, call.end, [f"llm: {server.url} was not done after {WHOLE_S:g} s"])
    late.daemon = True
    late.start()
    try:
        told = rephrased(answer, question, names, server, heard, call)
    except LlmError as error:
        return answer, call.ended or str(error)
    finally:
        late.cancel()
    return told, "no claim of the model is supported by the facts" if told.struck and told.source == "facts" else ""


def rephrased(
    answer: Answer,
    question: str,
    names: dict[str, str],
    server: Server,
    heard: Heard | None = None,
    call: Call | None = None,
) -> Answer:
    """The answer as a model puts it, each claim checked; `names` are the model ids of the cited paths.

    `heard` is told of the model once it is asked, and the answer so far whenever a claim has come. Where no claim
    survives, the answer given is returned with what was struck out. LlmError where the server cannot be reached, says
    nothing for long, makes no sense, or where `call` was ended.
    """
    facts = [claim for claim in answer.claims if claim.cites]
    if not facts:
        return answer
    call = call or Call()
    checker = Checker(facts, names)
    name = server.name or _first_model(server, call)
    if heard is not None:
        heard(name, None)
    fold = Fold()
    said: list[Said] = []
    checked: dict[tuple[str, tuple[Any, ...]], Said] = {}
    for piece in _stream(server, name, _messages(question, facts), call):
        fold.add(piece)
        if not {"}", ">"} & set(piece):  # neither a claim nor a thought ends here
            continue
        found = []
        for text, cites in claims(fold.text):
            if (claim := (text, tuple(cites))) not in checked:
                checked[claim] = checker.check(text, cites)
            found.append(checked[claim])
        if found != said and heard is not None:
            heard(name, _answer(found, name, answer))
        said = found
    if not said:
        raise LlmError(f"llm: {name} made no claim that could be read")
    return _answer(said, name, answer)


def _answer(said: list[Said], name: str, facts: Answer) -> Answer:
    kept = tuple(Claim(one.text, one.cites) for one in said if one.supported)
    struck = tuple(one.text for one in said if not one.supported)
    unsaid = tuple(claim for claim in facts.claims if not claim.cites)  # what no fact answers is said all the same
    return Answer((*unsaid, *kept), name, struck) if kept else Answer(facts.claims, facts.source, struck)


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
            plain = [
                cite if isinstance(cite, int | str) else None
                for cite in (cites if isinstance(cites, list) else [cites])
            ]
            yield " ".join(found["text"].split()), plain


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


def _first_model(server: Server, call: Call) -> str:
    with closing(_connect(server, call)) as connection:
        document = _json(_send(connection, server, "GET", "/models").read(_LONGEST), server)
    offered = document.get("data") if isinstance(document, dict) else None
    names = [one.get("id") for one in offered if isinstance(one, dict)] if isinstance(offered, list) else []
    if not names or not isinstance(names[0], str):
        raise LlmError(f"llm: {server.url} offers no model; --llm-model names one")
    return names[0]


def _stream(server: Server, name: str, messages: list[dict[str, str]], call: Call) -> Iterator[str]:
    """The pieces of the text that a model writes, reasoning fields left out."""
    body = {"model": name, "messages": messages, "stream": True, "temperature": 0}
    with closing(_connect(server, call)) as connection:
        response = _send(connection, server, "POST", "/chat/completions", json.dumps(body).encode())
        read, ended, patience = 0, False, FIRST_S
        try:
            while line := response.readline(_LONGEST):
                read += len(line)
                if call.ended:
                    raise LlmError(call.ended)
                if read > _LONGEST:
                    raise LlmError(f"llm: {name} writes without end")
                if not line.startswith(b"data:"):
                    continue
                if patience != SILENT_S:
                    patience = SILENT_S
                    call.patience(patience)
                data = line[5:].strip()
                if data == b"[DONE]":
                    return
                document = _json(data, server)
                if isinstance(document, dict) and document.get("error"):
                    raise LlmError(f"llm: {name} failed ({_told(document['error'])})")
                choice = _choice(document)
                delta = choice.get("delta")
                content = delta.get("content") if isinstance(delta, dict) else None
                ended = ended or choice.get("finish_reason") is not None
                if isinstance(content, str) and content:
                    yield content
        except TimeoutError:
            raise LlmError(f"llm: {name} said nothing for {patience:g} s") from None
        except (OSError, http.client.HTTPException) as error:
            raise LlmError(f"llm: {name} broke off ({_why(error)})") from None
        if not ended:
            raise LlmError(f"llm: {name} broke off in the middle")


def _told(error: Any) -> str:
    """What a server says of its own failure."""
    return " ".join(str(error.get("message") if isinstance(error, dict) else error).split())[:120]


def _choice(document: Any) -> dict[str, Any]:
    choices = document.get("choices") if isinstance(document, dict) else None
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def _connect(server: Server, call: Call) -> http.client.HTTPConnection:
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
            raise LlmError(f"llm: {parts.hostname} is not this machine; {_REMOTE}")
        connection.sock.settimeout(FIRST_S)
        call.over(connection.sock)
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
        raise LlmError(f"llm: {server.url} said nothing for {FIRST_S:g} s") from None
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
