"""Whether a text asks for an answer, or is words to look for."""

from __future__ import annotations

# question words, the verbs a question opens with, and requests for an answer
_ASKING = frozenset({
    "what", "what's", "which", "who", "whose", "when", "where", "why", "how", "is", "are", "was", "were", "do", "does",
    "did", "can", "could", "has", "have", "had", "will", "would", "compare", "contrast", "please", "tell", "explain",
    "describe", "summarise", "summarize", "list", "show", "count", "find", "give",
})  # fmt: skip


def asks(text: str) -> bool:
    """ "Which use U-Net?", "compare dcgan with vae", "differences between …" ask; "unet lr:<1e-3" does not."""
    words = text.casefold().split()
    if len(words) < 2:
        return bool(words) and words[0].endswith("?")
    return words[-1].endswith("?") or words[0].strip(",") in _ASKING or words[0].startswith("differ")
