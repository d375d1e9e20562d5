"""Which scripts are found, in which order, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from index.catalog.database import Catalog
from index.indexing.update import update
from index.known import topics
from index.known.british import spellings
from index.known.glossary import CONCEPTS
from index.known.sayings import sayings
from index.known.topics import TOPICS
from index.model import WIDTH
from index.ranking import evidence, particular
from index.ranking.keyword import WordIndex
from index.ranking.postings import Weights
from index.ranking.senses import Senses
from index.ranking.signals import Signals
from index.ranking.subjects import Subjects
from index.search import QueryError, Result, SearchEngine
from index.understanding.filters import Sort
from index.understanding.query import parse
from index.understanding.spelling import Speller

RESULT_KEYS = [
    "rank", "model_id", "similarity_score", "similarity_distance", "size", "created", "modified", "path",
    "description", "summary", "framework_version", "framework", "arch", "dataset", "batch", "lr", "optimizer",
    "epochs", "hw", "stages", "tags",
    "evidence", "keyword_rank", "semantic_rank", "why",
]  # fmt: skip


def found(engine: SearchEngine, query: str, *, meaning: bool = False) -> list[str]:
    return [result.row.model_id for result in engine.search(query, 50, meaning=meaning).results]


APRIL_CNN = {
    "mnist-classifiers_cnn_argparse",
    "Generative-Fashion-MNIST_unet_ddpm",
    "Generative-Fashion-MNIST_latent_diffusion",
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Please find models created in April 2025 and using CNN.", APRIL_CNN),
        ("created:2025-04 tag:cnn", APRIL_CNN),
        ("created in April 2025, not using CNN", {"jax-experiments_diffusion_mlp", "flowers_vit_flowers"}),
        ("not using RNN, created in March 2025", {"keras-experiments_flowers_cnn"}),
        ("using autoencoder but not trained on MNIST", {"Generative-Fashion-MNIST_latent_diffusion"}),
        (
            "trained on MNIST",
            {"mnist-classifiers_cnn_argparse", "keras-experiments_vae", "notebooks_autoencoder"},
        ),
        (
            "trained on Fashion MNIST",
            {"Generative-Fashion-MNIST_unet_ddpm", "Generative-Fashion-MNIST_latent_diffusion"},
        ),
        ("which models use U-Net?", {"Generative-Fashion-MNIST_unet_ddpm", "cats-dogs_conditional_unet"}),
        ("on the Oxford Flower data", {"flowers_vit_flowers", "keras-experiments_flowers_cnn"}),
        ("with linear attention", {"cats-dogs_conditional_unet"}),
        ("before March 2025", {"keras-experiments_vae", "cifar10_resnet_lightning"}),
        ("batch size 256", {"Generative-Fashion-MNIST_latent_diffusion"}),
        ("more than 150 epochs", {"cats-dogs_conditional_unet", "jax-experiments_diffusion_mlp"}),
        ("lr:1e-4", {"Generative-Fashion-MNIST_latent_diffusion", "faces_dcgan"}),
        ("framework:jax", {"jax-experiments_diffusion_mlp"}),
        ("written in PyTorch Lightning", {"cifar10_resnet_lightning"}),
        ("batch size 9999", set()),
        ("model:dqn", {"games_dqn_2048"}),
        (
            "epochs less than 13 or more than 150",
            {"notebooks_autoencoder", "cats-dogs_conditional_unet", "jax-experiments_diffusion_mlp"},
        ),
        ("batch 32 or 256", {"Generative-Fashion-MNIST_latent_diffusion", "keras-experiments_flowers_cnn"}),
        ("lr below 1e-4 or above 0.01", {"cifar10_resnet_lightning", "mnist-classifiers_cnn_argparse"}),
        ("created before March 2025 or in April 2025, using CNN", {"cifar10_resnet_lightning", *APRIL_CNN}),
        ("using GAN without batch norm", set()),
        ("outside 2025", set()),
        ('"skips.pop"', {"cats-dogs_conditional_unet"}),
    ],
)
def test_filters_find_exactly_the_right_scripts(words: SearchEngine, query: str, expected: set[str]) -> None:
    assert set(found(words, query)) == expected


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("LinearAttention", "cats-dogs_conditional_unet"),
        ("train_autoencoder", "Generative-Fashion-MNIST_latent_diffusion"),
        ("QNetwork", "games_dqn_2048"), ("vit_flowers", "flowers_vit_flowers"), ("faces", "faces_dcgan"),
        ("agent for the game 2048", "games_dqn_2048"), ("variational autoencoder", "keras-experiments_vae"),
    ],
)  # fmt: skip
def test_words_put_the_right_script_first(words: SearchEngine, query: str, first: str) -> None:
    assert found(words, query)[0] == first


def test_what_is_a_cnn_outranks_what_mentions_one(words: SearchEngine) -> None:
    results = words.search("convolutional", 50, meaning=False).results
    ranked = ["cnn" in {tag.name for tag in result.row.facts.tags} for result in results]
    assert ranked.count(True) == 8 and ranked == sorted(ranked, reverse=True)


def test_nonsense_finds_nothing(words: SearchEngine, hybrid: SearchEngine) -> None:
    for query in ("recipe for sourdough", "zzzqqq", "best pizza in town"):
        assert found(words, query) == [] == found(hybrid, query, meaning=True)


def test_the_same_query_gives_the_same_answer(words: SearchEngine) -> None:
    assert [found(words, "images") for _ in range(3)] == [found(words, "images")] * 3


def test_reasons_name_their_lines(words: SearchEngine) -> None:
    results = words.search("created in April 2025 using CNN", meaning=False).results
    why = {result.row.model_id: result.why for result in results}["mnist-classifiers_cnn_argparse"]
    assert "created 2025-04-03 (git)" in why
    assert "Conv2d used 2 times, first at line 18" in why


def test_the_document_is_the_contract_s(hybrid: SearchEngine) -> None:
    document = hybrid.search("latent diffusion on clothes", 5).to_json()
    assert list(document) == ["query", "understood", "answer", "took_ms", "results", "total", "empty"]
    assert set(document["took_ms"]) == {"keyword", "semantic", "total"}
    assert document["answer"] is None
    scores = [result["similarity_score"] for result in document["results"]]
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)
    for number, result in enumerate(document["results"], 1):
        assert list(result) == RESULT_KEYS
        assert result["rank"] == number
        assert isinstance(result["similarity_distance"], float)
        assert result["created"].endswith("Z") and len(result["created"]) == 20
    stages = document["results"][0]["stages"]
    assert list(stages[0]) == ["name", "line", "batch", "lr", "optimizer", "epochs"]


def test_meaning_finds_what_no_word_says(hybrid: SearchEngine) -> None:
    assert found(hybrid, "reinforcement learning to play a puzzle", meaning=True)[0] == "games_dqn_2048"
    assert found(hybrid, "arithmetic with a recurrent net", meaning=True)[0] == "sequence_lstm_adder"


def test_what_a_projects_readme_says_finds_its_scripts(hybrid: SearchEngine, full_index: Path) -> None:
    assert found(hybrid, "generated portraits for an exhibition in a museum", meaning=True)[0] == "faces_dcgan"
    with Catalog(full_index, readonly=True) as catalog:
        texts = [catalog.passage_text(script, place) for _, script, place in catalog.passage_places() if place < 0]
    assert texts == ["Strangers Portraits of people who do not exist, drawn for a museum and its exhibition."]


def test_filters_are_kept_when_meaning_joins(hybrid: SearchEngine) -> None:
    query = "denoising pictures of clothes created in April 2025 not using attention"
    for result in hybrid.search(query, 50).results:
        assert f"{result.row.created:%Y-%m}" == "2025-04"
        assert "attention" not in {tag.name for tag in result.row.facts.tags}


@pytest.mark.parametrize("query", ["\ud800", "cnn \udcff", "\0", "\u202e", "(" * 250 + ")" * 250])
def test_no_character_stops_a_search(hybrid: SearchEngine, query: str) -> None:
    assert hybrid.search(query).query.isascii() or query == "\u202e"


def test_a_bad_query_names_its_column(words: SearchEngine) -> None:
    with pytest.raises(QueryError) as caught:
        words.search("unet lr:abc")
    assert caught.value.column == 9


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("variatonal autoencodr", "keras-experiments_vae"), ("reinforcment lerning", "games_dqn_2048"),
("LinearAtention", "cats-dogs_conditional_unet"),
    ],
)  # fmt: skip
def test_a_misspelled_word_is_put_right_where_nothing_has_it(words: SearchEngine, query: str, first: str) -> None:
    response = words.search(query, meaning=False)
    assert response.results[0].row.model_id == first
    assert response.understood.corrected


def test_a_word_that_some_script_has_is_never_put_right(words: SearchEngine) -> None:
    assert words.search("denoise images", meaning=False).understood.corrected == ()


@pytest.mark.parametrize(
    "word",
    ["sound", "environmental", "automatic", "cora", "differentially", "translator", "visualise", "u-net", "gated"],
)
def test_a_word_that_english_or_the_field_knows_is_no_typo(word: str) -> None:
    assert Speller(["soundtrack", "environments", "automatically", "coral", "gatednetwork"]).correct(word) is None


@pytest.mark.parametrize(
    ("word", "right"),
    [("contrastiv", "contrastive"), ("self-supervized", "self-supervised"), ("bi-directionel", "bi-directional"),
     ("vea", "vae"), ("gna", "gan"), ("lsmt", "lstm"), ("ltsm", "lstm")],
)  # fmt: skip
def test_a_cut_short_hyphenated_or_short_word_is_put_right(word: str, right: str) -> None:
    assert Speller([]).correct(word) == right


@pytest.mark.parametrize(
    ("british", "spelled"),
    [("colour", "color"), ("visualise", "visualize"), ("modelling", "modeling"), ("grayscale", "greyscale"),
     ("centre", "center"), ("analyse", "analyze"), ("organisations", "organizations")],
)  # fmt: skip
def test_british_and_american_spellings_are_one_word(british: str, spelled: str) -> None:
    assert spelled in spellings(british) and british in spellings(spelled)


@pytest.mark.parametrize("name", ["dcgan", "dcgan.py", "faces/dcgan.py", "faces_dcgan", "FACES_DCGAN"])
def test_a_script_that_is_named_comes_first(words: SearchEngine, hybrid: SearchEngine, name: str) -> None:
    assert found(words, name)[0] == "faces_dcgan" == found(hybrid, name, meaning=True)[0]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("using GAN or batch size 256", {"faces_dcgan", "Generative-Fashion-MNIST_latent_diffusion"}),
        (
            "(tag:cnn dataset:mnist) or tag:dqn",
            {"mnist-classifiers_cnn_argparse", "notebooks_autoencoder", "games_dqn_2048"},
        ),
        ("written in spring 2025 in JAX", {"jax-experiments_diffusion_mlp"}),
        ("not created in 2025", set()),
        ("recurrent, not LSTM", {"sequence_gru_characters"}),
    ],
)
def test_choices_seasons_and_what_a_tag_implies(words: SearchEngine, query: str, expected: set[str]) -> None:
    assert set(found(words, query)) == expected


def test_orders_put_what_is_silent_last(words: SearchEngine) -> None:
    rates = [result.row.facts.lr for result in words.search("sort:-lr", 50, meaning=False).results]
    stated = [rate for rate in rates if rate is not None]
    assert stated == sorted(stated, reverse=True) and rates[: len(stated)] == stated
    newest = words.search("the 3 newest CNNs", meaning=False).results
    assert len(newest) == 3 and all("cnn" in {tag.name for tag in one.row.facts.tags} for one in newest)
    assert [one.row.created for one in newest] == sorted((one.row.created for one in newest), reverse=True)


def test_a_description_finds_what_it_does_not_name(hybrid: SearchEngine) -> None:
    for query, first in (
        ("two networks compete, one makes fakes and the other tells them from real ones", "faces_dcgan"),
        ("an agent that learns action values from a replay buffer", "games_dqn_2048"),
    ):
        assert found(hybrid, query, meaning=True)[0] == first


@pytest.mark.parametrize(
    "query", ["qwertyuiop", "how tall is the Eiffel tower", "hotel prices in Rome", "class QTable"]
)
def test_no_evidence_no_answer(words: SearchEngine, hybrid: SearchEngine, query: str) -> None:
    assert found(words, query) == [] == found(hybrid, query, meaning=True)


def test_reasons_cite_the_line_of_a_word(words: SearchEngine) -> None:
    (result,) = words.search("QNetwork", 1, meaning=False).results
    line = next(int(why.rpartition(" ")[2]) for why in result.why if why.startswith("has the words"))
    assert "QNetwork" in words.catalog.source(result.row.id).splitlines()[line - 1]


@pytest.mark.parametrize("field", ["lr", "dataset", "modified", "path", "rank", "similarity_score", "description"])
@pytest.mark.parametrize("descending", [False, True])
def test_the_first_by_a_column_are_the_first_of_all(words: SearchEngine, field: str, descending: bool) -> None:
    def value(result: Result) -> Any:
        one = result.to_json()[field]
        return one.casefold() if isinstance(one, str) else one

    every = words.search("cnn", 50, meaning=False).results
    assert len(every) > 5
    first = words.search("cnn", 4, meaning=False, order=Sort(field, descending))
    stated = sorted((v for one in every if (v := value(one)) not in (None, "")), reverse=descending)
    assert [value(one) for one in first.results] == stated[:4] and first.total == len(every)
    ranks = {one.row.path: one.rank for one in every}
    assert all(one.rank == ranks[one.row.path] for one in first.results)


def test_an_order_of_the_table_is_of_what_the_question_leaves(words: SearchEngine, hybrid: SearchEngine) -> None:
    newest = words.search("the 3 newest CNNs", meaning=False)
    again = words.search("the 3 newest CNNs", 2, meaning=False, order=Sort("rank", True))
    assert [one.row.path for one in again.results] == [one.row.path for one in newest.results[:0:-1]]
    near = hybrid.search("compare dcgan with vae", 3, order=Sort("similarity_distance", False)).results
    assert [one.distance for one in near] == sorted(one.distance or 0.0 for one in near)
    unknown = words.search("cnn", 3, meaning=False, order=Sort("similarity_distance", False)).results
    assert [one.rank for one in unknown] == [1, 2, 3]


def test_words_that_no_script_has_are_said_with_what_the_results_share(
    words: SearchEngine, hybrid: SearchEngine
) -> None:
    for engine, meaning in ((words, False), (hybrid, True)):
        told = engine.search("zebrafish image diffusion", meaning=meaning).notices
        assert told == ("no script has 'zebrafish'; these share 'image' and 'diffusion'",)
    assert words.search("image diffusion", meaning=False).notices == ()


@pytest.mark.parametrize(
    ("question", "gone"),
    [
        ("federated learning over many clients", ("federated learning",)),
        ("poker with deep Q-learning", ("poker",)),
        ("knowledge distillation from a teacher to a student", ("knowledge distillation",)),
        ("Wasserstein GANs with a gradient penalty", ("wasserstein gan",)),
        ("transcribe speech to text", ("speech recognition",)),
        ("German English translation", ("translation of German",)),
        (
            "translate from German to Spanish",
            ("machine translation", "translation of German", "translation of Spanish"),
        ),
        ("predict tomorrow's weather", ("weather forecast",)),
        ("write captions for my images", ("image captioning",)),
        ("clouds of 3D points", ("point cloud",)),
        ("named entities", ("named entity recognition",)),
        ("play chess", ("chess",)),
        ("find the objects and put boxes around them", ("object detection",)),
        ("put a text from one language into another", ("machine translation",)),
        ("who is it that speaks?", ("speaker recognition",)),
        ("stuff an astronomer would be glad of", ("galaxy",)),
        ("variational autoencoders for images", ()),
        ("semantic segmentation by a U-Net", ()),
    ],
)
def test_a_particular_subject_that_no_script_has_a_trace_of_finds_nothing_and_says_so(
    words: SearchEngine, question: str, gone: tuple[str, ...]
) -> None:
    found = words.search(question, meaning=False)
    assert bool(found.results) != bool(gone)
    assert found.empty is None or found.empty.words == gone


@pytest.mark.parametrize(
    "word", ["standard", "caps_lock", "dynamic", "docker", "metrics", "rainbow", "hinge_loss", "corrupted", "deformed",
             "dirichlet_boundary", "sensors"]
)  # fmt: skip
def test_a_beginning_that_gives_a_subject_away_begins_no_word_of_other_scripts(word: str) -> None:
    sure = {form for one in particular.every() for sign in one.signs if sign.sure for form in sign.forms}
    assert not [form for form in sure if form.endswith("*") and word.startswith(form[:-1])]


def test_every_particular_subject_is_named_in_words_and_has_a_sign_that_is_sure() -> None:
    for name in (
        "optical flow",
        "denoising diffusion",
        "federated learning",
        "super-resolution",
        "machine translation",
    ):
        ((meant,),) = particular.spans(f"scripts for {name}, please")
        assert any(sign.sure for sign in meant.signs)
    for other in ("a model with a learning rate of 0.1", "recognition of emotions in speech", "a dog bark or a siren"):
        assert not {one.name for ones in particular.spans(other) for one in ones} & {
            "speech recognition",
            "neural implicit",
        }
    assert particular.spans("a model with a learning rate of 0.1") == []
    assert particular.spans("memory networks") and not particular.spans("long short-term memory networks")


def test_the_rarer_of_two_subjects_leads() -> None:
    common, rare = np.array([1, 1, 1, 0], np.float32), np.array([0, 0, 0, 1], np.float32)
    none = np.zeros(4, np.float32)
    scores = Signals(none, none, 1.0, 1.0, topics=[common, rare]).scores()  # "few-shot classification"
    assert scores[3] > scores[0] == scores[2] > 0


def test_what_lies_near_to_a_script_has_an_answer_whatever_of_its_words_is_known() -> None:
    """ "how many bicycles get rented", where one script forecasts just that."""
    none = np.zeros(2, np.float32)
    for near, answered in ((0.6, True), (0.2, False)):
        asked = Signals(none, none, 1.0, 0.0, meaning=np.array([near, 0.1], np.float32), domain=0.3)
        assert asked.found().tolist() == [answered, False]


def test_where_much_speaks_for_an_answer_the_nearest_are_it_however_little_they_are_alike() -> None:
    none, meaning = np.zeros(4, dtype=np.float32), np.array([0.28, 0.25, 0.1, 0.0], dtype=np.float32)
    chatty = Signals(none, none, 1.0, 0.4, meaning=meaning, domain=0.5, foreign=-0.1)
    assert not chatty.found().any()  # "as if Hokusai had painted it"
    assert chatty.nearest().tolist() == [True, True, False, False]
    assert not replace(chatty, foreign=0.2).nearest().any()  # it is nearer to what no script is on


def test_a_question_that_is_nearer_to_what_no_script_is_on_finds_nothing_though_scripts_have_its_words() -> None:
    """As "how to prune an apple tree", where trees are pruned, too."""
    cover, meaning = np.array([0.6, 0.2], np.float32), np.array([0.35, 0.1], np.float32)
    for foreign, answered in ((-0.1, True), (0.3, False)):
        asked = Signals(cover, cover, 1.0, 0.6, meaning=meaning, domain=0.3, foreign=foreign)
        assert asked.found().any() == answered


def test_the_name_of_a_kind_finds_who_is_of_it_whatever_others_are_called_like_it(hybrid: SearchEngine) -> None:
    kinds = {tag.name for row in hybrid.catalog.rows([1, 2, 3, 4, 5, 6, 7, 8, 9]) for tag in row.facts.tags}
    for name in sorted(kinds & CONCEPTS.keys()):
        for way in (name.replace("-", " "), f"{name}s", f"which scripts are {name}s?"):
            assert found(hybrid, way, meaning=True), way


def test_how_foreign_a_question_is() -> None:
    far, near = (
        evidence.foreign([(0.7, False), (0.6, False), (0.5, True)]),
        evidence.foreign([(0.7, True), (0.6, False)]),
    )
    assert far > 0 > near
    assert evidence.foreign([(0.4, False), (0.2, True)]) < far  # of faint likenesses neither says much
    assert evidence.foreign([(0.7, False), (0.4, False)]) > far  # whatever scripts are on is farther
    assert evidence.foreign([]) == 0.0


@pytest.mark.parametrize(
    ("text", "topic"),
    [("adversarial attacks", "adversarial examples"), ("colourising grey pictures", "colourisation"),
     ("tumours and lesions", "medicine"), ("semi-supervised learning", "semi-supervised learning"),
     ("classifier-free guidance", "guidance"), ("speech enhancement", "speech enhancement")],
)  # fmt: skip
def test_subjects_are_named_in_either_spelling_by_one_or_many(text: str, topic: str) -> None:
    assert topic in topics.named(text)
    assert not parse(text).concepts


def test_of_names_of_subjects_in_one_another_the_longest_counts() -> None:
    assert topics.named("classifier-free guidance") == ["guidance"]  # no classifiers


def test_one_word_of_a_subject_however_telling_its_place_is_not_yet_the_subject() -> None:
    class Words:
        def word(self, word: str) -> Weights:
            held = {"mask": [60.0, 4.0], "dice": [0.0, 4.0], "iou": [0.0, 4.0], "segment": [0.0, 4.0]}.get(
                word, [0.0, 0.0]
            )
            return Weights(np.array([0, 1]), np.array(held, dtype=np.float32), 2.0)

    segmenting = Subjects(2, cast(WordIndex, Words()), np.array([0, 1])).share("segmentation")
    assert segmenting[1] == 1 > segmenting[0]


def test_a_word_that_scripts_misspell_is_found_so() -> None:
    speller = Speller(["guidence", "sampler"])
    assert speller.misspelt("guidance") == "guidence"
    assert speller.misspelt("guidence") is None and speller.misspelt("samples") is None


def test_where_filters_leave_none_of_the_best_the_nearest_of_the_others_is_found(words: SearchEngine) -> None:
    assert found(words, "linear attention skips")[0] == "cats-dogs_conditional_unet"
    assert found(words, "linear attention skips dataset:flowers102")[0] == "flowers_vit_flowers"


def test_a_word_of_the_subject_beside_a_filter_empties_nothing(hybrid: SearchEngine) -> None:
    assert found(hybrid, "portraits tag:gan", meaning=True) == ["faces_dcgan"]
    assert found(hybrid, "sourdough tag:gan", meaning=True) == []
    assert found(hybrid, "the oldest sourdough in the kitchen, on CelebA", meaning=True) == ["faces_dcgan"]


def test_a_bare_optimizer_or_device_is_a_filter(words: SearchEngine) -> None:
    for query, field, value in (("adamw", "optimizer", "AdamW"), ("gpu", "hw", "GPU")):
        response = words.search(query, meaning=False)
        assert [(one.field, one.value) for one in response.understood.filters] == [(field, value)]
        assert response.results and not response.understood.text.replace("adamw", "")


def test_definitions_are_embedded_once(tmp_path: Path) -> None:
    asked: list[int] = []

    def embed(texts: list[str]) -> NDArray[np.float32]:
        asked.append(len(texts))
        return np.array([[len(text), *[1] * (WIDTH - 1)] for text in texts], dtype=np.float32)

    first, again = Senses(tmp_path, embed), Senses(tmp_path, embed)
    vector = np.arange(WIDTH, dtype=np.float32)
    assert len(asked) == 1 and first.likeness(vector) == again.likeness(vector)


def test_every_subject_is_said_in_words_of_its_own() -> None:
    named = {*CONCEPTS, *TOPICS, *(one.name for one in particular.every() if one.names)}
    assert sayings().keys() == named
    assert all(len({*several}) == len(several) >= 3 for several in sayings().values())


def test_a_subject_is_found_by_what_people_say_for_it(hybrid: SearchEngine) -> None:
    assert found(hybrid, "who conjures up portraits of folks that were never born?", meaning=True)[0] == "faces_dcgan"


def test_a_name_of_what_no_script_is_on_denies_nothing_where_the_question_means_another_subject(
    hybrid: SearchEngine,
) -> None:
    question = "portraits of celebrities, the currency of magazines"
    assert hybrid.search(question, meaning=False).empty is not None  # by words it names exchange rates
    assert found(hybrid, question, meaning=True)[0] == "faces_dcgan"
    assert not found(hybrid, "the currency of Norway in euros", meaning=True)


def test_a_path_from_elsewhere_is_found_by_the_folders_that_it_ends_with(tmp_path: Path) -> None:
    for folder in ("mine", "yours"):
        (tmp_path / folder / "nets").mkdir(parents=True)
        text = "import torch\nnet = torch.nn.Linear(1, 2)\no = torch.optim.SGD(net.parameters(), 0.1)\n"
        (tmp_path / folder / "nets" / f"unet_{folder}.py").write_text(text)
        (tmp_path / folder / "train.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    assert found(engine, "their/nets/unet_mine.py")[0] == "nets_unet_mine"
    assert not found(engine, "their/train.py")  # there are several, and the folder is none of theirs


def test_an_optimizer_that_is_the_name_of_a_script_means_the_script(tmp_path: Path) -> None:
    text = "import torch\nnet = torch.nn.Sequential(torch.nn.Linear(1, 2), torch.nn.Linear(2, 1))\n"
    for name, step in (("adam", "SGD"), ("other", "Adam")):
        loop = f"o = torch.optim.{step}(net.parameters(), 0.1)\nfor x in d:\n    net(x).backward()\n    o.step()\n"
        (tmp_path / f"{name}.py").write_text(text + loop)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    assert engine.search("adam", meaning=False).results[0].row.path.endswith("adam.py")
    assert [result.row.facts.optimizer for result in engine.search("sgd", meaning=False).results] == ["SGD"]


def test_each_side_of_a_comparison_is_asked_by_its_own_words(words: SearchEngine) -> None:
    first, second = words.search("compare blossoms with portraits", 2, meaning=False).results
    assert (first.side, first.row.model_id) == (0, "flowers_vit_flowers")
    assert (second.side, second.row.model_id) == (1, "faces_dcgan")


def test_the_words_around_a_name_that_is_declared_find_nothing(words: SearchEngine) -> None:
    results = words.search("class LinearAttention(nn.Module)", meaning=False).results
    assert found(words, "class LinearAttention(nn.Module)") == found(words, "class LinearAttention")
    assert not any("class at" in why or "module" in why for result in results for why in result.why)


def test_one_of_the_datasets_that_a_run_chooses_between(tmp_path: Path) -> None:
    text = (
        "import argparse\nfrom torch import nn, optim\nfrom torch.utils.data import DataLoader\n"
        "p = argparse.ArgumentParser()\np.add_argument('dataset', choices=['mnist', 'svhn'])\na = p.parse_args()\n"
        "net = nn.Sequential(nn.Linear(9, 9), nn.ReLU())\nopt = optim.Adam(net.parameters(), lr=1e-3)\n"
        "for x, y in DataLoader(serve(a.dataset), 8):\n    net(x).sum().backward()\n    opt.step()\n"
    )
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "both.py").write_text(text)
    (tmp_path / "scripts" / "other.py").write_text(text.replace("'svhn'", "'kmnist'"))
    update(tmp_path / "index", [tmp_path / "scripts"], embed=False)
    engine = SearchEngine(tmp_path / "index")
    assert found(engine, "dataset:svhn") == ["scripts_both"] == found(engine, "not trained on KMNIST")
    result = engine.search("trained on MNIST", 9, meaning=False).results[0]
    assert result.row.facts.dataset in {"MNIST / SVHN", "MNIST / KMNIST"}
    engine.close()


def test_keras_is_no_plain_tensorflow(tmp_path: Path) -> None:
    fit = "net.compile('adam')\nnet.fit(x, y)\n"
    scripts = {
        "plain": "import tensorflow as tf\nw = tf.layers.dense(x, 3)\ntf.train.AdamOptimizer(1e-3).minimize(w)\n",
        "speaks": "import tensorflow as tf  # rather than keras\nw = tf.layers.dense(x, 3)\n"
        "tf.train.AdamOptimizer(1e-3).minimize(w)\n",
        "by_keras": f"from keras import layers, Sequential\nnet = Sequential([layers.Dense(3)])\n{fit}",
        "tf_keras": f"import tensorflow as tf\nnet = tf.keras.Sequential([tf.keras.layers.Dense(3)])\n{fit}",
    }
    (tmp_path / "scripts").mkdir()
    for name, text in scripts.items():
        (tmp_path / "scripts" / f"{name}.py").write_text(text)
    update(tmp_path / "index", [tmp_path / "scripts"], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query in ("framework:keras", "models built with Keras", "keras scripts"):
        assert {Path(name).name for name in found(engine, query)} == {"scripts_by_keras", "scripts_tf_keras"}
    assert {*found(engine, "not Keras")} == {"scripts_plain", "scripts_speaks"}
    engine.close()


def test_where_few_of_a_kind_answer_its_others_follow(words: SearchEngine) -> None:
    results = found(words, "variational sampling, dataset:mnist")
    assert results[0] == "keras-experiments_vae" and set(results) == set(found(words, "dataset:mnist"))


def test_words_that_nothing_answers_empty_no_filter(words: SearchEngine) -> None:
    assert set(found(words, "what did I knit in March 2025?")) == set(found(words, "created in March 2025")) != set()


def test_what_is_denied_may_stand_in_the_name_of_the_project_alone(tmp_path: Path) -> None:
    for project in ("agents-cartpole", "agents-atari", "mnist-gan"):
        folder = tmp_path / project / "methods" / "first"
        folder.mkdir(parents=True)
        (folder / "train.py").write_text("import torch\nfrom torch import nn\nfrom config import *\n\n"
            "class Agent(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
            "        self.layer = nn.Linear(4, 2)\n", encoding="utf-8")  # fmt: skip
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for question, gone in (("agent, not CartPole", "agents-cartpole"), ("agent, no Atari", "agents-atari")):
        paths = {result.row.path for result in engine.search(question, meaning=False).results}
        assert len(paths) == 2
        assert not any(gone in path for path in paths)
    engine.close()


def test_a_word_finds_those_derived_from_it(tmp_path: Path) -> None:
    code = "import torch\nmodel = torch.nn.Linear(1, 1)\ntorch.optim.Adam(model.parameters()).step()\n"
    nerves = {"one": "segmenting nerves", "two": "nerve segmentation", "three": "segments nerves"}
    for name, text in (nerves | {"digits": "recognises digits", "seal": "segregated, segue"}).items():
        (tmp_path / f"{name}.py").write_text(f"# {text}\n{code}")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    try:
        for asked in ("segment", "segments", "segmenting", "segmented", "segmentation", "segmentations"):
            results = engine.search(asked, meaning=False).results
            assert {Path(one.row.path).stem for one in results} == set(nerves), asked
    finally:
        engine.close()


def test_a_kind_that_only_other_libraries_have_finds_nothing_of_the_one_asked_for(words: SearchEngine) -> None:
    assert not words.search("GANs in JAX", meaning=False).results
    assert words.search("diffusion models in JAX", meaning=False).results


def test_what_was_made_ready_is_not_made_at_the_first_question(words_index: Path) -> None:
    engine = SearchEngine(words_index)
    engine.warm()
    ranker = engine._ranked_by()
    assert {"_names", "_stems"} <= vars(ranker.scripts).keys()
    assert ranker._subjects is not None and ranker._speller is not None
    engine.close()
