"""Law 3: a connector's quality.toml states every rule, with reasons, and its tier follows from them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tests.architecture.laws.findings import keep
from tests.architecture.laws.quality import RULES, faults, tier
from tests.architecture.laws.tree import ROOT, matching

RIGHT = '`tier = "silver"`, then under [rules] `settles = "done"` or `webhooks = {status = "exempt", reason = "..."}`; '
RIGHT += "docs/contributors/quality.md lists the rules."
ALL_DONE: dict[str, object] = {rule: "done" for wanted in RULES.values() for rule in wanted}
ALL_DONE |= {"validated": {"status": "done", "by": "tests/real/test_bluesky_connector.py"}}


def test_quality_is_stated_and_true() -> None:
    keep(
        [
            finding
            for path, text in matching("/quality.toml", under="kitestring/connectors/")
            for finding in faults((ROOT / path).parent, tomllib.loads(text), path)
        ],
        right=RIGHT,
    )


def test_the_docs_list_every_rule() -> None:
    page = (ROOT / "docs" / "contributors" / "quality.md").read_text("utf-8")
    lacking = [rule for rule, said in ALL_DONE.items() if said and f"`{rule}`" not in page]
    assert not lacking, f"docs/contributors/quality.md does not name: {lacking}"


def _folder(path: Path) -> Path:
    path = path / "bluesky"
    path.mkdir()
    for name in ("README.md", "metrics.py", "inbox.py", "hooks.py", "diagnostics.py"):
        (path / name).touch()
    return path


def test_a_whole_connector_is_gold(tmp_path: Path) -> None:
    assert not list(faults(_folder(tmp_path), {"tier": "gold", "rules": ALL_DONE}, "q"))


def test_the_law_sees_what_is_missing_or_untrue(tmp_path: Path) -> None:
    exempt = {"status": "exempt", "reason": "the channel pushes nothing"}
    todo = {"status": "todo", "reason": "after the first release"}
    assert list(faults(tmp_path, {"tier": "gold", "rules": ALL_DONE}, "q"))
    folder = _folder(tmp_path)
    assert list(faults(folder, {"tier": "gold", "rules": {}}, "q"))
    assert list(faults(folder, {"tier": "gold", "rules": ALL_DONE | {"webhooks": "exempt"}}, "q"))
    assert not list(faults(folder, {"tier": "gold", "rules": ALL_DONE | {"webhooks": exempt}}, "q"))
    assert list(faults(folder, {"tier": "gold", "rules": ALL_DONE | {"webhooks": todo}}, "q"))
    assert not list(faults(folder, {"tier": "silver", "rules": ALL_DONE | {"webhooks": todo}}, "q"))
    assert list(faults(folder, {"tier": "gold", "rules": ALL_DONE | {"validated": "done"}}, "q"))
    for other in ("LICENSE", "tests/architecture/test_quality.py", "tests/real/test_nostr_connector.py"):
        by = {"validated": {"status": "done", "by": other}}
        assert list(faults(folder, {"tier": "gold", "rules": ALL_DONE | by}, "q")), (
            f"{other} proves nothing here"
        )
    assert tier(ALL_DONE | {"settles": todo}) == "bronze"
    assert tier(ALL_DONE | {"publishes": todo}) == "none"
