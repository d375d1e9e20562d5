"""A search server for tests: answers at once with the same few scripts. `die` as a question ends it.

Nearly every test of the workbench starts one, and few ask what needs the index to answer: only those wait for it.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.answers.talk import Talk

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.tui.results import HOSTILE, bare, result, shown

EXAMPLES = ["unet created:2025-04", "cnn, not trained on mnist", "dataset:cifar10 lr:<1e-3"]
APRIL = {"field": "created", "op": "range", "value": ["2025-04-01", "2025-04-30"], "negated": False}
VALUES = {"dataset": ["fashionmnist", "flowers102", "mnist"], "created": ["last-week"], "batch": ["64"]}
SETTINGS = {"timesteps": {"value": 500, "line": 17}, "image_size": {"value": 32, "line": 22}}
SOURCE = "\n".join(["import torch", "", *(f"line_{n} = {n}  # the {n}th" for n in range(3, 1200))])
CLAIMS = [
    {"text": "12 scripts fit: latent_new_model and 11 more.", "cites": [{"path": "/m/3.py", "line": 40}]},
    {"text": "model_4: framework PyTorch.", "cites": [{"path": "/m/4.py", "line": 7}, {"path": "/m/4.py", "line": 9}]},
]
ANSWER = {"text": "\n".join([c["text"] for c in CLAIMS] + ["And nothing more."]), "claims": CLAIMS, "source": "facts"}

NAMES = {"/m/3.py": "latent_new_model", "/m/4.py": "model_4"}


def say(**answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def said(number: int, what: dict[str, Any]) -> None:
    say(id=number, **what)


def understood(query: str) -> dict[str, Any]:
    """What a question of several terms says; a single word is answered as if it had said a month and a dataset too."""
    if " " in query or ":" in query:
        from index.understanding.query import parse

        return parse(query).to_json()
    return {"text": query, "filters": [APRIL, {"field": "dataset", "op": "eq", "value": "MNIST", "negated": True}]}


def respond(query: str) -> dict[str, Any]:
    results = [result(1), bare(2), *(result(n, model_id=f"model_{n}", path=f"/m/{n}.py") for n in range(3, 13))]
    if "hostile" in query:
        results[0] = result(1, **dict.fromkeys(("model_id", "path", "description", "arch", "dataset"), HOSTILE))
    found = understood(query)
    document = {"query": query, "understood": found, "answer": None, "results": results, "total": len(results)}
    document["took_ms"] = {"keyword": 4.0, "semantic": 9.0, "total": 13.0}
    if "nothing" in query:
        document |= {"results": [], "total": 0}
    if "many" in query:
        document["total"] = 120
    if "upside" in query:  # in another order than that of their ranks
        document["results"] = results[::-1]
    if "emptied" in query and APRIL in found["filters"]:
        nearest = APRIL | {"value": ["2025-03-28", "2025-04-30"]}
        emptied = {"filter": APRIL, "without": 12, "nearest": nearest}
        document |= {"results": [], "total": 0, "empty": {"filters": [emptied], "words": []}}
    return document


def answer(number: int, query: str, sort: dict[str, Any] | None) -> None:
    try:
        response = respond(query)
    except ValueError as error:  # a QueryError
        say(id=number, stage="error", message=error.message, column=error.column)
        return
    if sort and "many" in query:  # of all there are, not of those that would be shown
        lr = 0.5 if sort["descending"] else 1e-9
        response["results"].insert(0, result(77, model_id=f"first_by_{sort['field']}", path="/m/77.py", lr=lr))
    say(id=number, stage="words", response=response)
    say(id=number, stage="hybrid", response=response)


def talk_of(asked: dict[str, Any]) -> Talk:
    from index.answers.answer import Answer, Cite, Claim
    from index.answers.talk import Talk

    facts = Answer(tuple(Claim(c["text"], tuple(Cite(**cite) for cite in c["cites"])) for c in CLAIMS))
    return Talk(facts, asked["ask"], NAMES, asked["llm"], partial(said, asked["id"]))


def main() -> None:
    say(event="ready", scripts=14, models=12, examples=EXAMPLES)
    say(event="meaning-ready")
    for raw in sys.stdin:
        asked = json.loads(raw)
        if "open" in asked:
            script = shown(1) | (bare() if asked["open"] == bare()["path"] else {"path": asked["open"]})
            opened = {"script": script, "source": SOURCE, "settings": SETTINGS}
            if asked["open"] == HOSTILE:
                opened["source"] = f"# {HOSTILE}\n" * 60
            say(id=asked["id"], stage="open", **opened)
        elif "complete" in asked:
            word = asked["complete"][: asked["cursor"]].split(" ")[-1]
            name, colon, value = word.partition(":")
            known = VALUES.get(name, []) if colon else [f"{field}:" for field in VALUES]
            typed = value if colon else name
            options = [one for one in known if one.startswith(typed)] if typed or colon else []
            say(id=asked["id"], stage="complete", start=asked["cursor"] - len(typed), options=options)
        elif "ask" in asked:
            say(id=asked["id"], stage="answer", response={**respond(asked["ask"]), "answer": ANSWER}, notices=[])
            if "llm" in asked:
                say(id=asked["id"], stage="rephrasing", model=None, answer=None)
                talk = talk_of(asked)
        elif "hush" in asked:
            talk.hush()
        elif asked["query"] == "die":
            sys.exit(3)
        elif asked["query"] == "bad:":
            say(id=asked["id"], stage="error", message="a value is missing after bad:", column=5)
        else:
            answer(asked["id"], asked["query"], asked.get("sort"))


if __name__ == "__main__":
    main()
