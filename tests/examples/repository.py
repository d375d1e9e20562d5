"""Makes a git repository of the example scripts, each committed at the date the manifest gives.

`python tests/examples/repository.py TARGET`, or `build(Path(…))`. A target that is up to date is left as it is.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE / "scripts"
_IDENTITY = {"NAME": "Example", "EMAIL": "example@example.invalid"}


def dates() -> dict[str, str]:
    """Script (path under scripts/) → its date, ISO 8601."""
    manifest = tomllib.loads((HERE / "manifest.toml").read_text(encoding="utf-8"))
    return {name: when.isoformat() for name, when in manifest["scripts"].items()}


def build(target: Path) -> None:
    """Copies the scripts to `target` and commits them one by one at their dates."""
    wanted = sorted(dates().items(), key=lambda pair: pair[1])
    digest = hashlib.sha256()
    for name, when in wanted:
        digest.update(f"{name}\0{when}\0".encode() + (SCRIPTS / name).read_bytes())
    stamp = target / ".git" / "examples-digest"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    if stamp.exists():
        shutil.rmtree(target / ".git")
    elif (target / ".git").exists():
        sys.exit(f"{target} is somebody's repository; name a folder of the examples' own")
    target.mkdir(parents=True, exist_ok=True)
    _git(target, "init", "--quiet")
    for name, when in wanted:
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SCRIPTS / name, copy)
        seconds = datetime.fromisoformat(when).timestamp()
        os.utime(copy, (seconds, seconds))
        _git(target, "add", "--", name)
        _git(target, "commit", "--quiet", "--no-gpg-sign", "-m", f"Add {name}", when=when)
    stamp.write_text(digest.hexdigest())


def _git(folder: Path, *arguments: str, when: str = "2025-01-01T00:00:00Z") -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_{part}": value for part, value in _IDENTITY.items()}
        environment[f"GIT_{role}_DATE"] = when
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, env=environment, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tests/examples/repository.py TARGET")
    build(Path(sys.argv[1]))
