"""Serves every emulated channel and the sandbox's own page, with the audience behind them, while inside."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from kitestring.sandbox import control
from kitestring.sandbox.addresses import HOST, Addresses
from kitestring.sandbox.audience.crowd import Crowd
from kitestring.sandbox.emulated import Emulated
from kitestring.sandbox.pages import reader

TICK = 1.0  # seconds between two looks of the audience
SAVE_EVERY = 3.0
CHANGES = ("POST", "PUT", "DELETE", "PATCH")


@asynccontextmanager
async def running(
    channels: dict[str, Emulated], where: Addresses, crowd: Crowd | None = None
) -> AsyncIterator[None]:
    """Listening on every address of `where`; with a `crowd`, people react. State is saved on the way and at the end."""
    runners = [await _listen(control.app(channels, where, crowd), where.index)]
    tasks = [asyncio.create_task(_keep_saving(channels))]
    try:
        for one in channels.values():
            app = one.app()
            app.middlewares.insert(0, reader(one))
            app.middlewares.insert(0, _noting(one))
            runners.append(await _listen(app, one.base))
        if crowd is not None:
            tasks.append(asyncio.create_task(_keep_watching(crowd)))
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for runner in runners:
            await runner.cleanup()
        save(channels)


@contextmanager
def running_aside(channels: dict[str, Emulated], where: Addresses) -> Iterator[None]:
    """The same for plain code: served by a thread of its own, without an audience. For seeding."""
    ready, done = threading.Event(), threading.Event()
    trouble: list[BaseException] = []

    async def serve() -> None:
        try:
            async with running(channels, where):
                ready.set()
                await asyncio.to_thread(done.wait)
        except BaseException as error:
            trouble.append(error)
            ready.set()
            raise

    thread = threading.Thread(target=lambda: _quietly(serve), name="sandbox", daemon=True)
    thread.start()
    ready.wait()
    if trouble:
        raise trouble[0]
    try:
        yield
    finally:
        done.set()
        thread.join()


def _quietly(serve: object) -> None:
    with suppress(OSError):
        asyncio.run(serve())  # type: ignore[operator]  # a coroutine function; `object` keeps the callers short


def save(channels: dict[str, Emulated]) -> None:
    """Write down what changed."""
    for one in channels.values():
        if one.changed:
            one.save()


async def _listen(app: web.Application, base: str) -> web.AppRunner:
    runner = web.AppRunner(app, shutdown_timeout=0.5, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, HOST, urlsplit(base).port).start()
    return runner


def _noting(one: Emulated) -> Any:
    @web.middleware
    async def note(request: web.Request, handler: object) -> web.StreamResponse:
        try:
            answer: web.StreamResponse = await handler(request)  # type: ignore[operator]  # a coroutine function; `object` keeps the callers short
        finally:
            if request.method in CHANGES:
                one.changed = True
        return answer

    return note


async def _keep_saving(channels: dict[str, Emulated]) -> None:
    while True:
        await asyncio.sleep(SAVE_EVERY)
        save(channels)


async def _keep_watching(crowd: Crowd) -> None:
    while True:
        crowd.step()
        await asyncio.sleep(TICK)
