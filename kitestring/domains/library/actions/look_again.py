"""Looks once more into videos that came in when less was looked for: what they tell of where and by whom they were taken."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from django.db import transaction

from kitestring.domains.library.actions.make_open import aside
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries.looked import same_content_held, video_to_look_into
from kitestring.domains.library.queries.storage import full_path
from kitestring.domains.library.rules.sniffing import Kind, NotUsable, look_into
from kitestring.kit.video.probe import LOOK
from kitestring.kit.video.program import Stopped

log = logging.getLogger(__name__)
_THREAD = ThreadPoolExecutor(1, thread_name_prefix="looking")


async def look_again() -> int:
    """All of them, the newest first, one at a time; how many. Where this machine has no ffmpeg they stay as they are.

    No transaction is open while a file is read. Two workers that take the same one find the same.
    """
    done = 0
    while (found := await aside(video_to_look_into)) is not None:
        try:
            kind = await asyncio.get_running_loop().run_in_executor(_THREAD, _look, found)
        except Stopped:
            return done
        if kind is None:
            return done
        await aside(_keep, found.sha256, kind)
        done += 1
    return done


def _look(asset: Asset) -> Kind | None:
    """None where nobody can look here. Of a file that cannot be read any more nobody knows what it tells: all of it."""
    try:
        kind = look_into(full_path(asset.path), asset.mime)
    except NotUsable as problem:
        log.info("A video could not be looked into once more: %s (%s)", asset.sha256, problem.reason)
        return Kind(asset.mime, tells=True)
    return kind if kind.duration else None


@transaction.atomic
def _keep(sha256: str, kind: Kind) -> None:
    """On every brand's row of this content."""
    for asset in same_content_held(sha256):
        asset.tells, asset.looked = kind.tells, LOOK
        if kind.duration:
            asset.width, asset.height = kind.width, kind.height
            asset.duration, asset.codecs = kind.duration, kind.codecs
        asset.save(update_fields=["tells", "looked", "width", "height", "duration", "codecs"])
