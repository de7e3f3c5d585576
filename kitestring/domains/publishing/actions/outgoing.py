"""Makes of a frozen payload what a connector sends: the texts as they were frozen, the files as the channel takes them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.urls import reverse

from kitestring.connectorkit.contract import NOTHING_KEPT, Media, Outgoing
from kitestring.connectorkit.errors import Rejected, RetryLater
from kitestring.connectorkit.manifest import Manifest, MediaLimit
from kitestring.connectorkit.marked import picture_name
from kitestring.domains.channels.models import Account
from kitestring.domains.library.actions.make_rendition import COVER, File, file_within, ready_file
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import assets_by_id
from kitestring.domains.library.queries.addresses import public_address
from kitestring.domains.library.queries.planned import focus_of
from kitestring.domains.library.queries.storage import FULL, full_path
from kitestring.domains.library.rules.bounds import Bounds, bounds_for
from kitestring.domains.publishing.actions.claim import Claimed
from kitestring.domains.publishing.actions.uploads import kept_uploads
from kitestring.domains.publishing.rules.fetched import Ticket, written
from kitestring.domains.publishing.rules.sequence import parts_of, under
from kitestring.kit.refusals import Refusal


def outgoing(
    claimed: Claimed, account: Account, manifest: Manifest, *, files: bool = True, kept: bool = False
) -> Outgoing:
    """Raises Rejected("media") when a file is gone, was changed, or cannot be made to fit the channel.

    `files` False: for asking about what the channel was given already, which a file that is gone must not hinder. `kept`:
    with what is kept of the files all the same.
    """
    payload = claimed.payload
    if claimed.part:
        return later_part(claimed, account)
    parts = parts_of(payload)
    carries = (files or kept) and bool(payload.get("media"))
    return Outgoing(
        key=claimed.key,
        stamp=claimed.stamp,
        kind=claimed.publish_kind,
        text=parts[0]["text"] if parts else payload.get("text", ""),
        title=payload.get("title", ""),
        language=payload.get("language", ""),
        media=_media(payload.get("media") or [], account, manifest, claimed) if files else (),
        link=payload.get("link", ""),
        reply_to=payload.get("reply_to", ""),
        root=payload.get("root", ""),
        handle=claimed.handle,
        options={str(k): str(v) for k, v in (payload.get("options") or {}).items()},
        limits=account.own_limits,
        restored=claimed.backup_at is not None,
        uploads=kept_uploads(claimed.id) if carries else NOTHING_KEPT,
    )


def later_part(claimed: Claimed, account: Account) -> Outgoing:
    """What stands under the post: an answer to ourselves, with a key of its own and nothing but words."""
    payload = claimed.payload
    return Outgoing(
        key=claimed.key,
        stamp=claimed.stamp,
        kind="reply",
        text=parts_of(payload)[claimed.part]["text"],
        language=payload.get("language", ""),
        reply_to=under(payload, claimed.part, claimed.before, claimed.head),
        root=claimed.head,
        handle=claimed.handle,
        limits=account.own_limits,
        restored=claimed.backup_at is not None,
    )


def undrawn(claimed: Claimed, account: Account, manifest: Manifest) -> list[tuple[Asset, Bounds]]:
    """What still has to be made of files before this can leave; what is wrong with a file `outgoing` says."""
    found: list[tuple[Asset, Bounds]] = []
    frozen = claimed.payload.get("media") or []
    if not frozen:
        return found
    limit = manifest.kind(claimed.publish_kind).media
    known = assets_by_id([str(item["asset"]) for item in frozen])
    for item in frozen:
        asset = known.get(str(item["asset"]))
        if asset is None or asset.brand_id != account.brand_id:
            continue
        wanted = [bounds_for(asset, limit, focus_of(item))] + ([COVER] if asset.is_video else [])
        for bounds in wanted:
            with suppress(Refusal):
                if ready_file(asset, bounds) is None:
                    found.append((asset, bounds))
    return found


def _media(
    frozen: list[Mapping[str, Any]], account: Account, manifest: Manifest, claimed: Claimed
) -> tuple[Media, ...]:
    if not frozen:
        return ()
    known = assets_by_id([str(item["asset"]) for item in frozen])
    limit = manifest.kind(claimed.publish_kind).media
    return tuple(_file(item, known.get(str(item["asset"])), account, limit, claimed) for item in frozen)


def _file(
    item: Mapping[str, Any], asset: Asset | None, account: Account, limit: MediaLimit | None, claimed: Claimed
) -> Media:
    if asset is None or asset.brand_id != account.brand_id or asset.sha256 != item.get("sha256"):
        raise Rejected("media", "file_gone")
    bounds = bounds_for(asset, limit, focus_of(item))
    try:
        file = file_within(asset, bounds)
    except Refusal as error:
        raise Rejected("media", "file_unfit", said=error.message, params={"name": asset.name}) from error
    except OSError as error:
        if error.errno in FULL:
            raise RetryLater("disk_full") from error
        raise Rejected("media", "file_gone", params={"name": asset.name}) from error
    if not file.path.is_file():
        raise Rejected("media", "file_gone", params={"name": asset.name})
    return Media(
        file.path,
        file.mime,
        file.size,
        file.sha256,
        item.get("alt", ""),
        file.width,
        file.height,
        duration=file.duration,
        public_url=_address(claimed, file) if limit is not None and limit.by_address else "",
        cover=_cover(asset) if asset.is_video else None,
        name=picture_name(asset.pk),
    )


def _address(claimed: Claimed, file: File) -> str:
    """Where the channel fetches the file while the delivery is under way; "" where nobody reaches us."""
    base = public_address()
    if not base:
        return ""
    relative = file.path.relative_to(full_path("")).as_posix()
    token = written(Ticket(claimed.id, relative, file.mime))
    return base + reverse("publishing:fetched", args=[token, f"file{file.path.suffix}"])


def _cover(asset: Asset) -> Path | None:
    """A still of the video; None where none can be had, which hinders nothing."""
    with suppress(Refusal, OSError):
        ready = ready_file(asset, COVER)
        return ready.path if ready is not None else None
    return None
