"""The door for channels that fetch a post's files themselves: no login, no page, only what is on its way.

It reads no cookie and no session. What is not ours, too old, or not under way any more is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt

from kitestring.domains.library.queries.storage import full_path
from kitestring.domains.publishing.actions.fetch_file import fetch_file

HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Accept-Ranges": "bytes",
}
RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
CHUNK: Final = 1 << 18


@csrf_exempt
def fetched(request: HttpRequest, token: str, name: str) -> HttpResponseBase:
    """The file, whole or a piece (`Range`); HEAD says how large it is. `name` is only for who looks at endings."""
    if request.method not in ("GET", "HEAD"):
        return _said(405, {"Allow": "GET, HEAD"})
    ticket = fetch_file(token)
    if ticket is None:
        return _said(404)
    path = full_path(ticket.path)
    try:
        size = path.stat().st_size
    except OSError:
        return _said(404)
    asked = request.headers.get("Range", "")
    piece = _piece(asked, size) if asked else (0, size)
    if piece is None:
        return _said(416, {"Content-Range": f"bytes */{size}"})
    first, after = piece
    headers = HEADERS | {"Content-Length": str(after - first)}
    if asked:
        headers["Content-Range"] = f"bytes {first}-{after - 1}/{size}"
    status = 206 if asked else 200
    if request.method == "HEAD":
        return HttpResponse(content_type=ticket.mime, status=status, headers=headers)
    return StreamingHttpResponse(
        _read(path, first, after), content_type=ticket.mime, status=status, headers=headers
    )


def _said(status: int, more: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        content_type="text/plain; charset=utf-8", status=status, headers=HEADERS | (more or {})
    )


def _piece(asked: str, size: int) -> tuple[int, int] | None:
    """(first byte, byte after the last). Several pieces, and what is no range at all, are answered with the whole."""
    found = RANGE.fullmatch(asked.strip())
    if found is None or found[1] == found[2] == "":
        return 0, size
    if not found[1]:  # the last so many
        most = int(found[2])
        return (max(0, size - most), size) if most else None
    first = int(found[1])
    after = min(size, int(found[2]) + 1) if found[2] else size
    return (first, after) if first < after else None


def _read(path: Path, first: int, after: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        left = after - first
        while left > 0 and (chunk := file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
