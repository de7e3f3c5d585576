"""quality.toml: every rule done, todo or exempt with a reason, and the tier that adds up from them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.architecture.laws.findings import Finding
from tests.architecture.laws.tree import ROOT

RULES = {
    "bronze": {
        "publishes": "publishes every declared kind on its emulator (or hands off with a proof)",
        "refuses": "refuses before sending what the channel would refuse",
        "readme": "its README says what an operator does to connect it",
    },
    "silver": {
        "settles": "finds out after an unclear answer whether it was published",
        "renews": "renews a grant, or says that it ended",
        "quotas": "honours quotas and pace, and Retry-After",
        "metrics": "brings metrics, or says why there are none",
    },
    "gold": {
        "inbox": "brings comments in and answers them",
        "webhooks": "takes what the channel pushes",
        "diagnostics": "says what is wrong with an account, in words",
        "validated": "its emulator was held against the vendor's API description or a real server",
    },
}
TIERS = ("none", *RULES)
STATES = ("done", "todo", "exempt")
# The file that a rule said to be done cannot do without.
FILES = {"readme": "README.md", "metrics": "metrics.py", "inbox": "inbox.py", "webhooks": "hooks.py"}
FILES |= {"diagnostics": "diagnostics.py"}
# A connector's own tests that hold its emulator against the vendor's description.
PROOFS = {"test_description", "test_openapi"}


def status(entry: Any) -> tuple[str, str]:
    """(done, todo or exempt; the reason) of `rule = "done"` or `rule = {status = "exempt", reason = "..."}`."""
    if isinstance(entry, dict):
        return str(entry.get("status", "")), str(entry.get("reason", ""))
    return str(entry), ""


def _proof(folder: Path, entry: Any) -> bool:
    """Whether the test named by `by` is there: the connector's own of a description, or one of a real server."""
    by = str(entry.get("by", "")) if isinstance(entry, dict) else ""
    file = ROOT / by
    if not (by and file.is_file() and file.name.startswith("test_") and file.suffix == ".py"):
        return False
    own, real = (folder / "tests").resolve(), ROOT / "tests" / "real"
    return (file.parent.resolve() == own and file.stem in PROOFS) or (
        file.parent == real and folder.name in file.name
    )


def tier(rules: dict[str, Any]) -> str:
    """The highest tier whose rules, and those below, are all done or exempt; gold is nothing that nobody held against."""
    reached = "none"
    for name, wanted in RULES.items():
        if any(status(rules.get(rule, ""))[0] not in {"done", "exempt"} for rule in wanted):
            break
        if name == "gold" and status(rules.get("validated", ""))[0] != "done":
            break
        reached = name
    return reached


def faults(folder: Path, quality: dict[str, Any], path: str) -> Iterator[Finding]:
    """What is missing from, or untrue in, a connector's quality.toml."""
    rules = quality.get("rules", {})
    known = {rule for wanted in RULES.values() for rule in wanted}
    for rule in sorted(known - set(rules)):
        yield Finding(path, 0, f"does not state the rule {rule!r}")
    for rule, entry in rules.items():
        state, reason = status(entry)
        if rule not in known:
            yield Finding(path, 0, f"states {rule!r}, which is no rule")
        elif state not in STATES:
            yield Finding(path, 0, f"{rule}: {state!r} is none of {STATES}")
        elif state != "done" and len(reason.split()) < 3:
            yield Finding(path, 0, f"{rule} is {state} without a reason")
        elif rule == "validated" and state == "done" and not _proof(folder, entry):
            yield Finding(path, 0, 'validated is done by no test of ours: by = "its path"')
        elif state == "done" and rule == "inbox" and _pushed(folder):
            continue
        elif state == "done" and rule in FILES and not (folder / FILES[rule]).is_file():
            yield Finding(path, 0, f"{rule} is said to be done, but there is no {FILES[rule]}")
    if quality.get("tier") != tier(rules):
        yield Finding(path, 0, f"says tier {quality.get('tier')!r}; its rules add up to {tier(rules)!r}")


def _pushed(folder: Path) -> bool:
    """Whether the channel's calls bring what people write; then there is nothing to ask for."""
    manifest = folder / "manifest.toml"
    told = tomllib.loads(manifest.read_text("utf-8")) if manifest.is_file() else {}
    return bool(told.get("hooks", {}).get("brings"))
