"""What git ignores is not looked at, and nothing else: the same files as git lists, for any patterns."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.files.scanner import scan

NAMES = st.sampled_from(["a", "b", "c"])
FILES = st.sampled_from(["a.py", "b.py", "bb.py"])
PATHS = st.builds(lambda folders, file: "/".join([*folders, file]), st.lists(NAMES, max_size=3), FILES)
PART = st.sampled_from(["a", "b", "*", "?", "**", "a.py", "b*.py", "*.py", "[ab]", "bb.py"])
PATTERNS = st.builds(
    lambda negated, anchored, parts, folder: negated + anchored + "/".join(parts) + folder,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "/"]),
    st.lists(PART, min_size=1, max_size=3),
    st.sampled_from(["", "", "/"]),
)


@settings(max_examples=60, deadline=None)
@given(
    st.sets(PATHS, min_size=1, max_size=12),
    st.lists(PATTERNS, min_size=1, max_size=5),
    st.lists(PATTERNS, max_size=3),
)
@example({"b/a.py", "b/b.py"}, ["*", "!b"], [])
@example({"a/a.py", "b/b.py"}, ["/*", "!/?"], [])
@example({"a/b/a.py", "a/b.py"}, ["a/*", "!a/b/"], ["!a.py"])
@example({"a/a/a.py"}, ["a/a"], ["!a/**"])
@example({"a/a.py", "a/b/b.py"}, ["a/**/"], [])
@example({"a/b/a.py", "a.py"}, ["*", "!**/", "!*.py"], [])
def test_the_files_are_those_that_git_lists(paths: set[str], outer: list[str], inner: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        for path in paths:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("x = 1\n")
        (root / ".gitignore").write_text("\n".join(outer))
        if inner and (root / "a").is_dir():
            (root / "a" / ".gitignore").write_text("\n".join(inner))
        git = ["git", "-C", str(root)]
        subprocess.run([*git, "init", "-q"], check=True)
        listed = subprocess.run(
            [*git, "ls-files", "--others", "--exclude-standard", "-z", "--", "*.py"], check=True, capture_output=True
        )
        wanted = {part for part in listed.stdout.decode().split("\0") if part}
        assert {str(Path(found.path).relative_to(root)) for found in scan(root)} == wanted
