"""Both sides of a call against Google's discovery documents, as they come inside the package google-api-python-client.

    async with watching(session, documents("youtube.v3", "youtubeAnalytics.v2")) as watched: ...

They say which calls there are, which parameters those take and of which kinds, which rights open them, and what bodies hold.
They say nothing of lengths, of what must be there in a body, or of states.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kitestring.connectorkit.contract import Session
from kitestring.kit.http import Answer, Client

KINDS: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
}
# Of a resumable upload: how it is asked for, and the session's own name, which the vendor gives and no document holds.
OF_UPLOADS = {"uploadType", "upload_id"}
TOKEN = re.compile(r"/(?:token|o/oauth2/.*)")


@dataclass(frozen=True)
class Document:
    """One API as described."""

    whole: Mapping[str, Any]

    def method(self, verb: str, path: str) -> Mapping[str, Any] | None:
        """The call at this path, or the one whose file goes up there. An upload's PUT belongs to the POST that began it."""
        for one in _methods(self.whole):
            if (one["httpMethod"], one["path"]) == (verb, path):
                return one
            ways = (one.get("mediaUpload") or {}).get("protocols") or {}
            if verb in (one["httpMethod"], "PUT") and f"/{path}" in [way["path"] for way in ways.values()]:
                return one
        return None

    def value(self, at: str, told: Any, schema: Mapping[str, Any]) -> Iterator[str]:
        """What is wrong with a value by its schema."""
        if "$ref" in schema:
            yield from self._object(at, told, self.whole["schemas"][schema["$ref"]])
            return
        kind = schema.get("type", "any")
        if kind == "object":
            yield from self._object(at, told, schema)
        elif kind in KINDS:
            yield from self._plain(at, told, schema, KINDS[kind])

    def _plain(self, at: str, told: Any, schema: Mapping[str, Any], kind: Any) -> Iterator[str]:
        if not isinstance(told, kind) or (isinstance(told, bool) and kind is not bool):
            yield f"{at}: {told!r} is no {schema['type']}"
        elif kind is list:
            for place, row in enumerate(told):
                yield from self.value(f"{at}[{place}]", row, schema["items"])
        elif "enum" in schema and told not in schema["enum"]:
            yield f"{at}: {told!r} is none of its values"
        elif schema.get("format") == "uint64" and not told.isdigit():
            yield f"{at}: {told!r} is no number in a string"
        elif schema.get("format") == "date-time" and not re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", told):
            yield f"{at}: {told!r} is no moment"

    def _object(self, at: str, told: Any, schema: Mapping[str, Any]) -> Iterator[str]:
        if not isinstance(told, dict):
            yield f"{at}: no object"
            return
        known, others = schema.get("properties") or {}, schema.get("additionalProperties")
        for name, held in told.items():
            if name in known:
                yield from self.value(f"{at}.{name}", held, known[name])
            elif others is not None:
                yield from self.value(f"{at}.{name}", held, others)
            else:
                yield f"{at}.{name}: unknown"

    def params(self, method: Mapping[str, Any], told: Mapping[str, str]) -> Iterator[str]:
        """What is wrong with a call's parameters; `part` may only name what the resource has."""
        at, known = method["id"], {**self.whole["parameters"], **method.get("parameters", {})}
        for name, value in told.items():
            if name in OF_UPLOADS:
                continue
            if name not in known:
                yield f"{at}.{name}: no such parameter"
                continue
            fact = known[name]
            if "enum" in fact and value not in fact["enum"]:
                yield f"{at}.{name}: {value!r} is none of its values"
            if fact.get("type") == "integer" and not value.isdigit():
                yield f"{at}.{name}: {value!r} is no integer"
            if fact.get("type") == "boolean" and value not in ("true", "false"):
                yield f"{at}.{name}: {value!r} is no boolean"
        missing = (n for n, fact in method.get("parameters", {}).items() if fact.get("required"))
        yield from (f"{at}.{name}: missing" for name in missing if name not in told)
        if "part" in told:
            yield from self._part(method, told["part"])

    def _part(self, method: Mapping[str, Any], told: str) -> Iterator[str]:
        schema = self.whole["schemas"][method["response"]["$ref"]]
        items = (schema["properties"].get("items") or {}).get("items", {}).get("$ref")
        known = self.whole["schemas"][items]["properties"] if items else schema["properties"]
        yield from (f"{method['id']}.part: no part {one!r}" for one in told.split(",") if one not in known)

    def scopes(self, method: Mapping[str, Any], given: tuple[str, ...]) -> Iterator[str]:
        if not set(method["scopes"]) & set(given):
            yield f"{method['id']}: none of its rights was asked for"


def _methods(level: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from (level.get("methods") or {}).values()
    for below in (level.get("resources") or {}).values():
        yield from _methods(below)


def documents(*names: str) -> list[Document]:
    """The documents of these names ("youtube.v3")."""
    folder = files("googleapiclient.discovery_cache") / "documents"
    return [Document(json.loads((folder / f"{name}.json").read_text("utf-8"))) for name in names]


def error_faults(body: Any) -> Iterator[str]:
    """What is wrong with an error. Source: developers.google.com/youtube/v3/docs/errors"""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        yield "an error without an error object"
        return
    kinds = {"code": int, "message": str, "errors": list}
    yield from (
        f"error.{name}: missing or wrong" for name, k in kinds.items() if not isinstance(error.get(name), k)
    )
    yield from (f"error.{name}: unknown" for name in error if name not in {*kinds, "status", "details"})
    for row in error.get("errors") or ():
        lacking = {"message", "domain", "reason"} - set(row)
        yield from (f"error.errors.{name}: missing" for name in sorted(lacking))


@dataclass
class Watched:
    """`seen`: (the call's id, HTTP verb, status); `wrong`: every breach."""

    session: Session
    seen: list[tuple[str, str, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class _Watching(Client):
    descriptions: list[Document]
    kept: Watched

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        answer = await super().request(method, url, **more)
        address = urlsplit(url)
        if not TOKEN.fullmatch(address.path):
            told = {**dict(parse_qsl(address.query)), **dict(more.get("params") or {})}
            self.kept.wrong += self._judged(method, address.path.lstrip("/"), told, more, answer)
        return answer

    def _judged(
        self, verb: str, path: str, told: dict[str, str], more: Mapping[str, Any], answer: Answer
    ) -> Iterator[str]:
        pairs = ((one, one.method(verb, path)) for one in self.descriptions)
        document, method = next(((d, m) for d, m in pairs if m is not None), (None, None))
        if document is None or method is None:
            yield f"{verb} {path}: no such call"
            return
        self.kept.seen.append((method["id"], verb, answer.status))
        yield from document.params(method, told)
        yield from document.scopes(method, self.kept.session.grant.scopes)
        body = more.get("json")
        piece = verb != method["httpMethod"]  # of a file, in the session that the call began
        if (body is not None) != ("request" in method and not piece):
            yield f"{method['id']}: a body where there is none, or none where there is one"
        if body is not None:
            yield from document.value(method["id"], body, method.get("request", {"type": "object"}))
        yield from self._answer(document, method, answer)

    def _answer(self, document: Document, method: Mapping[str, Any], answer: Answer) -> Iterator[str]:
        at, json_told = f"{method['id']}()", answer.mime == "application/json"
        if answer.ok and json_told:
            yield from document.value(at, answer.json(), method.get("response", {"type": "object"}))
        elif answer.ok and answer.body:
            yield f"{at}: an answer that is no JSON"
        elif answer.ok and "response" in method and "location" not in answer.headers:
            yield f"{at}: no answer"
        elif answer.status >= 400 and json_told:
            yield from error_faults(answer.json())


@asynccontextmanager
async def watching(session: Session, descriptions: list[Document]) -> AsyncIterator[Watched]:
    """The session, every call of it held against the documents."""
    async with _Watching(session.http.allowed, allow_loopback=True) as http:
        kept = Watched(replace(session, http=http))
        http.descriptions, http.kept = descriptions, kept
        yield kept
