"""A slip in a word that rules read, or in a name that they know, is put right before anything is looked for: what was
denied would be found."""

from __future__ import annotations

import pytest

from index.known.optimizers import NAMES
from index.understanding.figures import DATE_VERBS
from index.understanding.lexicon import NEGATORS
from index.understanding.periods import WEEKDAYS
from index.understanding.spelling import Speller, distance, right_word

MONTHS = ("january", "february", "april", "august", "september", "october", "november", "december")
RULED = sorted(
    word for word in {*NEGATORS, *MONTHS, *WEEKDAYS, *DATE_VERBS, "between", "before", "after", "until", "learning",
                      "epochs", "batch", "larger", "smaller", "below", "above"} if len(word) > 5 and word.isalpha()
)  # fmt: skip


def slips(word: str) -> set[str]:
    """A letter left out, put in, or swapped with its neighbour, but the first; those that are no words."""
    rest = range(1, len(word) - 1)
    found = {word[:at] + word[at + 1 :] for at in rest} | {word[:at] + word[at] + word[at:] for at in rest}
    found |= {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in rest}
    return {slip for slip in found - {word} if len(slip) > 4 and not right_word(slip)}


@pytest.mark.parametrize("word", RULED)
def test_a_slip_in_a_word_of_the_rules_is_put_right_whatever_scripts_say(word: str) -> None:
    speller = Speller([])
    for slip in slips(word):
        right = speller.ruled(slip)
        assert right is not None and distance(slip, right, 2) <= 1, slip


def test_names_of_data_sets_frameworks_and_optimizers_are_put_right() -> None:
    speller = Speller([])
    for slip, right in {"mnsit": "mnist", "cifr10": "cifar10", "cifra100": "cifar100", "imagnet": "imagenet",
                        "pytroch": "pytorch", "tensorflw": "tensorflow", "lightgmb": "lightgbm",
                        "rmspop": "rmsprop", "adagard": "adagrad"}.items():  # fmt: skip
        assert speller.correct(slip) == right
    assert "Adagrad" in NAMES
    for name in ("resnet51", "gpt4", "vgg17", "cifar11", "unet3"):  # another number is another name
        assert speller.correct(name) is None, name


def test_words_of_the_language_and_of_the_field_are_no_slips_of_the_rules() -> None:
    speller = Speller([])
    for word in ("bench", "match", "marsh", "width", "within", "wither", "layer", "beam", "attention", "augment"):
        assert speller.ruled(word) is None, word
