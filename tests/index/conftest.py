"""The example repository and one index of it, made once for all tests that only read them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from index.indexing import update
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


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("examples") / "models"
    _repository().build(target)
    (target / "faces" / "README.md").write_text(README, encoding="utf-8")
    return target


@pytest.fixture(scope="session")
def words_index(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the examples without vectors: no test that uses it loads the model."""
    folder = tmp_path_factory.mktemp("words") / "index"
    update(folder, [examples], embed=False)
    return folder


@pytest.fixture(scope="session")
def full_index(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full") / "index"
    update(folder, [examples])
    return folder


@pytest.fixture
def words(words_index: Path) -> SearchEngine:
    return SearchEngine(words_index)


@pytest.fixture(scope="session")
def hybrid(full_index: Path) -> SearchEngine:
    engine = SearchEngine(full_index)
    engine.load_model()
    return engine
