"""Scripts that leave open what they are trained on, and name a dataset in their code."""

from __future__ import annotations

from pathlib import Path

from index.catalog.conditions import called_after, naming
from index.indexing.update import update
from index.known.datasets import BY_ALIAS
from index.search import SearchEngine
from index.understanding.query import parse


def test_a_dataset_is_named_by_itself_and_not_as_a_part_of_anothers_name() -> None:
    held = {"mnist": {1, 2, 3}, "fashionmnist": {2}, "cifar10": {4, 5}, "cifar100": {5}, "imagenet": {6}}

    def containing(text: str, *, source: bool = False) -> set[int]:
        return held.get(text, set()) if source else set()

    assert naming(["MNIST"], containing) == {1, 3}
    assert naming(["FashionMNIST"], containing) == {2}
    assert naming(["CIFAR10"], containing) == {4, 5}
    assert naming(["CIFAR100", "FashionMNIST"], containing) == {2, 5}
    assert naming(["ImageNet"], containing) == set()  # what many a network was trained on before


def test_who_is_trained_on_a_dataset_comes_before_who_may_be(tmp_path: Path) -> None:
    step = "net = torch.nn.Conv2d(1, 8, 3)\noptimizer = torch.optim.Adam(net.parameters(), lr=1e-3)\n"
    step += "for x, y in loader:\n    optimizer.zero_grad()\n    net(x).mean().backward()\n    optimizer.step()\n"
    loads = "import torch, torchvision\nloader = torch.utils.data.DataLoader(torchvision.datasets.{}('.'))\n"
    scripts = {
        "zebra.py": loads.format("SVHN") + step,
        "open.py": f"import sys\nfrom data import load\nloader = load(sys.argv[1], ('svhn', 'stl10', 'coco', 'cora'))\n"
        f"import torch\n{step}",
        "other.py": loads.format("CIFAR10") + "NOT_YET = 'kmnist'\nKINDS = {'celebhq': None}\n" + step,
        "cloud.py": f"import os\nKIND = os.environ.get('KIND', 'tpu')\n{loads.format('CIFAR10')}{step}",
        "scipy.py": f"{loads.format('CIFAR10')}{step}ScipyOptimizerInterface(net, method='L-BFGS-B', lion='zoo')\n",
    }
    for name, text in scripts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")

    def found(query: str) -> list[str]:
        return [Path(result.row.path).name for result in engine.search(query, meaning=False).results]

    assert found("trained on SVHN") == ["zebra.py", "open.py"]
    assert found("not trained on SVHN") == [
        "cloud.py",
        "other.py",
        "scipy.py",
        "open.py",
    ]  # what it leaves open is denied of none, and comes after what is known, of those that answer alike
    assert found("coco") == found("trained on Cora") == ["open.py"] and found("trained on the Titanic") == []
    assert found("trained on KMNIST") == ["other.py"]  # where no other is
    assert found("trained on Flowers102") == []
    (named,) = engine.search("trained on KMNIST", meaning=False).results
    assert named.why == ("names KMNIST at line 3: NOT_YET = 'kmnist'",)
    assert engine.search("celeba", meaning=False).results[0].why == (
        "names CelebAHQ at line 4: KINDS = {'celebhq': None}",  # made of it
    )
    for query in ("L-BFGS", "a limited-memory BFGS solver"):  # no stage is read to have it, the text does
        assert found(query) == ["scipy.py"]
    (named,) = engine.search("L-BFGS", meaning=False).results
    assert any(why.startswith("names LBFGS at line 9: ScipyOptimizerInterface(net") for why in named.why)
    (named,) = engine.search("runs on a TPU", meaning=False).results
    assert named.why == ("names TPU at line 2: KIND = os.environ.get('KIND', 'tpu')",)
    assert found("trained with the Lion optimizer") == []  # a word of every day
    assert found("not using L-BFGS") == ["cloud.py", "open.py", "other.py", "scipy.py", "zebra.py"]


def test_where_no_script_names_a_dataset_its_folder_may(tmp_path: Path) -> None:
    step = "import torch\nfrom data import load\nnet = torch.nn.Conv2d(1, 8, 3)\nfor x in load():\n"
    step += "    net(x).mean().backward()\n    torch.optim.Adam(net.parameters(), lr=1e-3).step()\n"
    for name in ("17flowers/finetune.py", "fashion_mnist/train.py", "cifar100/train.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(step, encoding="utf-8")
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")

    def why(query: str) -> dict[str, tuple[str, ...]]:
        return {Path(one.row.path).name: one.why for one in engine.search(query, meaning=False).results}

    assert why("trained on 17flowers") == {"finetune.py": ("dataset Flowers17 at line 4",)}
    assert why("trained on Fashion-MNIST") == {"train.py": ("dataset FashionMNIST at line 4",)}
    assert why("trained on MNIST") == why("trained on CIFAR-10") == {}


def test_where_nothing_nearer_names_a_dataset_its_project_may(tmp_path: Path) -> None:
    step = "import torch\nfrom data import load\nnet = torch.nn.Conv2d(1, 8, 3)\nfor x in load():\n"
    step += "    net(x).mean().backward()\n    torch.optim.Adam(net.parameters(), lr=1e-3).step()\n"
    script = tmp_path / "svhn" / "work" / "gtzan-classifier" / "src" / "models" / "training" / "fit.py"
    script.parent.mkdir(parents=True)
    script.write_text(step, encoding="utf-8")
    update(tmp_path / "index", [tmp_path / "svhn" / "work"], embed=False)
    engine = SearchEngine(tmp_path / "index")
    (found,) = engine.search("trained on GTZAN", meaning=False).results
    assert found.why == ("lies in gtzan-classifier",)
    assert not engine.search("trained on SVHN", meaning=False).results, "what lies above what is indexed is no project"


def test_a_folder_is_called_after_a_dataset_itself() -> None:
    assert called_after(["CelebA"], "/x/diffusion/scripts/run_celebahq.py") == "run_celebahq.py"
    assert called_after(["CatsVsDogs"], "/x/dogs_vs_cats/VGG16/train.py") == "dogs_vs_cats"
    assert called_after(["Titanic"], "/x/kaggle-titanic/run.py") == "kaggle-titanic"
    assert called_after(["Titanic"], "/x/titanically.py") == ""
    assert called_after(["IMDB"], "/x/imdb-sentiment/train.py") == "imdb-sentiment"
    assert called_after(["IMDB"], "/x/limdbs/train.py") == ""
    assert called_after(["MNIST"], "/x/kmnist/train.py") == called_after(["CIFAR10"], "/x/cifar100.py") == ""
    assert called_after(["MNIST"], "/mnist/a/b/c/train.py") == "", "far away it says nothing of the script"


def test_a_dataset_is_named_in_several_words_or_beside_what_loads_it(tmp_path: Path) -> None:
    text = "import torch\nfrom torch import nn\nnet = nn.Linear(4, 4)\nopt = torch.optim.SGD(net.parameters(), 0.1)\n"
    begins = {
        "heads": "class MyData(torch.utils.data.Dataset):\n    pass\nloader = MyData('./AnimeFaces64')\n",
        "words": "from dataloader_iam import Batch\n", "plain": "# here I am, drawing faces of an anime\n",
    }  # fmt: skip
    for name, begin in begins.items():
        (tmp_path / f"{name}.py").write_text(text + begin)
    update(tmp_path / "index", [tmp_path], embed=False)
    engine = SearchEngine(tmp_path / "index")
    for query, name, why in (
        ("anime faces", "heads", "names AnimeFaces at line 7: loader = MyData('./AnimeFaces64')"),
        ("words of IAM", "words", "names IAM at line 5: from dataloader_iam import Batch"),
        ("IAM dataset", "words", "names IAM at line 5: from dataloader_iam import Batch"),
    ):
        found = engine.search(query, meaning=False).results
        assert [Path(one.row.path).stem for one in found] == [name], query
        assert found[0].why[0] == why
    for query in ("trained on StanfordCars", "PANDA dataset"):
        assert not engine.search(query, meaning=False).results
    engine.close()


def test_words_that_only_stand_beside_one_another_name_no_dataset() -> None:
    for asked in ("networks that guess what a share will cost", "tracking net for cars", "a magic brush", "open lane"):
        assert not parse(asked).filters
    for alias in ("afew", "openi", "boneage", "changedetectiondataset"):
        assert alias not in BY_ALIAS
