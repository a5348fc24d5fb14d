"""Rules of the house that no linter knows: pins, pages, sizes, and what must not be written.

Files are found by walking the tree, not by asking git: the tests also run on an unpacked archive.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import config

ROOT = config.ROOT
NOT_OURS = {"var", "built", "__pycache__"}
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".txt", ".html", ".css", ".js", ".mako", ""}
PACKAGES = ("rules", "handoffs", "forms", "exchange", "scheduler", "web")

# Security repairs that we rely on; docs/decisions/0010-dependencies.md.
FLOORS = {
    "apscheduler": (3, 11, 3),
    "flask": (3, 1, 3),
    "gunicorn": (22,),
    "pysqlite3": (0, 6, 1),
    "sqlmodel": (0, 0, 50),
    "weasyprint": (70,),
    "werkzeug": (3, 1, 6),
}

# Modules longer than 300 lines, each with the reason that its first lines give.
LONG_MODULES: set[str] = set()


def ours(*suffixes: str) -> Iterator[Path]:
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [
            name
            for name in folders
            if name == ".ci" or not (name in NOT_OURS or name.startswith("."))
        ]
        for name in names:
            if Path(name).suffix in suffixes:
                yield Path(folder, name)


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def pins(name: str) -> dict[str, str]:
    """Package to version, from a requirements file."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+) \\$", text, flags=re.MULTILINE))


@pytest.mark.parametrize(
    "name", ["requirements-build.txt", "requirements.txt", "requirements-dev.txt"]
)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    loose = [
        entry.splitlines()[0]
        for entry in re.split(r"\n(?=[^\s#])", text)
        if not entry.startswith("#") and not re.match(r"[a-z0-9-]+==\S+ \\\n\s+--hash=", entry)
    ]

    assert pins(name)
    assert loose == []


def test_what_is_tested_is_what_is_run() -> None:
    tested = pins("requirements-dev.txt")

    assert {name: tested.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")


@pytest.mark.parametrize("package", sorted(FLOORS))
def test_a_pin_is_not_below_the_floor_that_security_asks_for(package: str) -> None:
    version = tuple(int(part) for part in pins("requirements.txt")[package].split("."))

    assert version >= FLOORS[package]


def test_every_decision_says_its_status_and_its_day() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    bare = [
        named(page)
        for page in pages
        for wanted in (r"^Status: \w+", r"^Date: \d{4}-\d{2}-\d{2}$", r"^## Decision", r"^## Con")
        if not re.search(wanted, page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    ]

    assert bare == []
    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)]


def test_every_link_inside_the_documents_leads_somewhere() -> None:
    broken = [
        f"{named(page)}: {target}"
        for page in ours(".md")
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_make_target_in_the_documents_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*##", makefile, flags=re.MULTILINE))
    spoken_of = {
        target
        for page in ours(".md")
        for target in re.findall(r"(?m)(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"))
    }

    assert {"setup", "run", "check", "test", "test-long", "rules", "sheets", "format"} <= targets
    assert spoken_of - targets == set()


def test_every_word_of_the_glossary_is_a_word_of_the_code() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    words = {
        word
        for line in glossary.splitlines()
        if line.startswith("| `")
        for word in re.findall(r"`(\w+)`", line)
    }
    code = " ".join(
        file.read_text(encoding="utf-8")
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
    )

    assert sorted(word for word in words if not re.search(rf"\b{word}\b", code)) == []


def test_a_module_fits_in_a_head() -> None:
    long = {
        named(file)
        for file in ours(".py")
        # A test file is a list, and a revision is a document: both are read a piece at a time.
        if not {"tests", "migrations"} & set(file.parts)
        and len(file.read_text(encoding="utf-8").splitlines()) > 300
    }

    assert long == LONG_MODULES


def test_no_module_has_a_name_that_accepts_anything() -> None:
    vague = {"utils", "helpers", "managers", "common", "core", "misc"}

    assert [named(file) for file in ours(".py") if {file.stem, file.parent.name} & vague] == []


def test_no_file_tells_where_somebody_keeps_packages_or_this_tree() -> None:
    # Put together here, so that this file does not contain what it looks for.
    words = [
        "index" + "-url",
        "trusted" + "-host",
        "find" + "-links",
        "/ro" + "ot/",
        "/ho" + "me/",
    ]
    words += ["pypi." + "org", "pythonhosted." + "org", "registry.npmjs." + "org", f"{ROOT}/"]
    may_name = {"Makefile"}  # It names the options that keep them out.
    told = [
        f"{named(file)}: {word}"
        for file in ours(*TEXT)
        if file.name not in may_name
        for word in words
        if word in file.read_text(encoding="utf-8", errors="replace")
    ]

    assert told == []


def test_the_privacy_guard_catches_a_name_in_a_log_and_in_an_error(tmp_path: Path) -> None:
    (tmp_path / "test_leaks.py").write_text(
        '"""Two leaks, and one test that is careful."""\n'
        "import logging, pytest\n"
        "from tests.conftest import MARK\n"
        "def test_log(): logging.getLogger('handoffs').info('admitted %s', MARK)\n"
        "def test_error():\n"
        "    with pytest.raises(ValueError):\n"
        "        raise ValueError(MARK)\n"
        "def test_careful():\n"
        "    with pytest.raises(ValueError):\n"
        "        raise ValueError('stay 7')\n",
        encoding="utf-8",
    )

    options = ["-c", f"{ROOT}/pyproject.toml", "-p", "tests.conftest"]
    options += ["-p", "no:cacheprovider", "-p", "no:randomly"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "a log record names a person" in run.stdout
    assert "the text of an error names a person" in run.stdout
    assert "3 passed, 2 errors" in run.stdout
