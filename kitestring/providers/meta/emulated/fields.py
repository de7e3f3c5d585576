"""The `fields` of a request, as the API reads them: "id,from{id,name},comments.limit(0).summary(true){id}"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Wanted:
    """One field: its name, its modifiers ("limit": "0") and what is wanted of what it holds."""

    name: str
    args: dict[str, str] = field(default_factory=dict)
    inner: list[Wanted] = field(default_factory=list)


def parse(text: str) -> list[Wanted]:
    return [_one(part) for part in _split(text) if part]


def _split(text: str, at: str = ",") -> Iterator[str]:
    depth, start = 0, 0
    for place, letter in enumerate(text):
        depth += (letter in "({") - (letter in ")}")
        if letter == at and not depth:
            yield text[start:place]
            start = place + 1
    yield text[start:]


def _one(text: str) -> Wanted:
    head, brace, rest = text.partition("{")
    inner = parse(rest.rpartition("}")[0]) if brace else []
    name, *modifiers = _split(head, ".")
    args = {}
    for modifier in modifiers:
        key, _, value = modifier.partition("(")
        args[key] = value.rstrip(")")
    return Wanted(name.strip(), args, inner)


def pick(entity: Mapping[str, Any], wanted: list[Wanted]) -> dict[str, Any]:
    """Of an entity what is wanted, and its id. A value that can be called is given its modifiers: a list of its own."""
    found: dict[str, Any] = {}
    for one in wanted:
        if one.name not in entity:
            continue
        value = entity[one.name]
        value = value(one) if callable(value) else value
        if value is not None:
            found[one.name] = _within(value, one)
    if "id" in entity:
        found["id"] = entity["id"]
    return found


def _within(value: Any, one: Wanted) -> Any:
    if not one.inner:
        return value
    if isinstance(value, dict) and isinstance(value.get("data"), list):
        return {**value, "data": [pick(row, one.inner) for row in value["data"]]}
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        return {**value, "data": pick(value["data"], one.inner)}
    return pick(value, one.inner) if isinstance(value, dict) else value


def paged(rows: list[dict[str, Any]], limit: str = "25", after: str = "", here: str = "") -> dict[str, Any]:
    """A page of a list, with the cursor to the next one."""
    start, size = int(after or 0), min(int(limit or 25), 100)
    some = rows[start : start + size]
    if not some:
        return {"data": []}
    paging: dict[str, Any] = {"cursors": {"before": str(start), "after": str(start + len(some))}}
    if start + len(some) < len(rows):
        paging["next"] = f"{here}?after={start + len(some)}"
    return {"data": some, "paging": paging}
