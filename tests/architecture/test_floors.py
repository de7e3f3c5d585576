"""Law 1: who may know whom. The contracts are in .importlinter; here they are broken on purpose, one by one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.laws.findings import Finding, keep
from tests.architecture.laws.tree import ROOT, sources

PLAIN = ("connectors", "connectorkit", "providers", "language", "diffusion", "rulepacks")
MODULES = (
    "cli",
    "sandbox",
    "config",
    "web",
    "domains/publishing/views",
    "domains/publishing/actions",
    "domains/publishing/tasks",
    "domains/publishing/models",
    "domains/inbox/queries",
    "domains/brands/models",
    "connectors/first/client",
    "connectors/second/client",
    "connectorkit/registry",
    "providers/firm",
    "kit/http",
    "kit/clock",
    "kit/crypto",
    "kit/jobs",
)
BREACHES = {
    "a leaf knows the house": ("kit/jobs", "import kitestring.domains.brands.models"),
    "a lower domain knows a higher one": ("domains/brands/models", "import kitestring.domains.inbox.queries"),
    "a model knows its actions": (
        "domains/publishing/models",
        "import kitestring.domains.publishing.actions",
    ),
    "an action imports a task": ("domains/publishing/actions", "import kitestring.domains.publishing.tasks"),
    "a room nobody declared": ("domains/publishing/helpers", "x = 1"),
    "a floor nobody declared": ("utils", "x = 1"),
    "connectors know each other": ("connectors/first/client", "import kitestring.connectors.second.client"),
    "a connector knows Django": ("connectors/first/client", "import django.utils"),
    "a connector knows Django by way of the kit": ("kit/http", "import django.utils"),
    "a page knows a connector": ("web", "import kitestring.connectors.first.client"),
    "the kit of connectors lists them": (
        "connectorkit/registry",
        "import kitestring.connectors.first.client",
    ),
    "a domain knows a provider": ("domains/inbox/queries", "import kitestring.providers.firm"),
}


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house that keeps the contracts, with our .importlinter."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for module in MODULES:
        _write(tmp_path, module, "x = 1\n")
    _write(
        tmp_path, "connectors/first/client", "import kitestring.kit.http\nimport kitestring.providers.firm\n"
    )
    _write(tmp_path, "domains/publishing/views", "import kitestring.domains.publishing.actions\n")
    _write(tmp_path, "domains/publishing/models", "import kitestring.domains.brands.models\nimport django\n")
    return tmp_path


def _write(folder: Path, module: str, text: str) -> None:
    path = folder / "kitestring" / f"{module}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    for parent in path.relative_to(folder).parents:
        if parent.name:
            (folder / parent / "__init__.py").touch()


def test_a_lawful_house_stands(house: Path) -> None:
    told = _lint(house)
    assert told.returncode == 0, told.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_contract_breaks(house: Path, breach: str) -> None:
    module, text = BREACHES[breach]
    _write(house, module, text + "\n")
    told = _lint(house)
    assert told.returncode == 1, told.stdout
    assert "BROKEN" in told.stdout or "undeclared" in told.stdout.lower()


def test_our_own_house_stands() -> None:
    told = _lint(ROOT)
    assert told.returncode == 0, told.stdout + told.stderr


def test_only_the_domains_of_decision_0010_have_the_three_rooms() -> None:
    there = {
        (source.parts[2], source.parts[3].removesuffix(".py"))
        for source in sources("kitestring/domains/")
        if len(source.parts) > 3
        and source.parts[3].removesuffix(".py") in {"doors", "sessions", "permissions"}
    }
    assert there <= {
        ("workspaces", "doors"),
        ("workspaces", "permissions"),
        ("brands", "doors"),
        ("channels", "sessions"),
    }, "docs/decisions/0010: these rooms are not for every domain"


def test_no_contract_is_loosened() -> None:
    """The only imports left out of the contracts are those of tests."""
    text = (ROOT / ".importlinter").read_text("utf-8")
    spared = {line.strip() for line in text.splitlines() if "->" in line and not line.startswith("#")}
    assert spared == {"kitestring.**.tests.** -> **", "kitestring.**.tests -> **"}


def test_the_kit_is_empty_and_plain_rooms_stay_plain() -> None:
    """What import-linter cannot name: the rooms' own `__init__`, and rooms that are not built yet."""
    assert (ROOT / "kitestring" / "kit" / "__init__.py").read_text("utf-8").strip() == ""
    rooms = tuple(f"kitestring/{room}/" for room in PLAIN)
    found = [
        Finding(source.path, number, line.strip())
        for source in sources()
        if source.path.startswith(rooms) and not source.is_test
        for number, line in enumerate(source.text.splitlines(), start=1)
        if line.strip().startswith(
            ("import django", "from django", "import procrastinate", "from procrastinate")
        )
    ]
    keep(found, right="plain Python: take what you need as an argument.")
