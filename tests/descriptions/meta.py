"""Both sides of a Graph call against Meta's own descriptions (`apis` and `fields` of each node, enumerations apart).

They say which edges a node has, which parameters those take, which fields come back and of which types. They say nothing
of lengths, of what goes together, or of states.

    async with watching(session, graph("Page", "PagePost"), classify) as watched: ...

`classify(path)` names the node and the edge that a path means: ("Page", "feed"), ("PagePost", ""); None: not described.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from kitestring.connectorkit.contract import Session
from kitestring.kit.http import Answer, Client
from kitestring.providers.meta.emulated.fields import Wanted, parse
from tests.descriptions.files import description_file

Classify = Callable[[str], tuple[str, str] | None]
# Every call may carry these; the descriptions leave them out.
COMMON = {
    "access_token",
    "appsecret_proof",
    "fields",
    "limit",
    "after",
    "before",
    "since",
    "until",
    "summary",
}
# What answers to a POST or DELETE hold besides the fields of the node that is named as returned.
ACKNOWLEDGED = {"id", "success", "post_id", "video_id", "upload_url", "upload_session_id", "start_offset"}
ACKNOWLEDGED |= {"end_offset", "recipient_id", "message_id"}
PLAIN: dict[str, Any] = {"string": str, "bool": bool, "int": int, "unsigned int": int, "float": (int, float)}


@dataclass(frozen=True)
class Graph:
    """`nodes` by name as described; `enums` by their lower-cased name. `newer`: (node, name) added after the commit read."""

    nodes: Mapping[str, Mapping[str, Any]]
    enums: Mapping[str, Collection[str]]
    newer: Collection[tuple[str, str]] = ()

    def api(self, node: str, method: str, edge: str) -> Mapping[str, Any] | None:
        for api in self.nodes[node]["apis"]:
            if api["method"] == method and api.get("endpoint", "") == edge:
                found: Mapping[str, Any] = api
                return found
        return None

    def call(self, node: str, method: str, edge: str, told: Mapping[str, str]) -> Iterator[str]:
        """What is wrong with a request."""
        api, at = self.api(node, method, edge), f"{method} {node}/{edge}"
        if api is None:
            yield f"{at}: no such call"
            return
        known = {param["name"]: param for param in api["params"]}
        for name, value in told.items():
            if name in known:
                yield from self._param(f"{at}.{name}", known[name]["type"], value)
            elif name not in COMMON and (node, name) not in self.newer:
                yield f"{at}.{name}: no such parameter"
        yield from (f"{at}.{n}: missing" for n, p in known.items() if p.get("required") and n not in told)
        if "fields" in told:
            yield from self._wanted(at, api["return"] if edge else node, parse(told["fields"]))

    def _wanted(self, at: str, node: str, wanted: list[Wanted]) -> Iterator[str]:
        if node not in self.nodes:
            return
        for one in wanted:
            kind = self._kind(node, one.name)
            if kind is None:
                yield f"{at}: {node} has no field or edge {one.name!r}"
            elif one.inner:
                yield from self._wanted(f"{at}.{one.name}", kind, one.inner)

    def _kind(self, node: str, name: str) -> str | None:
        for told in self.nodes[node]["fields"]:
            if told["name"] == name:
                return str(told["type"])
        edge = self.api(node, "GET", name)
        if edge is not None:
            return str(edge["return"])
        return "Object" if name == "id" or (node, name) in self.newer else None

    def _param(self, at: str, kind: str, value: str) -> Iterator[str]:
        inner = re.fullmatch(r"list(?:<(.*)>)?", kind)
        if inner:
            rows = _opened(value) if value.startswith("[") else value.split(",")
            if not isinstance(rows, list):
                yield f"{at}: {value!r} is no list"
                return
            for row in rows if inner[1] else ():
                yield from self._param(at, inner[1], row if isinstance(row, str) else json.dumps(row))
        elif kind.lower() in self.enums:
            if value.lower() not in {one.lower() for one in self.enums[kind.lower()]}:
                yield f"{at}: {value!r} is none of its values"
        elif (kind == "bool" and value not in ("true", "false")) or (
            kind in ("int", "unsigned int") and not value.lstrip("-").isdigit()
        ):
            yield f"{at}: {value!r} is no {kind}"
        elif kind == "map" and not isinstance(_opened(value), dict):
            yield f"{at}: {value!r} is no object"

    def answer(self, node: str, method: str, edge: str, body: Any) -> Iterator[str]:
        """What is wrong with a 2xx answer."""
        api, at = self.api(node, method, edge), f"{method} {node}/{edge}()"
        returned = str(api["return"]) if api else node
        if not isinstance(body, dict):
            yield f"{at}: no object"
        elif method != "GET":
            known = {one["name"] for one in self.nodes.get(returned, {"fields": ()})["fields"]} | ACKNOWLEDGED
            yield from (f"{at}.{key}: unknown" for key in body if key not in known)
        elif edge:
            if not isinstance(body.get("data"), list):
                yield f"{at}: no list under data"
            for row in body.get("data") or ():
                yield from self._value(at, returned, row)
        else:
            yield from self._value(at, node, body)

    def _value(self, at: str, kind: str, value: Any) -> Iterator[str]:
        if kind in PLAIN:
            wrong = not isinstance(value, PLAIN[kind]) or (kind != "bool" and isinstance(value, bool))
            # What is described as a string may be an edge's object: picture{url}.
            if wrong and not (kind == "string" and isinstance(value, dict)):
                yield f"{at}: {value!r} is no {kind}"
        elif kind == "datetime":
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}", str(value)):
                yield f"{at}: {value!r} is no moment"
        elif (inner := re.fullmatch(r"list<(.*)>", kind)) and isinstance(value, list):
            for row in value:
                yield from self._value(at, inner[1], row)
        elif kind in self.nodes and isinstance(value, dict):
            if isinstance(value.get("data"), list):
                for row in value["data"]:
                    yield from self._value(at, kind, row)
                return
            for name, held in value.items():
                known = self._kind(kind, name)
                if known is None:
                    yield f"{at}.{name}: {kind} has no such field"
                else:
                    yield from self._value(f"{at}.{name}", known, held)


def _opened(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def graph(*names: str, newer: Collection[tuple[str, str]] = ()) -> Graph:
    """The nodes of these names with the enumerations. `newer`: say at each use where they are documented."""
    nodes = {
        name: json.loads(description_file(f"meta/specs/{name}.json").read_text("utf-8")) for name in names
    }
    rows = json.loads(description_file("meta/specs/enum_types.subset.json").read_text("utf-8"))
    return Graph(nodes, {row["name"].lower(): row["values"] for row in rows}, newer)


def error_faults(body: Any) -> Iterator[str]:
    """What is wrong with an error. Source: developers.facebook.com/docs/graph-api/guides/error-handling"""
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        yield "an error without an error object"
        return
    kinds = {"message": str, "type": str, "code": int, "fbtrace_id": str}
    yield from (
        f"error.{name}: missing or wrong" for name, k in kinds.items() if not isinstance(error.get(name), k)
    )
    known = {*kinds, "error_subcode", "error_user_title", "error_user_msg", "is_transient", "error_data"}
    yield from (f"error.{name}: unknown" for name in error if name not in known)


@dataclass
class Watched:
    """`seen`: (method, node, edge, status); `wrong`: every breach."""

    session: Session
    seen: list[tuple[str, str, str, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class _Watching(Client):
    description: Graph
    classify: Classify
    kept: Watched

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        answer = await super().request(method, url, **more)
        path = re.sub(r"^/v\d+\.\d+/", "", urlsplit(url).path).lstrip("/")
        found = self.classify(path)
        if found is None:
            return answer
        node, edge = found
        told = {**dict(more.get("params") or {}), **dict(more.get("form") or {})}
        texts = [part for part in more.get("parts") or () if not part.filename]
        told |= {part.name: str(part.value) for part in texts}
        self.kept.wrong += self.description.call(node, method, edge, told)
        if answer.ok:
            self.kept.wrong += self.description.answer(node, method, edge, answer.json())
        else:
            self.kept.wrong += error_faults(answer.json())
        self.kept.seen.append((method, node, edge, answer.status))
        return answer


@asynccontextmanager
async def watching(session: Session, description: Graph, classify: Classify) -> AsyncIterator[Watched]:
    """The session, every call of it held against the description."""
    async with _Watching(session.http.allowed, allow_loopback=True) as http:
        kept = Watched(replace(session, http=http))
        http.description, http.classify, http.kept = description, classify, kept
        yield kept
