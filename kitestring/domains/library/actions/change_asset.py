"""Changes what is said of a file, and what a crop of it keeps in. The file itself never changes."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import asset_for
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import clean

LONGEST_ALT: Final = 1500
Focus = tuple[float | None, float | None]


@transaction.atomic
def change_asset(
    member: Member, asset_id: UUID, *, alt: str | None = None, focus: Focus | None = None
) -> Asset:
    """None: as it is. A focus outside the file is moved to its edge. Raises Refusal (field "alt"), Asset.DoesNotExist."""
    require(member, "asset.change")
    asset = asset_for(member, asset_id)
    before = _told(asset)
    if alt is not None:
        words = clean(alt).strip()
        if len(words) > LONGEST_ALT:
            raise Refusal(
                _("The alternative text has %(n)s characters; it takes %(limit)s. Nothing was changed.")
                % {"n": len(words), "limit": LONGEST_ALT},
                field="alt",
            )
        asset.alt = words
    if focus is not None:
        asset.focus_x = _within(focus[0], asset.focus_x)
        asset.focus_y = _within(focus[1], asset.focus_y)
    after = _told(asset)
    changed = [key for key in after if before[key] != after[key]]
    if changed:
        asset.save(update_fields=["alt", "focus_x", "focus_y"])
        record(
            member, "asset.change", asset,
            before={key: before[key] for key in changed}, after={key: after[key] for key in changed},
        )  # fmt: skip
    return asset


def _told(asset: Asset) -> dict[str, object]:
    return {"alt": asset.alt, "focus": [asset.focus_x, asset.focus_y]}


def _within(wanted: float | None, present: float) -> float:
    """Two decimals are as fine as a finger points."""
    if wanted is None or wanted != wanted:
        return present
    return round(min(1.0, max(0.0, wanted)), 2)
