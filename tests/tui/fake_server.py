"""A search server for tests: answers at once with the same few scripts. `die` as a question ends it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.tui.results import HOSTILE, bare, result, shown


def say(**answer: Any) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def respond(query: str) -> dict[str, Any]:
    results = [result(1), bare(2), *(result(n, model_id=f"model_{n}", path=f"/m/{n}.py") for n in range(3, 13))]
    if "hostile" in query:
        results[0] = result(1, **dict.fromkeys(("model_id", "path", "description", "arch", "dataset"), HOSTILE))
    if "nothing" in query:
        results = []
    filters = [{"field": "created", "op": "range", "value": ["2025-04-01", "2025-04-30"], "negated": False}]
    understood = {
        "text": query,
        "filters": [*filters, {"field": "dataset", "op": "eq", "value": "MNIST", "negated": True}],
    }
    took = {"keyword": 4.0, "semantic": 9.0, "total": 13.0}
    return {"query": query, "understood": understood, "answer": None, "took_ms": took, "results": results}


def main() -> None:
    say(event="ready", scripts=14, models=12)
    say(event="meaning-ready")
    for raw in sys.stdin:
        asked = json.loads(raw)
        if "show" in asked:
            say(id=asked["id"], stage="show", script=shown(1, path=asked["show"]))
        elif asked["query"] == "die":
            sys.exit(3)
        elif asked["query"] == "bad:":
            say(id=asked["id"], stage="error", message="a value is missing after bad:", column=5)
        else:
            say(id=asked["id"], stage="words", response=respond(asked["query"]))
            say(id=asked["id"], stage="hybrid", response=respond(asked["query"]))


if __name__ == "__main__":
    main()
