"""Configuration files that a script names by a literal path, as the expressions they amount to.

YAML, JSON, TOML and the plain assignments of a Python file; nothing is executed, no tag makes an object, and no file
outside the folders above the script is opened.
"""

from __future__ import annotations

import ast
import configparser
import json
import os
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from index.files.scanner import stat_of

SUFFIXES = (".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".conf", ".py")
_SECTIONED = {".ini", ".cfg", ".conf"}
_READMES = ("README.md", "README.rst", "README.txt", "readme.md", "Readme.md", "README")
_MAX_BYTES = 200_000
_MAX_TEXT = 10_000  # of a configuration within a script
_MAX_VALUES = 5_000
_Node = TypeVar("_Node", bound=ast.expr)
_CHOSEN = re.compile(r"\$\{(\w+)\}")
_LEVELS = 4  # folders above a script that a path may be relative to
_MARKS = {".git", "pyproject.toml", "setup.py", "requirements.txt"}  # of the top of a repository


@dataclass
class Configs:
    """The files beside one script. `used` names every file that was looked at, found or not."""

    script: Path | None = None
    used: list[Path] = field(default_factory=list)
    _read: dict[str, ast.Dict | None] = field(default_factory=dict)
    _modules: dict[str, bool] = field(default_factory=dict)
    _listed: dict[Path, frozenset[str]] = field(default_factory=dict)

    def read(self, name: str) -> ast.Dict | None:
        """The contents of a configuration file as a dict expression; None where there is none to read."""
        if name not in self._read:
            self._read[name] = _dict(self._load(name))
        return self._read[name]

    def opened(self) -> list[tuple[str, ast.Dict]]:
        """Every configuration file that was read, by its name."""
        return [(name.rpartition("\0")[2], node) for name, node in self._read.items() if node and "\n" not in name]

    def written(self, text: str) -> ast.Dict | None:
        """What a configuration amounts to that stands in the script itself, as YAML or JSON."""
        if text not in self._read:
            small = len(text) <= _MAX_TEXT and len(self._read) <= 20
            self._read[text] = _dict(contents(".yaml", text.encode("utf-8", "replace"))) if small else None
        return self._read[text]

    def composed(self, folder: str, name: str) -> ast.Dict | None:
        """A Hydra configuration: the file, and those that its list of defaults names, each under its group."""
        key = f"{folder}\0{name}"
        if key not in self._read:
            own = self._load(f"{folder}/{_yaml(name)}".lstrip("/"))
            whole: dict[str, Any] = {}
            defaults = own.pop("defaults", []) if own is not None else []
            for entry in defaults if isinstance(defaults, list) else []:
                if isinstance(entry, str) and entry != "_self_":
                    chosen = _CHOSEN.sub(lambda match: str((own or {}).get(match[1], "")), entry)  # ${model}/config
                    _merge(whole, self._load(f"{folder}/{_yaml(chosen)}".lstrip("/")) or {})
                elif isinstance(entry, dict):
                    for group, chosen in entry.items():
                        part = str(group).removeprefix("override ").strip()
                        inner = self._of_group(f"{folder}/{part}".lstrip("/"), str(chosen))
                        _merge(whole, {part.split("/")[-1]: inner})
            _merge(whole, own or {})
            self._read[key] = _dict(whole) if own is not None else None
        return self._read[key]

    def _of_group(self, folder: str, name: str, depth: int = 0) -> dict[str, Any]:
        """A choice of a group, upon those of the same group that its own list of defaults names: a `gpu` that is made
        upon `default`."""
        own = self._load(f"{folder}/{_yaml(name)}") or {}
        whole: dict[str, Any] = {}
        defaults = own.pop("defaults", [])
        for entry in defaults if isinstance(defaults, list) and depth < _LEVELS else []:
            if isinstance(entry, str) and entry != "_self_" and not entry.startswith("/"):
                _merge(whole, self._of_group(folder, entry, depth + 1))
        _merge(whole, own)
        return whole

    def _load(self, name: str) -> dict[str, Any] | None:
        if self.script is None or not name.lower().endswith(SUFFIXES) or len(name) > 300 or "\0" in name:
            return None
        if len(self._read) > 20 or Path(name).is_absolute():
            return None
        data = self._find(name)
        return contents(Path(name).suffix.lower(), data) if data is not None else None

    def module(self, path: str) -> tuple[str, str] | None:
        """The name and the text of the Python module at a path without its suffix, beside the script or above it."""
        if self.script is None or len(path) > 300:
            return None
        for name in (f"{path}.py", f"{path}/__init__.py"):
            data = self._find(name)
            if data is not None and self.script != self.used[-1]:
                return name, data.decode("utf-8", "replace").replace("\r\n", "\n")
        return None

    def has_module(self, path: str) -> bool:
        """Whether there is a Python module, or a folder of some, at a path without its suffix."""
        if self.script is None or len(path) > 300:
            return False
        if path not in self._modules:
            head = path.partition("/")[0]
            places = [folder / path for folder in self._folders
                      if not {head, f"{head}.py"}.isdisjoint(self._names(folder))]  # fmt: skip
            self._modules[path] = any(
                place.is_dir() or place.with_name(f"{place.name}.py").is_file() for place in places
            )
        return self._modules[path]

    def readme(self) -> str:
        """What the README in the script's folder says; of one further up, only the lines that name the script."""
        folder, text = self._told
        return text if self.script is None or folder == self.script.parent else _about(text, self.script.name)

    def line(self) -> str:
        """What the nearest README says of the script where it names it."""
        return _about(self._told[1], self.script.name) if self.script is not None else ""

    @property
    def home(self) -> Path | None:
        """The folder of the nearest README."""
        return self._told[0]

    @property
    def top(self) -> Path | None:
        """The top of the repository that the script is in, where it is in one."""
        folders = self._folders if self.script is not None else []
        return folders[-1] if folders and not _MARKS.isdisjoint(self._names(folders[-1])) else None

    def introduction(self) -> str:
        """What the nearest README says, be it of the script's folder or of its whole project."""
        return self._told[1]

    @cached_property
    def _told(self) -> tuple[Path | None, str]:
        """The nearest README's folder and text, looked for once."""
        for folder in self._folders if self.script is not None else ():
            names = self._names(folder)
            for file in [folder / name for name in _READMES if name in names]:
                data = _bytes(file, folder, stat_of(os.fspath(file)))
                if data is not None:
                    self.used.append(file)
                    return folder, data.decode("utf-8", "replace")
        return None, ""

    def _find(self, name: str) -> bytes | None:
        """The nearest file of a name, in the folder of the script or one above it."""
        folders, head = self._folders, name.partition("/")[0]
        for folder in folders:
            file = folder / name
            self.used.append(file)
            if head in self._names(folder) or head in {"", ".", ".."}:
                data = _bytes(file, folders[-1], stat_of(os.fspath(file)))
                if data is not None:
                    return data
        return None

    def _names(self, folder: Path) -> frozenset[str]:
        """What is in a folder: of files that a script may have beside it, most are not there."""
        if folder not in self._listed:
            try:
                self._listed[folder] = _listed(os.fspath(folder), os.stat(folder).st_mtime_ns)  # noqa: PTH116
            except OSError:
                self._listed[folder] = frozenset()
        return self._listed[folder]

    @cached_property
    def _folders(self) -> list[Path]:
        """The folder of the script and those above it, up to the top of its repository."""
        assert self.script is not None
        found = []
        for folder in _above(self.script.parent):
            found.append(folder)
            if not _MARKS.isdisjoint(self._names(folder)):
                break
        return found


def _yaml(name: str) -> str:
    return name if name.endswith((".yaml", ".yml")) else f"{name}.yaml"


@lru_cache(maxsize=256)  # scripts of one folder look for the same files
def _above(folder: Path) -> list[Path]:
    """A folder and those above it, as far as they are looked into. Not to be changed."""
    return [folder, *folder.parents][:_LEVELS]


@lru_cache(maxsize=256)
def _listed(folder: str, _changed: int) -> frozenset[str]:
    """The names in a folder that was changed at a time."""
    return frozenset(os.listdir(folder))  # noqa: PTH208  names alone are wanted


def _about(text: str, name: str) -> str:
    """What a README says of one file: the rest of the line that begins with its name."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        before, mark, after = line.partition(name)
        if mark and not before.strip(" \t#*-`│├└─|[("):
            if "#" in before and not after.strip("`*: "):  # a heading
                return next((below for below in lines[number + 1 :] if below.strip()), "")
            return after.split("](")[-1].partition(")")[2] if "](" in after else after.lstrip("`*:|)- \t#—–]<←")
    return ""


@lru_cache(maxsize=128)
def _bytes(file: Path, top: Path, _state: tuple[int, int]) -> bytes | None:
    """What a file within a folder holds, as it is in a state."""
    try:
        resolved = file.resolve(strict=True)
        if not resolved.is_relative_to(top.resolve()) or not resolved.is_file():
            return None
        if resolved.stat().st_size > _MAX_BYTES:
            return None
        return resolved.read_bytes()
    except (OSError, RuntimeError, ValueError):
        return None


def _merge(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for key, value in part.items():
        present = whole.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        else:
            whole[key] = value


def contents(suffix: str, data: bytes) -> dict[str, Any] | None:
    """What a configuration file of a kind holds; None for anything that is no mapping, or not to be read."""
    try:
        text = data.decode("utf-8-sig")
        if suffix == ".py":
            return _python(text)
        if suffix == ".json":
            value = json.loads(text)
        elif suffix == ".toml":
            value = tomllib.loads(text)
        elif suffix in _SECTIONED:
            value = _sections(text)
        elif any(sign in text for sign in ("&", "*")) and _aliases(text):
            return None  # aliases may stand for more than any file holds
        else:
            value = yaml.safe_load(text)
    except (ValueError, RecursionError, yaml.YAMLError, configparser.Error, SyntaxError, MemoryError):
        return None
    return value if isinstance(value, dict) else None


def _sections(text: str) -> dict[str, Any]:
    """What configparser reads: sections of settings, each with those that hold for all."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, inline_comment_prefixes=("#", ";"))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    # a setting is asked for in any case: as it is written here, or in lower case
    return {name: {key.lower(): value for key, value in own.items()} | dict(own) for name, own in parser.items()}


def _dict(value: dict[str, Any] | None) -> ast.Dict | None:
    try:
        node = _expression(value, [0])
    except RecursionError:
        return None
    return node if isinstance(node, ast.Dict) else None


def _aliases(text: str) -> bool:
    return any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader))


def _expression(value: Any, count: list[int]) -> ast.expr:
    """A value of a configuration as an expression without a line: what proves it is where the script uses it."""
    count[0] += 1
    if count[0] > _MAX_VALUES:
        raise RecursionError
    if isinstance(value, dict):
        keys: list[ast.expr | None] = [_constant(str(key)) for key in value]
        return _placed(ast.Dict(keys, [_expression(entry, count) for entry in value.values()]))
    if isinstance(value, list):
        return _placed(ast.List([_expression(entry, count) for entry in value], ast.Load()))
    if isinstance(value, str):
        return _constant(_number(value))
    return _constant(value if isinstance(value, int | float | bool) else None)


def _number(text: str) -> str | float:
    """YAML 1.1 takes 1e-4 for text; who wrote it did not."""
    if text[:1].isdigit() or text[:1] in "+-.":
        try:
            return float(text)
        except ValueError:
            return text
    return text


def _constant(value: Any) -> ast.expr:
    return _placed(ast.Constant(value))


def _placed(node: _Node) -> _Node:
    node.lineno = node.col_offset = 0
    return node


def _python(text: str) -> dict[str, Any]:
    """`lr = 1e-3` and, in `get_config`, `config.train.lr = 1e-3`."""
    tree = ast.parse(text)
    values: dict[str, Any] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in {"get_config", "get_default_configs"}:
            for inner in statement.body:
                _assign(inner, values, skip=1)
        else:
            _assign(statement, values, skip=0)
    return values


def _assign(statement: ast.stmt, values: dict[str, Any], skip: int) -> None:
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    names: list[str] = []
    target: ast.expr = statement.targets[0]
    while isinstance(target, ast.Attribute):
        names.insert(0, target.attr)
        target = target.value
    if not isinstance(target, ast.Name) or (skip and not names):
        return
    try:
        value = ast.literal_eval(statement.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return
    path = names if skip else [target.id, *names]
    inside = values
    for name in path[:-1]:
        entry = inside.setdefault(name, {})
        if not isinstance(entry, dict):
            return
        inside = entry
    inside[path[-1]] = value
