"""What came back: status, headers, body; read as text or JSON on demand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from email.message import Message
from typing import Any

import orjson

from kitestring.kit.http.errors import NotJson
from kitestring.kit.values import value


@value
class Answer:
    """A complete answer. Header names are in lower case; repeated ones are joined by ", "."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the status is in the 200s."""
        return 200 <= self.status < 300

    @property
    def mime(self) -> str:
        """The media type without parameters, in lower case ("" when none was given)."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def text(self) -> str:
        """The body by the charset it names, else UTF-8; what cannot be read becomes U+FFFD."""
        head = Message()
        head["content-type"] = self.headers.get("content-type", "text/plain")
        charset = head.get_content_charset() or "utf-8"
        try:
            return self.body.decode(charset, "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON, whatever its declared type. Raises NotJson.

        What the quick reader refuses (half of a surrogate pair, UTF-16) the patient one may read: a channel that
        cuts an emoji in two has answered all the same.
        """
        with suppress(orjson.JSONDecodeError):
            return orjson.loads(self.body)
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            seen = " ".join(self.body[:300].decode("utf-8", "replace").split())
            raise NotJson(f"the answer ({self.mime or 'no type'}, {self.status}) is not JSON", seen) from None
