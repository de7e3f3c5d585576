"""Draws the pictures that deliveries need, beside the engine: two at once, each once, never on the database's thread."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectorkit.manifest import Manifest
from kitestring.domains.channels.models import Account
from kitestring.domains.library.actions.make_rendition import draw, keep_rendition
from kitestring.domains.library.actions.want_rendition import want_rendition
from kitestring.domains.library.models import Asset, MakingState
from kitestring.domains.library.queries.storage import FULL
from kitestring.domains.library.rules.bounds import Bounds
from kitestring.domains.library.rules.reasons import reason_words
from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.actions.outgoing import undrawn
from kitestring.kit.clock import now
from kitestring.kit.refusals import Refusal

# A large photograph unpacked takes 150 MB: two of them are what a small machine can hold.
AT_ONCE: Final = 2
COMES_BACK: Final = 15.0  # seconds
_THREADS: Final = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")


class Pictures:
    """What one pass of the engine has under way: a picture that several accounts need is drawn once."""

    def __init__(self) -> None:
        self._drawing: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def prepare(self, claimed: Claimed, account: Account, manifest: Manifest, until: float) -> bool:
        """True when every rendition of this delivery lies ready; False when that takes longer than `until` (loop time).

        What is being drawn then is drawn to its end and kept for the next try. Raises Rejected("media") when one
        cannot be made, RetryLater while there is no room for it.
        """
        for asset, bounds in await on_database(undrawn, claimed, account, manifest):
            if asset.is_video and not bounds.still:
                await self._wanted(asset, bounds)
                continue
            try:
                async with asyncio.timeout_at(until):
                    await self._drawn(asset, bounds)
            except TimeoutError:
                return False
            except Refusal as error:
                if bounds.still:
                    continue  # a cover is a courtesy
                name = {"name": asset.name}
                raise Rejected("media", "file_unfit", said=error.message, params=name) from error
            except OSError as error:
                if error.errno in FULL:
                    raise RetryLater("disk_full") from error
                raise Rejected("media", "file_gone", params={"name": asset.name}) from error
        return True

    async def _wanted(self, asset: Asset, bounds: Bounds) -> None:
        """A video takes minutes: it is made beside the sending, and the delivery comes back for it."""
        making = await on_database(want_rendition, asset, bounds, now(), again=True)
        if making is None:
            return
        name = {"name": asset.name}
        if making.state == MakingState.FAILED:
            raise Rejected("media", "file_unfit", said=reason_words(making.reason, asset.name), params=name)
        raise RetryLater("file_making", after=COMES_BACK, params=name)

    async def _drawn(self, asset: Asset, bounds: Bounds) -> None:
        key = (asset.sha256, bounds.recipe)
        if key not in self._drawing:
            self._drawing[key] = asyncio.create_task(_draw(asset, bounds))
        await asyncio.shield(self._drawing[key])


async def _draw(asset: Asset, bounds: Bounds) -> None:
    drawn = await asyncio.get_running_loop().run_in_executor(_THREADS, draw, asset, bounds)
    await on_database(keep_rendition, asset, bounds, drawn)
