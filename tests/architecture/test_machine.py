"""The tree knows no machine and no registry; locks are whole."""

from __future__ import annotations

import json

from tests.architecture.laws import machine
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import ROOT, files


def _texts() -> list[tuple[str, str]]:
    found = []
    for path in files():
        data = (ROOT / path).read_bytes()
        if b"\0" not in data[:8000]:
            found.append((path, data.decode("utf-8", errors="replace")))
    return found


def test_no_file_names_a_machine_or_a_registry() -> None:
    keep(
        machine.traces(_texts(), machine.local_registries()),
        right="a path relative to the checkout, `$KITESTRING_HOME`, or the tool's own default registry.",
    )


def test_npm_locks_do_not_say_where_from() -> None:
    locks = [(path, text) for path, text in _texts() if path.endswith("package-lock.json")]
    keep(
        [finding for path, text in locks for finding in machine.resolved(path, text)],
        right="`omit-lockfile-registry-resolved=true` in .npmrc, beside package.json too, then `npm install` again.",
    )


def test_the_law_sees_a_machine() -> None:
    folder = "/" + "work/main/x"
    assert list(machine.traces([("a.py", f"open('{folder}')")]))
    assert list(machine.traces([("a.py", "x = 'https://registry." + "npmjs.org/a'")]))
    assert list(machine.traces([("a.py", "https://packages.firm.example/a")], {"packages.firm.example"}))
    assert not list(machine.traces([("a.py", "see /api/v2/instance and ~/.local/share")]))


def test_the_law_sees_a_resolved_entry() -> None:
    whole = {"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}}}
    assert not list(machine.resolved("l.json", json.dumps(whole)))
    whole["packages"]["node_modules/a"]["resolved"] = "https://x"
    assert list(machine.resolved("l.json", json.dumps(whole)))
