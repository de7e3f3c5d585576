"""Both sides of a call against a Swagger 2.0 description: parameters by name, place and type, answers by their schema.

async with watching(session, described("some/swagger.json"), pick=...) as watched:
    await publishing.publish(watched.session, duty)

Read with jsonschema, because the descriptions of this age that are at hand do not pass the strict loaders. Where one of them
writes `items` as a list without saying "array", it means "one of these": so it is read.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft4Validator

from kitestring.connectorkit.contract import Session
from kitestring.kit.http import Answer, Client
from tests.descriptions.files import description_file

Mend = Callable[[dict[str, Any]], None]
Pick = Callable[[Answer], str]


class Undescribed(AssertionError):
    """A request or an answer that the description does not know."""


@dataclass(frozen=True)
class Description:
    """A description's paths, and its definitions with unions put right."""

    whole: dict[str, Any]

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """Raises Undescribed for a path or a method that is not there."""
        found = self.whole["paths"].get(path, {}).get(method.lower())
        if found is None:
            raise Undescribed(f"{method} {path} is not described")
        return dict(found)

    def check_request(
        self, method: str, path: str, query: Mapping[str, str], form: Mapping[str, str], given: set[str]
    ) -> None:
        """`given`: parameters that travel in another way, such as a token in the header. Raises Undescribed."""
        described_ = {(p["in"], p["name"]): p for p in self.operation(method, path).get("parameters", ())}
        for where, sent in (("query", query), ("formData", form)):
            for name, value in sent.items():
                known = described_.get((where, name))
                if known is None:
                    raise Undescribed(f"{method} {path}: {name!r} in {where}")
                if not _fits(known.get("type", "string"), value):
                    raise Undescribed(f"{method} {path}: {name}={value!r} is no {known['type']}")
        sent_names = {*query, *form, *given}
        missing = [n for (_, n), p in described_.items() if p.get("required") and n not in sent_names]
        if missing:
            raise Undescribed(f"{method} {path}: missing {missing}")

    def check_answer(self, method: str, path: str, key: str, body: Any) -> None:
        """`key`: the response's, "200" or "default". Raises Undescribed."""
        responses = self.operation(method, path)["responses"]
        if key not in responses:
            raise Undescribed(f"{method} {path}: no answer {key!r} is described")
        schema = {**responses[key].get("schema", {}), "definitions": self.whole["definitions"]}
        wrong = [
            f"{'/'.join(map(str, e.path))}: {e.message}" for e in Draft4Validator(schema).iter_errors(body)
        ]
        if wrong:
            raise Undescribed(f"{method} {path} {key}: {wrong[:3]}")


def _fits(kind: str, value: str) -> bool:
    if kind == "boolean":
        return value in ("true", "false", "0", "1")
    if kind not in ("integer", "number"):
        return True
    try:
        float(value)
    except ValueError:
        return False
    return kind == "number" or value.lstrip("-").isdigit()


def unions(node: Any) -> Any:
    """The same tree with `items: [a, b]` outside arrays read as "one of a, b"."""
    if isinstance(node, list):
        return [unions(one) for one in node]
    if not isinstance(node, dict):
        return node
    told = {key: unions(value) for key, value in node.items()}
    if isinstance(node.get("items"), list) and node.get("type") != "array":
        told.pop("type", None)
        told["anyOf"] = told.pop("items")
    return told


@lru_cache(maxsize=8)
def described(name: str, *, mend: Mend | None = None) -> Description:
    """The description `name`. `mend` puts right what it has wrong or cannot know yet (say why)."""
    found = unions(json.loads(description_file(name).read_text("utf-8")))
    if mend is not None:
        mend(found)
    return Description(found)


@dataclass
class Watched:
    """A session whose every call is held against the description. `seen`: ("POST /path", the answer's key)."""

    session: Session
    seen: list[tuple[str, str]] = field(default_factory=list)


class _Watching(Client):
    description: Description
    seen: list[tuple[str, str]]
    loose: Callable[[str, str], bool]
    pick: Pick
    given: set[str]

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        answer = await super().request(method, url, **more)
        parts = urlsplit(url)
        if self.loose(method, parts.path):
            self.seen.append((f"{method} {parts.path}", ""))
            return answer
        query = {**dict(parse_qsl(parts.query)), **dict(more.get("params") or {})}
        self.description.check_request(method, parts.path, query, dict(more.get("form") or {}), self.given)
        key = self.pick(answer)
        self.description.check_answer(method, parts.path, key, answer.json())
        self.seen.append((f"{method} {parts.path}", key))
        return answer


@asynccontextmanager
async def watching(
    session: Session,
    description: Description,
    *,
    pick: Pick = lambda answer: str(answer.status),
    given: set[str] | None = None,
    loose: Callable[[str, str], bool] = lambda method, path: False,
) -> AsyncIterator[Watched]:
    """The session, watched. `pick` names the described answer; `loose(method, path)`: calls it does not know; say why."""
    async with _Watching(session.http.allowed, allow_loopback=True) as http:
        http.description, http.seen, http.loose = description, [], loose
        http.pick, http.given = pick, given or set()
        yield Watched(replace(session, http=http), http.seen)
