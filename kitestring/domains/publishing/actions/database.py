"""The engine is asynchronous, its rows are not: one thread of the process speaks to the database, briefly."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import InternalError, OperationalError, connection
from psycopg.errors import IdleInTransactionSessionTimeout

from kitestring.domains.publishing.actions.presence import hold_on

P = ParamSpec("P")
T = TypeVar("T")


async def on_database(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` where the connection lives; one that died since, or is old, is replaced first, and with it goes the sign that
    somebody sends here: it is given again before anything else.

    Raises OperationalError too where we stood still in the middle of it until the server ended our transaction.
    """

    def fresh() -> T:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
            hold_on()
        try:
            return work(*args, **kwargs)
        except InternalError as error:
            if isinstance(error.__cause__, IdleInTransactionSessionTimeout):
                raise OperationalError(str(error)) from error
            raise

    return await sync_to_async(fresh, thread_sensitive=True)()
