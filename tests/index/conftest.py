"""The example repository and one index of it, made once for all tests that only read them."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from filelock import FileLock

from index.indexing.update import update
from index.search import SearchEngine

README = """# Strangers

Portraits of people who do not exist, drawn for a [museum](https://example.invalid) and its exhibition.

```
python dcgan.py --weather
```
"""
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def _repository() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_repository", EXAMPLES / "repository.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that the workers of one run share: the first to ask makes it, the others wait."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            folder.mkdir()
            try:
                make(folder)
            except BaseException:
                shutil.rmtree(folder)
                raise
    return folder


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        _repository().build(folder / "models")
        (folder / "models" / "faces" / "README.md").write_text(README, encoding="utf-8")

    return made_once(tmp_path_factory, "examples", make) / "models"


@pytest.fixture(scope="session")
def words_index(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the examples without vectors: no test that uses it loads the model."""

    def make(folder: Path) -> None:
        update(folder / "index", [examples], embed=False)

    return own(tmp_path_factory, made_once(tmp_path_factory, "words", make))


@pytest.fixture(scope="session")
def full_index(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = made_once(tmp_path_factory, "full", lambda folder: update(folder / "index", [examples]))
    return own(tmp_path_factory, made)


def own(factory: pytest.TempPathFactory, made: Path) -> Path:
    """A worker's copy of an index, for it to write into and to open search processes on."""
    return Path(shutil.copytree(made / "index", factory.mktemp(made.name) / "index"))


@pytest.fixture
def words(words_index: Path) -> SearchEngine:
    return SearchEngine(words_index)


@pytest.fixture(scope="session")
def hybrid(full_index: Path) -> SearchEngine:
    engine = SearchEngine(full_index)
    engine.load_model()
    return engine
