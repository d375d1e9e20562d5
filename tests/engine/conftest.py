"""What takes seconds to import, and not where the tests are collected: every worker does that."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def diffusers() -> ModuleType:
    """The noise schedules and samplers that everybody uses."""
    return importlib.import_module("diffusers")
