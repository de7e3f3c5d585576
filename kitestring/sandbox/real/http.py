"""Plain JSON over HTTP to a server on loopback, for the people on the other side of a channel.

Not `kit.http`: what stands in for the audience must not share the code that is being tested.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from kitestring.sandbox.real.trouble import ServerFailed

PATIENCE = 30.0  # seconds for one answer


@dataclass(frozen=True)
class Reply:
    """A server's answer: status code, headers in lower case, raw body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def expect(self, *statuses: int) -> Reply:
        """This answer, or `ServerFailed` with its text if the status is another one."""
        if self.status not in statuses:
            text = self.body[:500].decode(errors="replace")
            raise ServerFailed(f"The server answered {self.status} instead of {statuses}: {text}")
        return self


def ask(
    method: str,
    url: str,
    *,
    query: Mapping[str, Any] | None = None,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """One request. body: bytes as they are, anything else as JSON. Raises OSError when nobody answers."""
    parts = urlsplit(url)
    path = parts.path + ("?" + urlencode(query) if query else f"?{parts.query}" if parts.query else "")
    sent = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        sent.setdefault("Content-Type", "application/json")
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    except HTTPException as broken:
        raise ConnectionError(f"{method} {url}: {broken!r}") from broken
    finally:
        connection.close()
