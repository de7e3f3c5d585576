"""Refuses at the desk what the channel would refuse at the due hour: too long, too many files, a missing title."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.domains.channels.models import Account
from kitestring.kit.refusals import Refusal


def refuse_unfit(account: Account, kind: str, payload: dict[str, Any]) -> None:
    """Raise Refusal with the field's name when the manifest already says no."""
    try:
        manifest = registry.get(account.channel).manifest
        wanted = manifest.kind(kind)
    except KeyError as error:
        raise Refusal(
            _("%(account)s cannot publish this kind of post. Nothing was scheduled: choose another kind.")
            % {"account": account.name or account.handle},
            field="kind",
        ) from error
    if wanted.text.required and not payload.get("text", "").strip():
        raise Refusal(_("There is no text yet. Nothing was scheduled."), field="text")
    if wanted.media and wanted.media.required and not payload.get("media"):
        raise Refusal(_("This channel wants a picture. Nothing was scheduled."), field="media")
    if wanted.media and wanted.media.count and len(payload.get("media") or []) > wanted.media.count:
        raise Refusal(
            _("This channel takes %(n)s files at most. Nothing was scheduled.") % {"n": wanted.media.count},
            field="media",
        )
