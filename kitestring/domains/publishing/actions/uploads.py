"""Keeps what a channel was given of a delivery's files, each in a short transaction of its own, while the try goes on.

An upload publishes nothing: whatever cannot be kept is only sent once more, so no trouble here stops a try.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from kitestring.connectorkit.contract import Media
from kitestring.connectorkit.uploads import Kept, Upload, name_of
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.queries.uploads import uploads_of
from kitestring.kit.ids import uuid7
from kitestring.kit.text import storable

log = logging.getLogger(__name__)

STORE: Final = """
INSERT INTO publishing_upload (id, delivery_id, sha256, mark, handle, taken, stays, expires_at, kept_at)
VALUES (%(id)s, %(delivery)s, %(sha256)s, %(mark)s, %(handle)s, %(taken)s, %(stays)s, %(expires_at)s, ks_now())
ON CONFLICT (delivery_id, sha256, mark) DO UPDATE SET handle = excluded.handle, taken = excluded.taken,
    stays = excluded.stays, expires_at = excluded.expires_at, kept_at = excluded.kept_at"""

DROP: Final = """
DELETE FROM publishing_upload WHERE delivery_id = %(delivery)s AND sha256 = %(sha256)s AND mark = %(mark)s"""

# Files go with the first part of a sequence alone.
# What stays in a library there is told on the page of a delivery that was given up, for a month.
OVER: Final = """
DELETE FROM publishing_upload u USING publishing_delivery d WHERE d.id = u.delivery_id AND (
    d.state IN ('published', 'withdrawn') OR d.part > 0 OR d.state = 'cancelled' AND NOT u.stays
    OR u.kept_at < ks_now() - interval '30 days')"""


class StoredUploads(Kept):
    """One delivery's uploads. What the database does not take is at least known until this try ends."""

    def __init__(self, delivery_id: UUID) -> None:
        super().__init__()
        self.delivery_id = delivery_id

    async def keep(
        self,
        media: Media,
        handle: str,
        *,
        place: str = "",
        taken: int | None = None,
        expires_at: datetime | None = None,
        stays: bool = False,
    ) -> bool:
        await super().keep(media, handle, place=place, taken=taken, expires_at=expires_at, stays=stays)
        facts = {"id": uuid7(), "handle": storable(handle), "taken": taken}
        return await self._write(STORE, media, place, {**facts, "expires_at": expires_at, "stays": stays})

    async def forget(self, media: Media, place: str = "") -> None:
        await super().forget(media, place)
        await self._write(DROP, media, place, {})

    async def _write(self, statement: str, media: Media, place: str, facts: dict[str, Any]) -> bool:
        sha256, mark = name_of(media, place)
        given = {**facts, "delivery": self.delivery_id, "sha256": sha256, "mark": mark}
        try:
            await on_database(_written, statement, given)
        except DatabaseError as error:
            log.warning(
                "What a channel has of a file of delivery %s is not kept: %s", self.delivery_id, error
            )
            return False
        return True


def kept_uploads(delivery_id: UUID) -> StoredUploads:
    """What earlier tries of this delivery left there. Reads the database."""
    found = StoredUploads(delivery_id)
    for row in uploads_of(delivery_id):
        found.known[row.sha256, row.mark] = Upload(row.handle, row.taken), row.expires_at
    return found


def forget_over() -> int:
    """Forget what belongs to deliveries that are over; gives back how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OVER)
        return int(cursor.rowcount)


def _written(statement: str, given: dict[str, Any]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given)
