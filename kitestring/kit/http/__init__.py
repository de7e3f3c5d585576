"""The one door by which bytes leave: guarded, bounded in time and size, and honest about what is unclear."""

from kitestring.kit.http import _home as _home  # before anything that loads the library
from kitestring.kit.http.answer import Answer
from kitestring.kit.http.call import Part
from kitestring.kit.http.client import Client
from kitestring.kit.http.counted import counted
from kitestring.kit.http.deadline import ends_by
from kitestring.kit.http.errors import (
    FileGone,
    HostRefused,
    HttpError,
    NoAnswer,
    NotJson,
    NotOpened,
    NotSent,
    TooLarge,
)
from kitestring.kit.http.pool import hold
from kitestring.kit.http.redact import redact_headers, redact_url
from kitestring.kit.http.sockets import Socket, as_http

__all__ = [
    "Answer",
    "Client",
    "FileGone",
    "HostRefused",
    "HttpError",
    "NoAnswer",
    "NotJson",
    "NotOpened",
    "NotSent",
    "Part",
    "Socket",
    "TooLarge",
    "as_http",
    "counted",
    "ends_by",
    "hold",
    "redact_headers",
    "redact_url",
]
