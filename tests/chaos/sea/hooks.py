"""The channel's callbacks: whatever comes is genuine here, and names a container."""

from __future__ import annotations

from kitestring.connectorkit.hooks import Door, Heard, Knock


def verify(knock: Knock, door: Door) -> Heard | None:
    return Heard("ok", tuple(knock.body.decode().split()))


def names(handle: str) -> tuple[str, ...]:
    return (handle,) if handle else ()
