"""A new channel is a folder: what bin/new-connector makes keeps the laws, is found by the registry, and is red only where code is
to be written; with the code of the contributors' page in those places it is green.

It is made outside our tree, as a stranger's package with an entry point, and judged in a process of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest

from bin.lib.new_connector import Refused, make
from tests.architecture.laws import capabilities, errors, facts, quality, sizes
from tests.architecture.laws.tree import ROOT, Source

SLUG, NAME = "lantern", "Lantern Street"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("strangers")
    made = make(SLUG, NAME, home, package="")
    entry = home / "lantern-1.0.dist-info"
    entry.mkdir()
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: lantern\nVersion: 1.0\n", "utf-8")
    (entry / "entry_points.txt").write_text(f"[kitestring.connectors]\n{SLUG} = {SLUG}\n", "utf-8")
    return made


def _python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder.parent), str(ROOT)])
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_keeps_the_laws(folder: Path) -> None:
    manifest = tomllib.loads((folder / "manifest.toml").read_text("utf-8"))
    stated = tomllib.loads((folder / "quality.toml").read_text("utf-8"))
    sources = [Source(f"kitestring/connectors/{p.name}", p.read_text("utf-8")) for p in folder.glob("*.py")]
    found = [
        *capabilities.faults(folder, manifest, SLUG),
        *facts.unsourced(SLUG, manifest, date.today()),  # noqa: DTZ011 - the day a new folder says it was read
        *quality.faults(folder, stated, SLUG),
        *(one for one in errors.other_exceptions(sources) if "NotWritten" not in str(one)),
        *sizes.large_files([(s.path, s.text) for s in sources]),
    ]
    assert not found, "\n".join(map(str, found))
    assert not sizes.long_functions(sources)


def test_it_is_written_in_our_style(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    make(SLUG, NAME, tmp_path / "kitestring" / "connectors")
    for room in (".", "connectors", "connectorkit", "kit"):  # ruff sorts imports by what lies beside the file
        (tmp_path / "kitestring" / room).mkdir(exist_ok=True)
        (tmp_path / "kitestring" / room / "__init__.py").touch()
    for wanted in (["check"], ["format", "--diff"]):
        told = subprocess.run(
            [sys.executable, "-m", "ruff", *wanted, "--no-cache", "."],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout + told.stderr


def test_the_registry_finds_a_strangers_package(folder: Path) -> None:
    program = "from kitestring.connectorkit import registry; print(registry.get('lantern').manifest.name.en)"
    told = _python(folder, "-c", program)
    assert told.stdout.strip() == NAME, told.stderr


def _suite(folder: Path) -> subprocess.CompletedProcess[str]:
    return _python(
        folder,
        *(
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "kitestring.connectors.conftest",
            "--tb=line",
        ),
        *("--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "-k", SLUG),
        *(str(folder / "tests"), "tests/conformance"),
    )


def test_it_is_red_only_where_code_is_to_be_written(folder: Path) -> None:
    told = _suite(folder)
    assert told.returncode == 1, told.stdout[-6000:] + told.stderr[-2000:]
    where = [line for line in told.stdout.splitlines() if line.startswith("/")]
    assert [line for line in where if "errors.NotWritten: " not in line] == []
    assert told.stdout.count("FAILED ") == len(where) > 20, told.stdout[-6000:]


def test_with_the_pages_code_it_is_green(folder: Path) -> None:
    page = (ROOT / "docs" / "contributors" / "a-connector-in-an-hour.md").read_text("utf-8")
    blocks = re.findall(r'```python title="(\w+\.py)"\n(.*?)```', page, re.S)
    assert {name for name, _code in blocks} == {
        path.name for path in folder.glob("*.py") if "NotWritten" in path.read_text("utf-8")
    } | {"client.py"}
    for name, code in blocks:
        code = code.replace("kitestring.connectors.demo_channel", SLUG)
        (folder / name).write_text(code, "utf-8")
    told = _suite(folder)
    assert told.returncode == 0, told.stdout[-6000:] + told.stderr[-2000:]
    assert " passed" in told.stdout


def test_the_tiers_on_the_way_are_those_the_page_tells(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "contributors" / "a-connector-in-an-hour.md").read_text("utf-8")
    rows = re.findall(r"^\| (.+?) \| (none|bronze|silver|gold) \|", page, re.M)
    made = make(SLUG, NAME, tmp_path, package="")
    rules = tomllib.loads((made / "quality.toml").read_text("utf-8"))["rules"]
    told = []
    for step, tier in rows:
        for rule in set(re.findall(r"`(\w+)`", step)) & set(rules):
            if quality.status(rules[rule])[0] == "todo":
                rules[rule] = "done"
        told.append((quality.tier(rules), tier))
    assert [tier for _found, tier in told] == ["none", "none", "bronze", "silver", "gold"]
    assert all(found == tier for found, tier in told), told


@pytest.mark.parametrize(
    ("slug", "name"), [("Lantern", "L"), ("9lives", "N"), ("class", "C"), ("ok", 'a "b"'), ("ok", "")]
)
def test_a_wrong_name_is_refused_and_nothing_is_written(tmp_path: Path, slug: str, name: str) -> None:
    with pytest.raises(Refused):
        make(slug, name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    made = make("ok", "Ok", tmp_path)
    (made / "client.py").write_text("mine", "utf-8")
    with pytest.raises(Refused):
        make("ok", "Ok", tmp_path)
    assert (made / "client.py").read_text("utf-8") == "mine"
