"""Turns the counts that tests/ran.py wrote into the last line of bin/test, and says what must not be absent.

Usage: ran.py FILE KIND,KIND,...   (the kinds that must have run). Exits 1 when one of them is absent.
Why a real server is absent stands in ran.json beside the file (tests/real/conftest.py).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

KINDS = ("unit", "browser", "specs", "bluesky", "wordpress", "nostr")


def line(counts: dict[str, dict[str, int]]) -> str:
    """`RAN unit=812 browser=14 specs=absent ...`: tests passed, or `absent` when none did."""
    return "RAN " + " ".join(f"{kind}={passed(counts, kind) or 'absent'}" for kind in KINDS)


def passed(counts: dict[str, dict[str, int]], kind: str) -> int:
    return counts.get(kind, {}).get("passed", 0)


def main() -> int:
    path, needed = Path(sys.argv[1]), [kind for kind in sys.argv[2].split(",") if kind]
    counts = json.loads(path.read_text("utf-8")) if path.exists() else {}
    absent = [kind for kind in needed if not passed(counts, kind)]
    beside = path.with_name("ran.json")
    for kind, told in (json.loads(beside.read_text("utf-8")) if beside.exists() else {}).items():
        if told != "ran":
            sys.stdout.write(f"bin/test: {kind}: {told}\n")
    if absent:
        sys.stdout.write(f"bin/test: no test of these kinds passed: {', '.join(absent)}.\n")
    sys.stdout.write(line(counts) + "\n")
    return 1 if absent else 0


if __name__ == "__main__":
    sys.exit(main())
