"""Law 11: one screen, one thought."""

from __future__ import annotations

from tests.architecture.laws import sizes
from tests.architecture.laws.findings import Finding, keep
from tests.architecture.laws.tree import ROOT, Source, matching, sources

EXCEPTIONS = ROOT / "tests" / "architecture" / "long_functions.txt"
OURS = ("kitestring/", "frontend/", "tests/", "bin/", "benchmarks/", ".ci/")


def _written() -> list[tuple[str, str]]:
    """Hand-written files: code, templates and styles; no migrations, no lock files."""
    ends = (".py", ".ts", ".mjs", ".js", ".css", ".html", ".sh", ".sql", ".typ", ".toml")
    found = [item for room in OURS for item in matching(*ends, under=room)]
    found += [item for item in matching("", under="bin/") if "." not in item[0].rpartition("/")[2]]
    return [(path, text) for path, text in found if "/migrations/" not in path]


def test_no_file_is_over_400_lines() -> None:
    keep(
        sizes.large_files(_written()),
        right="cut it where a reader would: one verb, one noun, one screen a file.",
    )


def test_long_functions_are_the_listed_ones() -> None:
    listed = {
        line for line in EXCEPTIONS.read_text("utf-8").splitlines() if line and not line.startswith("#")
    }
    long = sizes.long_functions([s for room in OURS for s in sources(room)])
    over = [
        Finding(name, 0, f"{length} lines, the limit is {sizes.FUNCTION_LINES}")
        for name, length in long.items()
    ]
    keep(
        [f for f in over if f.path not in listed],
        right="name the steps: each a private function with a plain name.",
    )
    gone = [Finding(name, 0, "is listed, but is short or gone") for name in listed - set(long)]
    keep(gone, right=f"take the line out of {EXCEPTIONS.name}: the list only shrinks.")


def test_the_list_of_exceptions_is_empty() -> None:
    listed = [
        line for line in EXCEPTIONS.read_text("utf-8").splitlines() if line and not line.startswith("#")
    ]
    assert listed == []


def test_the_middle_file_is_small() -> None:
    found = sizes.summary(sources())
    assert found.median <= 90, f"{found}: the aim is a median of about 60 lines"


def test_the_law_counts_lines() -> None:
    assert list(sizes.large_files([("a.py", "x\n" * 401)]))
    assert not list(sizes.large_files([("a.py", "x\n" * 400)]))
    body = "def f():\n" + "    x = 1\n" * 50
    assert sizes.long_functions([Source("kitestring/a.py", body)]) == {"kitestring/a.py::f": 51}
