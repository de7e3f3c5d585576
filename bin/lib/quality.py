"""Runs what proves each rule of quality.toml, and says the tier that follows; --write puts it into the file.

A rule stated as done counts when its cases of the conformance suite pass (`CASES`); "validated" when the tests named by its
`by` pass: against a vendor's description (needs KITESTRING_SPECS), a description inside a package, or a real server. Without
the descriptions a tier is silver at most, and the last line says ABSENT. A rule whose cases did not run is not proven. The exit
code is 1 where a stated tier is another (unless --write sets it) and 2 where the suite told nothing.

Usage: quality.py [--write] [SLUG ...]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from kitestring.connectorkit.registry import Connector, connectors  # noqa: E402 - after the path is set
from tests.architecture.laws.quality import RULES, status  # noqa: E402 - after the path is set

CASES = {
    "publishes": ("every_kind", "takes_back", "words_are_changed", "steps_and_proof"),
    "refuses": ("refuses_before_sending", "refuses_before_handing_over"),
    "settles": (
        "stored_but_unheard",
        "not_stored_and_unheard",
        "a_look_tells_them_apart",
        "a_look_believes_no_odd_answer",
        "after_a_restart",
    ),
    "renews": (
        "renewal",
        "ended_consent",
        "the_end_is_known",
        "the_end_is_told",
        "a_wrong_app_disconnects_nobody",
    ),
    "quotas": ("waits_when_told", "a_blip_disconnects_nobody"),
    "metrics": ("counts_are_read", "the_account_has_numbers"),
    "inbox": ("comments_come_in", "answers_go_out", "messages_come_in_and_go_out", "deeds_are_done"),
    "webhooks": (
        "callbacks_name_what_is_under_way",
        "callbacks_bring_what_people_write",
        "forged_callbacks_are_nothing",
        "an_app_is_told_who_was_written_to",
        "an_app_is_told_of_ends",
        "forged_calls_to_an_app_are_nothing",
        "a_call_about_somebody_else_rings_for_nobody_of_ours",
        "an_apps_address_is_tried",
    ),
    "diagnostics": ("health_is_told",),
}


def outcomes(arguments: list[str]) -> dict[str, bool]:
    """Which tests of one pytest run passed, by their ids' last part; a skipped one is not among them."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junit-xml={report}",
            *arguments,
        ]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False)
        if not report.exists():
            return {}
        found = {}
        for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 (our own file)
            if case.find("skipped") is None:
                found[case.get("name", "")] = case.find("failure") is None and case.find("error") is None
        return found


def proven(
    connector: Connector, rules: dict[str, Any], suite: dict[str, bool]
) -> tuple[dict[str, bool], str]:
    """(whether each rule holds, what is missing, in words)."""
    slug, missing = connector.manifest.slug, ""
    held = {}
    for rule, entry in rules.items():
        state, _reason = status(entry)
        cases = {f"test_keeps_the_contract[{slug}-{case}]" for case in CASES.get(rule, ())}
        mine = [ok for name, ok in suite.items() if name in cases]
        # Gold is nothing that nobody held against: there an exemption does not count.
        ran_well = all(mine) and bool(mine or rule not in CASES)
        held[rule] = (state == "exempt" and rule != "validated") or (state == "done" and ran_well)
        if state == "done" and rule == "validated":
            by = str(entry.get("by", "")) if isinstance(entry, dict) else ""
            ran = outcomes([str(ROOT / by)]) if by else {}
            held[rule] = bool(ran) and all(ran.values())
            missing = "" if held[rule] else f"{by or 'no test named'} proves nothing here"
    return held, missing


def tier(held: dict[str, bool]) -> str:
    """The highest tier whose rules, and those below, all hold."""
    reached = "none"
    for name, wanted in RULES.items():
        if not all(held.get(rule, False) for rule in wanted):
            break
        reached = name
    return reached


def main() -> int:
    write, wanted = "--write" in sys.argv, [a for a in sys.argv[1:] if not a.startswith("-")]
    chosen = {slug: one for slug, one in connectors().items() if not wanted or slug in wanted}
    only = ["-k", " or ".join(f"{slug}-" for slug in chosen)] if wanted else []
    suite = outcomes(["tests/conformance/test_connectors.py", *only])
    if not suite:
        sys.stderr.write("The conformance suite told nothing: no tier was judged, no file was changed.\n")
        return 2
    counted, others = dict.fromkeys(("none", *RULES), 0), 0
    for slug, connector in chosen.items():
        file = connector.folder / "quality.toml"
        text = file.read_text("utf-8")
        stated = tomllib.loads(text)
        held, missing = proven(connector, stated["rules"], suite)
        found = tier(held)
        counted[found] += 1
        lacking = ", ".join(rule for rule, ok in held.items() if not ok)
        note = f"  lacks: {lacking}" if lacking else ""
        note += f"  ({missing})" if missing else ""
        others += found != stated["tier"]
        other = "" if found == stated["tier"] else f" stated {stated['tier']}"
        sys.stdout.write(f"{slug:<18} {found:<7}{other}{note}\n")
        if write and found != stated["tier"]:
            file.write_text(re.sub(r'^tier = ".*"', f'tier = "{found}"', text, count=1, flags=re.M), "utf-8")
    here = "present" if os.environ.get("KITESTRING_SPECS") else "ABSENT (a tier is silver at most)"
    told = " ".join(f"{name}={number}" for name, number in counted.items())
    sys.stdout.write(f"QUALITY channels={len(chosen)} {told} descriptions={here}\n")
    return 1 if others and not write else 0


if __name__ == "__main__":
    sys.exit(main())
