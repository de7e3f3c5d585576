"""The engine is asynchronous, its rows are not: one thread of the process speaks to the database, briefly."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")


async def on_database(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` where the connection lives; a connection that died since is replaced first."""

    def fresh() -> T:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return work(*args, **kwargs)

    return await sync_to_async(fresh, thread_sensitive=True)()
