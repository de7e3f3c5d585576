"""Law 8: every limit, price and rule is data with its source and the day that source was read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.architecture.laws.findings import Finding

# Tables that state facts whatever is in them, and figures that are our own choice (a drawing, a format's version).
FACTS = {"text", "title", "media", "pace", "settle", "processing_deadline", "quotas", "metrics", "prices"}
FACTS |= {"reply_window", "rules", "windows", "sequence", "first_comment"}
OURS = {"version", "fold_lines", "schema"}
VAGUE = re.compile(r"^\W*(todo|tbd|unknown|n/?a|x+|source|\?+)?\W*$", re.IGNORECASE)

# A reader must be able to look it up: no file of ours, no number of a list of ours.
NOT_FOR_READERS = re.compile(r"\w\.md\b|\[\d+\]|^specs ")


def unsourced(
    path: str, table: dict[str, Any], latest: date, where: str = "", *, sourced: bool = False
) -> Iterator[Finding]:
    """Tables with a figure, or with the name of a fact, that lack `source` or a sensible `checked_on`.

    A table inside a sourced one (sizes by type) shares its source.
    """
    name = re.sub(r"\[\d+\]$", "", where).rpartition(".")[2]
    figures = [key for key, value in table.items() if _is_figure(value) and key not in OURS]
    sourced = sourced or "source" in table
    if "source" in table or (not sourced and (figures or (name in FACTS and table))):
        yield from _faults(path, where or "the file", table, latest)
    for key, value in table.items():
        inner = f"{where}.{key}" if where else key
        if isinstance(value, dict):
            yield from unsourced(path, value, latest, inner, sourced=sourced)
        elif isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, dict):
                    yield from unsourced(path, row, latest, f"{inner}[{number}]", sourced=sourced)


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _faults(path: str, where: str, table: dict[str, Any], latest: date) -> Iterator[Finding]:
    source, day = table.get("source"), table.get("checked_on")
    if not isinstance(source, str) or VAGUE.match(source):
        yield Finding(path, 0, f"[{where}] names no source")
    elif NOT_FOR_READERS.search(source):
        yield Finding(path, 0, f"[{where}] has a source that its reader cannot look up: {source!r}")
    if isinstance(day, str):
        day = date.fromisoformat(day)
    if not isinstance(day, date):
        yield Finding(path, 0, f"[{where}] has no checked_on")
    elif not date(2020, 1, 1) <= day <= latest:
        yield Finding(path, 0, f"[{where}] was checked on {day}, which cannot be")
