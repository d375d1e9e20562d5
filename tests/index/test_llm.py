"""A model's words against the facts, by a real server: thinking folded away, lies struck out, failures told."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.answers import llm
from index.answers.answer import Answer, Cite, Claim
from index.answers.llm import Call, Fold, LlmError, Server, claims, in_other_words, rephrased
from tests.index.model_server import Model, Piece, served

NAMES = {"/m/dcgan.py": "m_dcgan", "/m/vae.py": "m_vae"}
FACTS = Answer((
    Claim("2 scripts fit: m_dcgan, m_vae.", (Cite("/m/dcgan.py", 3), Cite("/m/vae.py", 4))),
    Claim("m_dcgan: gan cnn, framework PyTorch, dataset MNIST, optimizer Adam, learning rate 0.0002, batch size 64,"
          " epochs 25. Found because: no rnn.", (Cite("/m/dcgan.py", 34), Cite("/m/dcgan.py", 80))),
    Claim("m_vae: vae autoencoder, framework Keras, dataset FashionMNIST, optimizer RMSprop, learning rate 0.001,"
          " batch size 128, epochs not stated.", (Cite("/m/vae.py", 12),)),
))  # fmt: skip
TRUE = [
    {"text": "m_dcgan is a convolutional adversarial network for MNIST, trained for 25 epochs by Adam.", "cites": [2]},
    {"text": "The learning rate of m_vae is 1e-3 and its batch size 128.", "cites": [3]},
]  # fmt: skip


def lines(said: Sequence[dict[str, object]]) -> str:
    return "\n".join(json.dumps(one) for one in said)


def asked(pieces: Sequence[Piece], **how: object) -> Answer:
    with served(Model(pieces)) as model:
        return rephrased(FACTS, "which GANs?", NAMES, Server(model.url), **how)  # type: ignore[arg-type]


def test_what_the_facts_support_is_the_answer_and_cites_their_lines() -> None:
    told = asked([lines(TRUE)])
    assert [claim.text for claim in told.claims] == [one["text"] for one in TRUE]
    assert told.source == "tiny-model" and not told.struck
    assert told.claims[0].cites == (Cite("/m/dcgan.py", 34), Cite("/m/dcgan.py", 80))


def test_the_model_is_sent_the_findings_and_no_path() -> None:
    with served(Model([lines(TRUE)])) as model:
        rephrased(FACTS, "which GANs?", NAMES, Server(model.url, "chosen"))
        (request,) = model.asked
    sent = json.dumps(request)
    assert request["model"] == "chosen" and request["stream"] is True
    assert "which GANs?" in sent and "1. 2 scripts fit" in sent and "/m/" not in sent


LIES = [
    {"text": "m_dcgan was trained for 26 epochs.", "cites": [2]},
    {"text": "m_dcgan was trained for thirty epochs.", "cites": [2]},
    {"text": "m_dcgan uses SGD.", "cites": [2]},
    {"text": "m_dcgan is a transformer.", "cites": [2]},
    {"text": "m_dcgan uses an RNN.", "cites": [2]},
    {"text": "m_vae was trained on MNIST.", "cites": [3]},
    {"text": "m_vae has batch size 64.", "cites": [2, 3]},
    {"text": "m_dcgan uses Adam while m_vae uses Adam too.", "cites": [2, 3]},
    {"text": "m_dcgan does not use Adam.", "cites": [1, 3]},
    {"text": "m_dcgan has a ResBlockX layer.", "cites": [2]},
    {"text": "m_dcgan is the better model.", "cites": [2]},
    {"text": "m_dcgan uses Adam.", "cites": [7]},
    {"text": "m_dcgan uses Adam.", "cites": []},
    {"text": "m_dcgan uses Adam.", "cites": [3]},
    {"text": "m_dcgan uses Adam.", "cites": ["/etc/passwd:1"]},
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: f"{lie['text']} {lie['cites']}")
def test_a_lie_is_struck_out_and_the_truth_beside_it_stands(lie: dict[str, object]) -> None:
    told = asked([lines([TRUE[0], lie])])
    assert told.struck == (lie["text"],)
    assert [claim.text for claim in told.claims] == [TRUE[0]["text"]]


@pytest.mark.parametrize(
    "truth",
    [
        {"text": "m_dcgan uses Adam, while m_vae uses RMSprop.", "cites": [2, 3]},
        {"text": "Two scripts fit.", "cites": [1]},
        {"text": "m_vae does not state its epochs.", "cites": ["3"]},
        {"text": "m_dcgan contains no RNN.", "cites": [2]},
        {"text": "m_vae learns Fashion-MNIST with a variational autoencoder in Keras.", "cites": [3]},
        {"text": "It trains with batches of sixty-four.", "cites": [2]},
    ],
    ids=lambda truth: str(truth["text"]),
)
def test_other_words_for_what_is_true_stand(truth: dict[str, object]) -> None:
    told = asked([lines([truth])])
    assert [claim.text for claim in told.claims] == [truth["text"]] and told.source == "tiny-model"


def test_where_nothing_survives_the_facts_stand() -> None:
    told = asked([lines(LIES[:3])])
    assert told.claims == FACTS.claims and told.source == "facts" and len(told.struck) == 3


DRAFT = json.dumps({"text": "m_dcgan uses Adam.", "cites": [2]})


@pytest.mark.parametrize(
    "pieces",
    [
        [{"reasoning": "let me think " + DRAFT}, {"reasoning": "…"}, lines(TRUE)],
        [{"reasoning_content": "hmm " + DRAFT}, lines(TRUE)],
        [f"<think>hmm {DRAFT}</think>" + lines(TRUE)],
        [*f"<think>hmm {DRAFT}</think>{lines(TRUE)}"],
        [f"hmm, {DRAFT} perhaps</th", "ink>\n", lines(TRUE)],
        [f"<Thinking>{DRAFT}</Thinking>{lines(TRUE)}<think>and {DRAFT}"],
    ],
    ids=["reasoning", "reasoning_content", "tags", "one character a piece", "no opening", "never closed"],
)
def test_thinking_is_folded_away_in_all_its_forms(pieces: list[Piece]) -> None:
    told = asked(pieces)
    assert [claim.text for claim in told.claims] == [one["text"] for one in TRUE]


def test_thinking_that_never_ends_is_no_answer() -> None:
    with pytest.raises(LlmError, match="no claim"):
        asked([f"<think>{lines(TRUE)}"])


@given(st.lists(st.integers(0, 200), max_size=12))
def test_pieces_may_be_cut_anywhere(cuts: list[int]) -> None:
    whole = f"<think>{DRAFT}</think>```json\n{lines(TRUE)}\n```"
    places = [0, *sorted({cut for cut in cuts if cut < len(whole)}), len(whole)]
    fold = Fold()
    for start, end in itertools.pairwise(places):
        fold.add(whole[start:end])
    assert [text for text, _ in claims(fold.text)] == [one["text"] for one in TRUE]


@settings(max_examples=50)
@given(st.text('{}[]":,<>/think textcites0 \\n', max_size=80))
def test_no_text_breaks_the_reading_of_claims(text: str) -> None:
    fold = Fold()
    fold.add(text)
    assert all(isinstance(said, str) for said, _ in claims(fold.text))


def test_claims_come_one_by_one_as_they_are_written() -> None:
    seen: list[object] = []
    asked([*lines(TRUE)], heard=lambda name, answer: seen.append((name, answer and len(answer.claims))))
    assert seen == [("tiny-model", None), ("tiny-model", 1), ("tiny-model", 2)]


def test_claims_in_an_array_of_one_document_are_read() -> None:
    assert len(asked([json.dumps({"claims": TRUE})]).claims) == 2


def test_silence_ends_after_a_while_with_a_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "SILENT_S", 0.2)
    with pytest.raises(LlmError, match=r"said nothing for 0\.2 s"):
        asked([lines(TRUE[:1]), 30.0])


def test_a_server_that_dies_in_the_middle_is_told_of() -> None:
    with pytest.raises(LlmError, match="broke off"):
        asked([lines(TRUE[:1]), None])


@pytest.mark.parametrize("garbage", [b"<html>hello</html>", b"", b"data: {not json\n\n", b"data: [1, 2]\n\n" * 3])
def test_garbage_is_told_of(garbage: bytes) -> None:
    with served(Model((), garbage=garbage)) as model, pytest.raises(LlmError, match=r"^llm: "):
        rephrased(FACTS, "?", NAMES, Server(model.url))


def test_a_refusal_is_told_of() -> None:
    with served(Model((), status=404)) as model, pytest.raises(LlmError, match="answers 404"):
        rephrased(FACTS, "?", NAMES, Server(model.url, "absent"))


def test_it_is_not_sent_on_to_another_machine() -> None:
    told = pytest.raises(LlmError, match=r"sends on to http://198\.51\.100\.7")
    with served(Model((), redirect="http://198.51.100.7/v1")) as model, told:
        rephrased(FACTS, "?", NAMES, Server(model.url))


@pytest.mark.parametrize("url", ["http://198.51.100.7:8000", "https://example.com/v1", "http://localhost.example.com"])
def test_another_machine_must_be_allowed(url: str) -> None:
    with pytest.raises(LlmError, match="--llm-remote"):
        Server(url)
    Server(url, remote=True)


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://localhost", "", "http://", "http://[::1", "http://a:b"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(LlmError, match=r"no address|not this machine"):
        Server(url)


def test_nobody_there_is_told_of() -> None:
    with pytest.raises(LlmError, match="cannot be reached"):
        rephrased(FACTS, "?", NAMES, Server("http://127.0.0.1:9"))


def test_no_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://198.51.100.7:3128")
    assert asked([lines(TRUE)]).source == "tiny-model"


def test_an_answer_without_facts_is_not_sent(tmp_path: Path) -> None:
    nothing = Answer((Claim("No script fits."),))
    assert rephrased(nothing, "?", {}, Server("http://127.0.0.1:9")) is nothing


def test_another_thread_ends_it_whatever_it_waits_for() -> None:
    call = Call()
    with served(Model([lines(TRUE[:1]), Event()])) as model:
        server = Server(model.url)
        told = in_other_words(FACTS, "?", NAMES, server, lambda _, answer: answer and call.end("enough"), call)
        assert told == (FACTS, "enough")
        assert model.left.wait(60)
        assert in_other_words(FACTS, "?", NAMES, server, lambda *_: None, call) == (FACTS, "enough")


def test_it_may_take_so_long_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llm, "WHOLE_S", 0.3)
    with served(Model([*["x", 0.05] * 100])) as model:
        told, why = in_other_words(FACTS, "?", NAMES, Server(model.url), lambda *_: None, Call())
    assert told == FACTS and why.endswith("was not done after 0.3 s")


def test_a_failure_that_the_server_tells_of() -> None:
    with (
        served(Model((), garbage=b'data: {"error": {"message": "out of memory"}}\n\n')) as model,
        pytest.raises(LlmError, match=r"tiny-model failed \(out of memory\)"),
    ):
        rephrased(FACTS, "?", NAMES, Server(model.url, "tiny-model"))
