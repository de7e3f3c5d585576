"""The two troubles that the emulators' own kit has not: an answer that drips, and a page instead of the answer once stored."""

from __future__ import annotations

import asyncio

from aiohttp import web

from kitestring.connectorkit.faults import PAGE

DRIPS, EVERY = 12, 0.25  # longer than any call of the soak may last


async def drip(request: web.Request) -> web.StreamResponse:
    """A right beginning, byte by byte, for longer than anybody waits."""
    answer = web.StreamResponse(status=201, headers={"Content-Type": "application/json"})
    await answer.prepare(request)
    try:
        for _ in range(DRIPS):
            await answer.write(b" ")
            await asyncio.sleep(EVERY)
    except (ConnectionError, asyncio.CancelledError):
        pass
    if request.transport is not None:
        request.transport.abort()
    return answer


def page() -> web.Response:
    return web.Response(text=PAGE, content_type="text/html", status=201)
