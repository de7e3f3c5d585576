"""A series that somebody wants to change: locked, and not over."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from kitestring.domains.publishing.models import Series
from kitestring.domains.publishing.models.series import STANDING
from kitestring.domains.publishing.queries.series import series_for
from kitestring.domains.workspaces.models import Member
from kitestring.kit.refusals import Conflict, Refusal


def standing(member: Member, series_id: UUID) -> Series:
    """Raises Refusal outside the workspace, Conflict when it has ended."""
    try:
        series = series_for(member, series_id, lock=True)
    except Series.DoesNotExist as error:
        raise Refusal(_("This is not here (any more)."), reason="not_found") from error
    if series.state not in STANDING:
        raise Conflict(_("This has ended meanwhile. Nothing was changed: start it anew."))
    return series
