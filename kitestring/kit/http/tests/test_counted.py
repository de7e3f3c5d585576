"""Calls are counted where they begin, in whatever task that is; what is refused before that is none."""

from __future__ import annotations

import asyncio

import pytest

from kitestring.kit.http import Client, HostRefused, NotSent, counted


async def test_calls_begun_inside_are_counted() -> None:
    async with Client(("127.0.0.1",), allow_loopback=True) as client:

        async def call() -> None:
            with pytest.raises(NotSent):
                await client.request("GET", "http://127.0.0.1:1/x")

        with counted() as outer:
            with counted() as inner:
                await asyncio.gather(call(), call())
            await call()
        await call()
        assert (inner.calls, outer.calls) == (2, 1), "each counts what is begun while it is the innermost"
        with counted() as refused, pytest.raises(HostRefused):
            await client.request("GET", "https://elsewhere.example/x")
        assert refused.calls == 0
