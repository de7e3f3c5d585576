"""The two other programs of delivery_burst: the platform that answers, and the bare loop that nothing can be quicker than.

    python -m benchmarks._burst_programs platform                      prints its address, serves until ended
    python -m benchmarks._burst_programs bare ADDRESS DUTIES BEGIN     sends every duty of a file, at that moment

The platform takes a Mastodon post, waits 30 ms and answers; it notes when each came and under which key, and answers a
look-up as Mastodon does: an empty post under a key it knows is that post, under any other it is refused. The bare loop
is one `ClientSession` with at most 100 connections: no ledger, no order within an account, no check, no log.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import aiohttp
from aiohttp import web

ANSWERS_AFTER = 0.030
CONNECTIONS = 100
EMPTY = 40  # bytes that a post without any text stays under


def _status(number: str) -> dict[str, str]:
    return {"id": number, "url": f"https://there.example/@hien/{number}"}


def _looked(number: str | None) -> web.Response:
    if number is None:
        return web.json_response({"error": "Validation failed: Text can't be blank"}, status=422)
    return web.json_response(_status(number))


def platform() -> web.Application:
    """POST /api/v1/statuses stores and answers; GET /came tells [key, moment] of each and forgets them."""
    came: list[tuple[str, float]] = []
    stored: dict[str, str] = {}

    async def post(request: web.Request) -> web.Response:
        key = request.headers["Idempotency-Key"]
        asked = len(await request.read()) < EMPTY
        await asyncio.sleep(ANSWERS_AFTER)
        if asked:
            return _looked(stored.get(key))
        came.append((key, time.time()))
        number = stored.setdefault(key, str(len(stored) + 1))
        return web.json_response(_status(number))

    async def tell(_request: web.Request) -> web.Response:
        told = list(came)
        came.clear()
        stored.clear()
        return web.json_response(told)

    async def none(_request: web.Request) -> web.Response:
        return web.json_response([])

    app = web.Application()
    app.router.add_post("/api/v1/statuses", post)
    app.router.add_get("/api/v1/accounts/{id}/statuses", none)
    app.router.add_get("/came", tell)
    return app


async def serve() -> None:
    runner = web.AppRunner(platform(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    assert runner.addresses
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


async def bare(address: str, duties: list[tuple[str, dict[str, str]]], begin: float) -> None:
    """Send all of them from `begin` on; prints the CPU seconds it took, starting and loading left out."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def send(key: str, body: dict[str, str]) -> None:
            headers = {"Authorization": "Bearer t", "Idempotency-Key": key}
            async with session.post(f"{address}/api/v1/statuses", json=body, headers=headers) as answer:
                await answer.json()

        await asyncio.sleep(max(0.0, begin - time.time()))
        used = time.process_time()
        await asyncio.gather(*(send(key, body) for key, body in duties))
    print(time.process_time() - used)


def main() -> None:
    if sys.argv[1] == "platform":
        asyncio.run(serve())
    else:
        duties = json.loads(Path(sys.argv[3]).read_text("utf-8"))
        asyncio.run(bare(sys.argv[2], duties, float(sys.argv[4])))


if __name__ == "__main__":
    main()
