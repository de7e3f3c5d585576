"""Both sides of a call against an OpenAPI description: what a connector sends, and what its emulator answers.

async with watching(session, described("some/openapi.json", base="/api/v10")) as watched:
    await publishing.publish(watched.session, duty)
assert ("POST /api/v10/webhooks/1/x", 200) in watched.seen
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from kitestring.connectorkit.contract import Session
from kitestring.kit.http import Answer, Client
from tests.descriptions.files import description_file

HOST = "http://described.test"
Mend = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Description:
    """A loaded description; `base`: the path its server has ("/v5"), which stays in the paths that are called."""

    api: OpenAPI
    base: str = ""


@lru_cache(maxsize=8)
def described(name: str, *, base: str = "", mend: Mend | None = None) -> Description:
    """The description `name`, its server replaced by ours. `mend` puts right what the file itself has wrong (say why)."""
    text = description_file(name).read_text("utf-8")
    found = yaml.safe_load(text) if name.endswith((".yml", ".yaml")) else json.loads(text)
    if mend is not None:
        mend(found)
    found["servers"] = [{"url": f"{HOST}{base}"}]
    for path in found["paths"].values():
        path.pop("servers", None)
        for operation in path.values():
            if isinstance(operation, dict):
                operation.pop("servers", None)
    snowflakes = {"snowflake": lambda value: str(value).isdigit()}
    problems = {"application/problem+json": json.loads}  # RFC 9457; the library reads only the plain name
    config = Config(
        spec_validator_cls=None, extra_format_validators=snowflakes, extra_media_type_deserializers=problems
    )
    return Description(OpenAPI.from_dict(found, config=config), base)


class Sent:
    """A request as openapi-core wants to see it. Multipart bodies are left to the server."""

    def __init__(self, method: str, url: str, more: Mapping[str, Any]) -> None:
        parts = urlsplit(url)
        given = more.get("params") or ()
        query = [*parse_qsl(parts.query), *(given.items() if isinstance(given, Mapping) else given)]
        self.host_url, self.path, self.method = HOST, parts.path, method.lower()
        self.content_type, self.body = "", None
        if more.get("json") is not None:
            self.content_type, self.body = "application/json", json.dumps(more["json"]).encode()
        elif more.get("form") is not None:
            self.content_type = "application/x-www-form-urlencoded"
            self.body = urlencode(list(dict(more["form"]).items())).encode()
        headers = Headers(dict(more.get("headers") or {}))
        told = [(key, str(value)) for key, value in query]
        self.parameters = RequestParameters(query=ImmutableMultiDict(told), header=headers)


class Got:
    """An answer as openapi-core wants to see it."""

    def __init__(self, answer: Answer) -> None:
        self.data, self.status_code = answer.body, answer.status
        self.content_type, self.headers = answer.mime, Headers(dict(answer.headers))


@dataclass
class Watched:
    """A session whose every call is held against the description. `seen`: ("POST /path", status)."""

    session: Session
    seen: list[tuple[str, int]] = field(default_factory=list)


class _Watching(Client):
    description: Description
    seen: list[tuple[str, int]]
    loose: Callable[[str, str], bool]

    async def request(self, method: str, url: str, **more: Any) -> Answer:
        answer = await super().request(method, url, **more)
        sent = Sent(method, url, more)
        if not self.loose(method, sent.path):
            if not more.get("parts") and more.get("content") is None:
                self.description.api.validate_request(sent)
            self.description.api.validate_response(sent, Got(answer))
        self.seen.append((f"{method} {sent.path}", answer.status))
        return answer


@asynccontextmanager
async def watching(
    session: Session,
    description: Description,
    *,
    loose: Callable[[str, str], bool] = lambda method, path: False,
) -> AsyncIterator[Watched]:
    """The session, watched. `loose(method, path)`: calls that the description does not know; say at each use why."""
    async with _Watching(session.http.allowed, allow_loopback=True) as http:
        http.description, http.seen, http.loose = description, [], loose
        yield Watched(replace(session, http=http), http.seen)
