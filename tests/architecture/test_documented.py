"""Docs name every setting, every subcommand and every command: what is not written down is not there."""

from __future__ import annotations

from tests.architecture.laws import documented
from tests.architecture.laws.tree import ROOT, Source, files, matching, sources


def _docs() -> str:
    pages = [text for _, text in matching(".md", under="docs/")]
    return "\n".join([*pages, *(text for path, text in matching(".md") if "/" not in path)])


def _commands() -> set[str]:
    """Programs in bin/ (its lib/ is their inside)."""
    return {path.removeprefix("bin/") for path in files() if path.startswith("bin/") and path.count("/") == 1}


def test_every_setting_is_documented() -> None:
    ours = [source.text for source in (*sources(), *sources("bin/")) if not source.is_test]
    ours += [text for path, text in matching("", under="bin/") if not path.endswith(".py")]
    lacking = documented.unnamed(documented.settings(ours), _docs())
    assert not lacking, f"not named in docs/ (settings.md has the table): {lacking}"


def test_every_subcommand_is_documented() -> None:
    lacking = documented.unnamed(
        documented.subcommands(sources("kitestring/cli/")), _docs(), before="kitestring "
    )
    assert not lacking, f"not named in docs/ as `kitestring NAME`: {lacking}"


def test_every_command_is_documented() -> None:
    lacking = documented.unnamed(_commands(), _docs(), before="bin/")
    assert not lacking, f"not named in docs/ as `bin/NAME`: {lacking}"


def test_every_command_can_be_run() -> None:
    dull = [name for name in _commands() if not (ROOT / "bin" / name).stat().st_mode & 0o111]
    assert not dull, f"in bin/, but not executable: {dull}"


def test_docs_name_no_setting_that_is_gone() -> None:
    everything = [text for _, text in matching(".py", ".sh", ".toml", ".mjs", ".ts", ".html")]
    everything += [text for room in ("bin/", ".ci/") for _, text in matching("", under=room)]
    gone = documented.settings([_docs()]) - documented.settings(everything)
    assert not gone, f"docs name settings no source reads: {sorted(gone)}"


def test_the_law_finds_names() -> None:
    assert documented.settings(["os.environ['KITESTRING_HOME']", "KITESTRING_"]) == {"KITESTRING_HOME"}
    cli = Source("kitestring/cli/main.py", "parsers.add_parser('up')\nCOMMANDS = {'doctor': 1}")
    assert documented.subcommands([cli]) == {"up", "doctor"}
    assert documented.unnamed(["up", "upgrade"], "run `kitestring upgrade`", before="kitestring ") == ["up"]


def test_every_decision_is_listed_and_whole() -> None:
    """Each has a number of its own, stands in the index and keeps the form of 0001."""
    pages = dict(matching(".md", under="docs/decisions/0"))
    index = (ROOT / "docs" / "decisions" / "index.md").read_text("utf-8")
    names = [path.rpartition("/")[2] for path in pages]
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    assert [name for name in names if f"({name})" not in index] == []
    parts = ("**Context.**", "**Decision.**", "**Consequences.**", "**Alternatives.**")
    torn = [path for path, text in pages.items() if not all(part in text for part in parts)]
    assert torn == [], f"without one of {parts}"
