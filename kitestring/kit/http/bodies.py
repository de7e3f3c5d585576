"""What a call carries: JSON, a form, bytes, a file, or the parts of a multipart form.

Files are streamed from disk, and what is large from memory, piece by piece: when the call is over, so is its body. What was
given to the library in one piece it goes on sending, whatever became of the call.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Final

import orjson
from pyreqwest.multipart import FormBuilder, PartBuilder
from pyreqwest.request import RequestBuilder

from kitestring.kit.http.call import Call, Part
from kitestring.kit.http.errors import FileGone

AT_ONCE: Final = 64 * 1024  # bytes given away in one go
WITH_BODY: Final = ("POST", "PUT", "PATCH")


def with_body(started: RequestBuilder, call: Call, files: ExitStack) -> RequestBuilder:
    """The request with its headers and its body, which ends when `files` closes. Raises FileGone."""
    headers = call.headers
    if call.json is not None:
        return _whole(started, {"Content-Type": "application/json", **headers}, _json(call.json), files)
    if call.parts is not None:
        return started.headers(headers).multipart(_form(call.parts, files))
    if isinstance(call.content, Path):
        file, size = _opened(call.content, files)
        return started.headers({**headers, "Content-Length": str(size)}).body_stream(_chunks(file))
    if call.content is not None:
        return _whole(started, headers, call.content, files)
    if call.form is not None:
        return started.headers(headers).form(call.form)
    if call.method in WITH_BODY:
        return started.headers({**headers, "Content-Length": "0"})
    return started.headers(headers)


def _whole(
    started: RequestBuilder, headers: Mapping[str, str], sent: bytes, files: ExitStack
) -> RequestBuilder:
    if len(sent) <= AT_ONCE:
        return started.headers(headers).body_bytes(sent)
    return started.headers({**headers, "Content-Length": str(len(sent))}).body_stream(
        _pieces(_held(sent, files))
    )


def _held(sent: bytes, files: ExitStack) -> io.BytesIO:
    """The bytes as a file that closes with the call's others."""
    return files.enter_context(io.BytesIO(sent))


def _json(value: Any) -> bytes:
    """As JSON in UTF-8. What the quick writer does not write (half of a surrogate pair, a huge number) the patient one does."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        return json.dumps(value).encode()


def _form(parts: Sequence[Part], files: ExitStack) -> FormBuilder:
    form = FormBuilder().percent_encode_noop()
    for part in parts:
        made = _part(part, files)
        if part.filename:
            made = made.file_name(re.sub(r'["\\\r\n]', "_", part.filename))
        if part.mime:
            made = made.mime(part.mime)
        form = form.part(part.name, made)
    return form


def _part(part: Part, files: ExitStack) -> PartBuilder:
    if isinstance(part.value, Path):
        file, size = _opened(part.value, files)
        return PartBuilder.from_stream_with_length(_chunks(file), size)
    if isinstance(part.value, bytes):
        return PartBuilder.from_stream_with_length(_pieces(_held(part.value, files)), len(part.value))
    return PartBuilder.from_text(part.value)


def _opened(path: Path, files: ExitStack) -> tuple[IO[bytes], int]:
    """The file and its size in bytes."""
    try:
        return files.enter_context(path.open("rb")), path.stat().st_size
    except OSError as error:
        raise FileGone(f"{path.name} cannot be read ({type(error).__name__})") from error


async def _pieces(held: io.BytesIO) -> AsyncIterator[bytes]:
    """As `_chunks`, of what is in memory."""
    while piece := held.read(AT_ONCE):
        yield piece


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file's bytes. Raises ValueError once it is closed: whoever still reads it then must not come to its end."""
    while chunk := await asyncio.to_thread(file.read, AT_ONCE):
        yield chunk
