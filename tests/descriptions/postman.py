"""Both sides of a call against a vendor's Postman collection: paths, methods, names of parameters, shapes of stored answers.

A collection holds examples, not schemas: a value's kind is known where an example shows one, and a field that no example
shows is known where a list of `fields` names it.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from kitestring.connectorkit.contract import Session
from kitestring.kit.http import Answer, Client
from tests.descriptions.files import description_file

# Any call may carry these; `appsecret_proof` is described with Meta's secure requests, not with each call.
COMMON = {"fields", "limit", "after", "before", "since", "until", "access_token", "appsecret_proof"}


@dataclass
class Call:
    """One request of the collection; several of the same path are taken together."""

    method: str
    path: tuple[str, ...]
    names: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    answers: list[Any] = field(default_factory=list)

    def fits(self, method: str, path: str) -> bool:
        parts = tuple(path.strip("/").split("/"))
        same = len(parts) == len(self.path)
        return (
            same
            and method == self.method
            and all(
                wanted == given or wanted.startswith("{{")
                for wanted, given in zip(self.path, parts, strict=True)
            )
        )


@lru_cache(maxsize=4)
def collection(name: str) -> tuple[Call, ...]:
    whole = json.loads(description_file(name).read_text("utf-8"))
    variables = {one["key"]: str(one.get("value") or "") for one in whole.get("variable") or ()}
    found: dict[tuple[str, tuple[str, ...]], Call] = {}
    for item in _requests(whole["item"]):
        asked = item["request"]
        path = tuple(part for part in asked["url"]["path"] if part)
        path = tuple(part for part in path if not re.fullmatch(r"v\d+\.\d+", part))
        call = found.setdefault((asked["method"], path), Call(asked["method"], path))
        for one in asked["url"].get("query") or ():
            call.names.add(one["key"])
            if one["key"] == "fields":
                listed = re.sub(r"{{(\w+)}}", lambda m: variables.get(m[1], ""), str(one.get("value") or ""))
                call.fields |= set(re.findall(r"\w+", listed))
        call.answers += [
            body for answer in item.get("response") or () if (body := _example(answer)) is not None
        ]
    return tuple(found.values())


def _requests(items: list[Any]) -> Iterator[Any]:
    for item in items:
        if "item" in item:
            yield from _requests(item["item"])
        else:
            yield item


def _example(answer: Mapping[str, Any]) -> Any:
    """An example's body; <string> and "..." stand in some for what was left out."""
    text = re.sub(r"(?<=[:\s])<(\w+)>", r'"\1"', answer.get("body") or "")
    text = re.sub(r",\s*\.\.\.", "", text)
    try:
        return json.loads(text)
    except ValueError:
        return None


def faults(calls: tuple[Call, ...], method: str, path: str, told: Mapping[str, str], body: Any) -> list[str]:
    """What is wrong with a call and (where it was taken) its answer; [] when one request of the collection fits."""
    fitting = [one for one in calls if one.fits(method, path)]
    exact = [one for one in fitting if not any(part.startswith("{{") for part in one.path)]
    complaints = [list(_against(one, f"{method} {path}", told, body)) for one in exact or fitting]
    return min(complaints, key=len) if complaints else [f"{method} {path}: no such call"]


def _against(call: Call, at: str, told: Mapping[str, str], body: Any) -> Iterator[str]:
    yield from (f"{at}.{name}: no such parameter" for name in told if name not in call.names | COMMON)
    asked = set(re.findall(r"\w+", told.get("fields", "")))
    yield from (f"{at}: no field {name!r}" for name in sorted(asked - call.fields) if call.fields)
    if body is not None and call.answers:
        complaints = [list(_shape(at, example, body, call.fields)) for example in call.answers]
        yield from min(complaints, key=len)


def _shape(at: str, example: Any, given: Any, fields: set[str]) -> Iterator[str]:
    if isinstance(example, dict):
        if not isinstance(given, dict):
            yield f"{at}: no object"
            return
        for key, value in given.items():
            if key in example:
                yield from _shape(f"{at}.{key}", example[key], value, fields)
            elif key not in fields | {"paging", "next", "cursors"}:
                yield f"{at}.{key}: unknown"
        if not fields:
            yield from (f"{at}.{key}: missing" for key in example if key not in given)
    elif isinstance(example, list):
        if not isinstance(given, list):
            yield f"{at}: no list"
        elif example:
            for row in given:
                complaints = [list(_shape(at, one, row, fields)) for one in example]
                yield from min(complaints, key=len)
    elif isinstance(example, bool) or isinstance(given, bool):
        if type(example) is not type(given):
            yield f"{at}: {given!r} is no {type(example).__name__}"
    elif isinstance(example, int | float) != isinstance(given, int | float) or isinstance(given, dict | list):
        yield f"{at}: {given!r} is no {type(example).__name__}"


@dataclass
class Watched:
    session: Session
    seen: list[tuple[str, str, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class _Watching(Client):
    calls: tuple[Call, ...]
    kept: Watched
    loose: Callable[[str], bool]

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        answer = await super().request(method, url, **more)
        path = re.sub(r"^/(video-upload/)?(v\d+\.\d+/)?", r"\1", urlsplit(url).path)
        if not self.loose(path):
            told = {**dict(more.get("params") or {}), **dict(more.get("form") or {})}
            body = answer.json() if answer.ok else None
            self.kept.wrong += faults(self.calls, method, path, told, body)
            self.kept.seen.append((method, path, answer.status))
        return answer


@asynccontextmanager
async def watching(
    session: Session, calls: tuple[Call, ...], *, loose: Callable[[str], bool] = lambda path: False
) -> AsyncIterator[Watched]:
    """The session, every call of it held against the collection. `loose`: paths it does not know; say at each use why."""
    async with _Watching(session.http.allowed, allow_loopback=True) as http:
        kept = Watched(replace(session, http=http))
        http.calls, http.kept, http.loose = calls, kept, loose
        yield kept
