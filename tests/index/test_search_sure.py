"""What is certain comes before what is only not known otherwise, and what is built before what is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.indexing.update import update
from index.known import topics
from index.search import Result, SearchEngine
from index.understanding.filters import Filter
from index.understanding.query import parse

TORCH = "import torch\nfrom torch import nn\nnet = nn.Sequential({})\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"
KERAS = "# sorts pictures\nfrom keras import Sequential, layers\nnet = {}\nnet.compile('adam')\nnet.fit(x, y)\n"
SCRIPTS = {
    "a_unknown": KERAS.format("load_model('x.h5')"),
    "b_dense": KERAS.format("Sequential([layers.Dense(3), layers.Dense(1)])"),
    "c_conv": KERAS.format("Sequential([layers.Conv2D(3, 3)])"),
    "d_named": TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)") + "# no batch normalisation, whatever the batch\n",
    "e_built": TORCH.format("nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 4)"),
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    folder = tmp_path_factory.mktemp("sure")
    (folder / "scripts").mkdir()
    for name, text in SCRIPTS.items():
        (folder / "scripts" / f"{name}.py").write_text(text)
    update(folder / "index", [folder / "scripts"], embed=False)
    opened = SearchEngine(folder / "index")
    yield opened
    opened.close()


def results(engine: SearchEngine, query: str) -> list[Result]:
    return list(engine.search(query, meaning=False).results)


def test_a_network_that_is_known_to_be_without_comes_before_one_that_is_not_known(engine: SearchEngine) -> None:
    for query in ("Keras models without convolutions", "keras, no conv", "sorts pictures in Keras, not a CNN"):
        assert [Path(one.row.path).stem for one in results(engine, query)] == ["b_dense", "a_unknown"], query


def test_what_is_built_of_a_part_comes_before_what_names_it_and_says_so(engine: SearchEngine) -> None:
    first = results(engine, "batch normalisation")[0]
    assert Path(first.row.path).stem == "e_built"
    assert any(why.startswith("batch-norm") or "BatchNorm1d" in why for why in first.why)


def test_a_phrase_said_in_passing_is_no_trace_of_a_subject_and_an_abbreviation_in_a_name_is_one(tmp_path: Path) -> None:
    text = TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)")
    for folder, note in (("moons", "# looks like a point cloud\n"), ("medical-qa-tuning", "# reads a record\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "train.py").write_text(note + text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    told = engine.search("point clouds", meaning=False).empty
    assert told is not None and told.words == ("point cloud",)
    (tmp_path / "moons" / "train.py").write_text(f"from clouds import point_cloud_net\n{text}")
    update(tmp_path / "index", [tmp_path], embed=False)
    assert engine.search("point clouds", meaning=False).total, "the name of what it calls is said in earnest"
    answers = engine.search("medical question answering", meaning=False)
    assert answers.empty is None or "question answering" not in answers.empty.words
    engine.close()


def test_what_the_agent_of_a_world_imports_follows_it_and_says_so(tmp_path: Path) -> None:
    text = TORCH.format("nn.Linear(4, 4), nn.Linear(4, 2)")
    agent, other = "from model import Net\ngym.make('BipedalWalker-v3')", "gym.make('Pong-v0')"
    for name, line in (("a/train", agent), ("a/model", ""), ("a/beside", ""), ("a/other", other), ("b/model", "")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.py").write_text(f"{text}{line}\n# an agent\n")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    answers = engine.search("agent for the bipedal walker", meaning=False).results
    assert [one.row.model_id for one in answers] == ["a_train", "a_model"]
    assert "is imported by a script that names bipedalwalker" in answers[1].why
    engine.close()


def test_what_is_known_to_be_of_another_comes_before_what_states_none(tmp_path: Path) -> None:
    moved = TORCH.format("nn.Linear(4, 4)")
    for name, text in (
        ("b_sgd", moved),
        ("a_none", "import torch\nfrom torch import nn\n\nclass Net(nn.Module):\n    def __init__(self):\n"
                   "        super().__init__()\n        self.net = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 1))\n"),
        ("c_adam", moved.replace("SGD", "Adam")),
    ):  # fmt: skip
        (tmp_path / f"{name}.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query in ("PyTorch scripts that do not use Adam", "pytorch not adam", "-opt:adam"):
        found = [Path(one.row.path).stem for one in engine.search(query, meaning=False).results]
        assert found == ["b_sgd", "a_none"], query
    engine.close()


def test_a_kind_in_another_library_is_not_answered_by_the_word_network(tmp_path: Path) -> None:
    (tmp_path / "recurrent.py").write_text(TORCH.format("nn.LSTM(4, 4)"))
    flax = "import jax, optax\nimport flax.linen as nn\n\nclass Networks(nn.Module):\n    @nn.compact\n"
    flax += "    def __call__(self, x):\n        return nn.Dense(1)(nn.relu(nn.Dense(4)(x)))  # two networks\n"
    (tmp_path / "networks.py").write_text(flax)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    assert engine.search("JAX", meaning=False).total == 1
    assert engine.search("recurrent networks in JAX", meaning=False).total == 0
    engine.close()


def test_a_subject_that_only_scripts_of_another_library_are_on_is_not_answered_by_what_else_is_of_the_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "classify.py").write_text(TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)") + "# a network\n")
    critic = KERAS.format("Sequential([layers.Dense(3), layers.Dense(1)])") + "loss += gradient_penalty(x)\n"
    (tmp_path / "wgan_gp.py").write_text(critic)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query in ("WGAN in PyTorch", "pytorch wgan"):
        assert not results(engine, query), query
    for query in ("WGAN in Keras", "wgan"):
        assert [Path(one.row.path).stem for one in results(engine, query)] == ["wgan_gp"], query
    engine.close()


def test_a_subject_is_found_by_another_of_its_names_than_the_scripts_have(tmp_path: Path) -> None:
    (tmp_path / "play.py").write_text(TORCH.format("nn.Linear(9, 9), nn.Linear(9, 9)") + "env = TicTacToe()\n")
    (tmp_path / "other.py").write_text(TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)"))
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    assert [Path(one.row.path).stem for one in results(engine, "noughts and crosses")] == ["play"]
    assert not results(engine, "playing poker")
    engine.close()


def test_no_score_rises_down_the_list(tmp_path: Path) -> None:
    loads = "import torchvision\nloader = torch.utils.data.DataLoader(torchvision.datasets.SVHN('.'))\n"
    for name, text in (
        (
            "a_open",
            "from data import load\nloader = load(sys.argv[1], ('svhn', 'stl10'))  # plates, doors, walls\n" * 3,
        ),
        ("b_sure", f"{loads}# plates and doors\n"),
    ):
        steps = "for x, y in loader:\n    net(x).mean().backward()\n    opt.step()\n"
        (tmp_path / f"{name}.py").write_text(f"{TORCH.format('nn.Linear(4, 4)')}{text}{steps}")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = engine.search("plates and doors and walls, trained on SVHN", meaning=False).results
    assert [Path(one.row.path).stem for one in found] == ["b_sure", "a_open"]
    assert found[0].score >= found[1].score > 0
    engine.close()


def test_a_way_to_learn_is_denied_of_what_is_called_so_and_of_what_imports_it(tmp_path: Path) -> None:
    net = TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)")
    scripts = {
        "dqn": net, "play": f"from dqn import net as old\n{net}", "ppo": net,
        "wgan": net, "organ": net, "agent": net.replace("nn.Sequential", "DeepQNetwork").replace(
            "net =", "class DeepQNetwork(nn.Sequential):\n    pass\nnet ="),
    }  # fmt: skip
    (tmp_path / "scripts").mkdir()
    for name, text in scripts.items():
        (tmp_path / "scripts" / f"{name}.py").write_text(text)
    update(tmp_path / "index", [tmp_path / "scripts"], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = {Path(one.row.path).stem for one in engine.search("scripts without DQN", meaning=False).results}
    assert found == {"ppo", "wgan", "organ"}
    found = {Path(one.row.path).stem for one in engine.search("scripts that are no GAN", meaning=False).results}
    assert found == {*scripts} - {"wgan"}
    engine.close()


def test_a_kind_on_one_data_set_is_not_answered_by_other_networks_on_it(tmp_path: Path) -> None:
    data = "from torchvision import datasets\ntrain = datasets.{}('.')\n"
    gan = "class Generator(nn.Module): pass\nclass Discriminator(nn.Module): pass\n"
    texts = {
        "classify": data.format("CIFAR10") + TORCH.format("nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)"),
        "gan": data.format("MNIST") + TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)") + gan,
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query, first in (("GANs on MNIST", ["gan"]), ("CNNs on CIFAR-10", ["classify"]), ("GANs on CIFAR-10", [])):
        assert [Path(one.row.path).stem for one in results(engine, query)] == first, query
    (tmp_path / "classify.py").write_text(f"# later the encoder of a GAN\n{texts['classify']}")
    update(tmp_path / "index", [tmp_path], embed=False)
    assert [Path(one.row.path).stem for one in results(engine, "GANs on CIFAR-10")] == ["classify"]
    engine.close()


def test_what_is_of_the_kind_that_is_all_that_is_asked_for_comes_before_what_speaks_of_it(tmp_path: Path) -> None:
    said = "# gated recurrent units: gated, recurrent, units of a gated recurrent unit\n"
    (tmp_path / "gated_recurrent.py").write_text(said + TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)"))
    (tmp_path / "net.py").write_text(TORCH.format("nn.GRU(4, 4)"))
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = results(engine, "gated recurrent units")
    assert [Path(one.row.path).stem for one in found] == ["net", "gated_recurrent"]
    assert found[0].score >= found[1].score
    engine.close()


def test_what_trains_in_several_stages_is_found_by_its_stages_and_says_them(tmp_path: Path) -> None:
    loop = (
        "for epoch in range({}):\n    for x, y in loader:\n        opt.zero_grad()\n"
        "        loss(net(x), y).backward()\n        opt.step()\n"
    )
    one = TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)")
    inner = "".join(f"    {line}\n" for line in loop.format("epochs").splitlines())
    make = "    opt = torch.optim.SGD(net.parameters(), 0.1)\n"
    staged = "".join(f"def {name}(net, epochs):\n{make}{inner}" for name in ("train_teacher", "train_student"))
    (tmp_path / "once.py").write_text(f"# in several stages of a rocket\n{one}{loop.format(3)}")
    (tmp_path / "twice.py").write_text(f"{one}{staged}train_teacher(net, 3)\ntrain_student(net, 4)\n")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    first = results(engine, "trains in several stages")[0]
    assert Path(first.row.path).stem == "twice"
    assert first.why[0] == "2 stages: train_teacher at line 6 and train_student at line 13"
    assert parse("multi-stage training").components == ("several-stages",)
    without = results(engine, "trained without several stages")
    assert [(Path(one.row.path).stem, one.why) for one in without] == [("once", ("no second stage was found",))]
    engine.close()


def test_scores_of_two_sides_fall_down_the_list(engine: SearchEngine) -> None:
    for query in ("compare Keras models with pictures", "Linear vs Conv2D", "batch normalisation versus keras"):
        scores = [one.score for one in results(engine, query)]
        assert scores == sorted(scores, reverse=True), query


def test_a_kind_is_denied_of_a_file_that_is_called_so_where_none_was_read(tmp_path: Path) -> None:
    text = "import torch\nfrom elsewhere import build\nnet = build()\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"
    for name in ("lstm", "train_lstm", "other"):
        (tmp_path / f"{name}.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    assert [Path(one.row.path).stem for one in results(engine, "PyTorch, but no LSTM")] == ["other"]
    engine.close()


def test_the_readme_of_a_project_tells_its_data_where_no_script_does(tmp_path: Path) -> None:
    text = "import torch\nfrom torch import nn\nnet = nn.Linear(4, 4)\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"
    for folder, readme in (("moles", "# Borders of moles\nObtain all the ISIC 2018 data from its website.\n"),
                           ("rest", "# Something else\nTrains on the photos of a holiday by the sea.\n")):  # fmt: skip
        (tmp_path / folder / "net").mkdir(parents=True)
        (tmp_path / folder / "README.md").write_text(readme)
        (tmp_path / folder / "net" / "train.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = results(engine, "trained on ISIC 2018")
    assert [Path(one.row.path).parts[-3] for one in found] == ["moles"]
    assert found[0].why == ("the README of its project names ISIC",)
    assert not results(engine, "trained on ImageNet")
    (tmp_path / "rest" / "net" / "train.py").write_text(f"# reads ISIC\n{text}")
    update(tmp_path / "index", [tmp_path], embed=False)
    assert [Path(one.row.path).parts[-3] for one in results(engine, "trained on ISIC 2018")] == ["rest"]
    engine.close()


def test_a_word_that_only_the_readme_of_a_project_has_finds_its_scripts(tmp_path: Path) -> None:
    text = "import torch\nfrom torch import nn\nnet = nn.Linear(4, 4)\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"
    readmes = {"paint": "# Old prints\nGives the photographs of grandparents their colours.\n",
               "rest": "# Something else\nTrains a network on tables of the kind one buys in a shop.\n"}  # fmt: skip
    for folder, readme in readmes.items():
        (tmp_path / folder / "net").mkdir(parents=True)
        (tmp_path / folder / "README.md").write_text(readme)
        (tmp_path / folder / "net" / "train.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = results(engine, "photographs grandparents")
    assert [Path(one.row.path).parts[-3] for one in found] == ["paint"]
    assert found[0].why == ("the README of its project has the words: photographs, grandparents",)
    # the words of a README are no words of a script: what denies them denies nothing
    assert len(results(engine, "-grandparents")) == 2
    (tmp_path / "paint" / "README.md").write_text("# Moved\nNothing is left here of what there was before.\n")
    update(tmp_path / "index", [tmp_path], embed=False)
    assert not results(engine, "photographs grandparents")
    engine.close()


def test_a_data_set_that_no_script_has_is_the_subject_that_is_called_so(tmp_path: Path) -> None:
    text = "import torch\nfrom torch import nn\nnet = nn.Linear(4, 4)\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"
    (tmp_path / "lungs.py").write_text(f"# tells pneumonia from what the rays show of a chest\n{text}")
    (tmp_path / "rest.py").write_text(text)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = engine.search("pneumonia chest x-ray", meaning=False)
    assert [Path(one.row.path).stem for one in found.results] == ["lungs"] and not found.understood.filters
    assert not results(engine, "dataset:ChestXrayPneumonia")
    loaded = "from torchvision.datasets import ImageFolder\nfrom torch.utils.data import DataLoader\n"
    loaded += "for x, y in DataLoader(ImageFolder('chest_xray/train'), 8):\n    net(x).sum().backward(), opt.step()\n"
    (tmp_path / "rest.py").write_text(text + loaded)
    update(tmp_path / "index", [tmp_path], embed=False)
    assert [Path(one.row.path).stem for one in results(engine, "pneumonia chest x-ray")] == ["rest"]
    engine.close()


def test_the_network_that_what_is_trained_on_some_data_imports_is_found_after_it_and_not_counted(
    tmp_path: Path,
) -> None:
    network = "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    network += "        self.a = nn.Conv2d(1, 8, 3)\n    def forward(self, x):\n        return self.a(x)\n"
    training = "import torch\nfrom torchvision import datasets\nfrom {net} import Net\nnet = Net()\n"
    training += "data = torch.utils.data.DataLoader(datasets.{data}('data'), 8)\n"
    training += (
        "opt = torch.optim.SGD(net.parameters(), 0.1)\nfor x, y in data:\n    net(x).sum().backward()\n    opt.step()\n"
    )
    for folder, data in (("clothes", "FashionMNIST"), ("digits", "MNIST")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"net_{folder}.py").write_text(network)
        (tmp_path / folder / "train.py").write_text(training.format(net=f"net_{folder}", data=data))
    (tmp_path / "both.py").write_text(network)
    for data in ("MNIST", "CIFAR10"):
        (tmp_path / f"train_{data}.py").write_text(training.format(net="both", data=data))
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    found = engine.search("trained on FashionMNIST", meaning=False)
    assert [Path(one.row.path).name for one in found.results] == ["train.py", "net_clothes.py"]
    assert found.results[1].why == ("is imported by what is trained on FashionMNIST",)
    assert found.answering == 1
    for field in ("dataset:FashionMNIST", "dataset:fashionmnist net", "dataset:FashionMNIST tag:cnn"):  # states none
        assert "net_clothes.py" not in [Path(one.row.path).name for one in results(engine, field)], field
    mnist = [Path(one.row.path).name for one in results(engine, "trained on MNIST")]
    assert sorted(mnist[:2]) == ["train.py", "train_MNIST.py"] and mnist[2:] == [
        "net_digits.py"
    ]  # both.py may be either
    engine.close()


def test_what_is_of_a_subject_that_is_denied_is_not_found_for_want_of_the_word(tmp_path: Path) -> None:
    texts = {
        "waves": "import torchaudio\n# mel spectrogram of a waveform of speech\n",
        "points": "# points in space\n", "other": "# letters\n",
    }  # fmt: skip
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text + TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)"))
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query in ("PyTorch, nothing with sound", "PyTorch, no audio"):
        assert {Path(one.row.path).stem for one in results(engine, query)} == {"points", "other"}, query
    assert len(results(engine, 'PyTorch -"sound"')) == 3  # the word itself
    for question in ("how many of the scripts without sound use SGD?", "do all scripts without sound use SGD?",
                     "what share of the scripts without sound uses SGD?"):  # fmt: skip
        answered = engine.search(question, meaning=False)
        assert answered.understood.aim.of == (Filter("uses", "in", ("sound-data",), True),)
        assert len(answered.whole) == answered.total == 2, question
    emptied = engine.search("no sound, created before 1980", meaning=False).empty
    assert emptied is not None and [one.without for one in emptied.filters] == [2]  # as many as are found without it
    assert topics.wholly(["yolo", "cora", "dueling"]) == []
    engine.close()


def test_the_parts_of_a_name_apart_are_not_that_name(tmp_path: Path) -> None:
    texts = {"a": "feed_dict = {}\n", "b": "# feed a dict\nfeed = dict()\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.py").write_text(text + TORCH.format("nn.Linear(4, 4), nn.Linear(4, 4)"))
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    assert [Path(one.row.path).stem for one in results(engine, "feed_dict")] == ["a"]
    engine.close()


def test_what_is_said_beside_two_sides_holds_for_both() -> None:
    cora = Filter("dataset", "eq", "Cora")
    for text in ("gat versus gcn, cora", "difference between GAT and GCN on Cora",
                 "on the Cora graph, what sets graph attention apart from plain graph convolution?"):  # fmt: skip
        assert all(cora in side.filters for side in parse(text).sides), text
    assert parse("cora, epochs 200").filters == (cora, Filter("epochs", "eq", 200))
    assert parse("DQN without a dueling head").filters == (Filter("text", "eq", "dueling", True),)


def test_what_the_words_find_comes_before_what_only_passes_the_filter(tmp_path: Path) -> None:
    net = TORCH.format("nn.Linear(4, 4)")
    steps = "for x, y in loader:\n    net(x).mean().backward()\n    opt.step()\n"
    sure = "import torchvision\nloader = torch.utils.data.DataLoader(torchvision.datasets.MNIST('.'))\n"
    for name in ("a_sorts", "b_sorts"):
        (tmp_path / f"{name}.py").write_text(f"{net}{sure}{steps}")
    unsure = "# ddpm\ndef data(dataset):\n    if dataset == 'mnist':\n        return load(0)\n    return load(1)\n"
    (tmp_path / "c_denoises.py").write_text(f"{net}{unsure}loader = data(sys.argv[1])\n{steps}")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query, first in (("trained on MNIST", "a_sorts"), ("ddpm trained on MNIST", "c_denoises")):
        assert Path(results(engine, query)[0].row.path).stem == first, query
    engine.close()


def test_a_way_out_of_an_empty_result_leads_to_what_the_words_find(tmp_path: Path) -> None:
    net = TORCH.format("nn.Linear(4, 4)")
    (tmp_path / "a.py").write_text(f'"""Denoises pictures."""\n{net}')
    (tmp_path / "b.py").write_text(f'"""Sorts numbers."""\n{net}')
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for question, without, nearest in (
        ("denoises created:<1980", 1, True),
        ("text to speech, created:<1980", 0, False),
    ):
        empty = engine.search(question, meaning=False).empty
        assert empty is not None
        assert [(one.without, one.nearest is not None) for one in empty.filters] == [(without, nearest)], question
        assert bool(empty.words) is not nearest
    engine.close()
