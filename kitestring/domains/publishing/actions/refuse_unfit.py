"""Refuses at the desk what the channel would refuse at the due hour: too long, too many files, a missing title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.manifest import Manifest, MediaLimit
from kitestring.connectorkit.sequences import comes_apart
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.library.queries import assets_by_id
from kitestring.domains.library.queries.addresses import public_address
from kitestring.domains.library.queries.planned import Planned, focus_of, made_of, planned
from kitestring.domains.library.rules.reasons import FOR_GOOD, reason_words
from kitestring.domains.publishing.rules.telling import limit_of
from kitestring.kit.refusals import Refusal
from kitestring.ui.marks import account_name


def refuse_unfit(account: Account, kind: str, payload: dict[str, Any]) -> None:
    """Raise Refusal with the field's name when the manifest already says no."""
    name = account_name(account)
    try:
        manifest = manifest_for(account)
    except KeyError as error:
        raise Refusal(
            _("The connector of %(account)s is not installed here. Nothing was scheduled.")
            % {"account": name},
            field="accounts",
        ) from error
    media = _media(payload, limit_of(account.channel, kind))
    _refuse_unmakeable(name, media)
    found = problems(
        manifest,
        kind,
        payload.get("text", ""),
        payload.get("title", ""),
        media,
        get_language() or "en",
        account_type=account.account_type,
        parts=comes_apart(payload),
        options=payload.get("options") or {},
        settings=account.settings,
        addressed=bool(public_address()),
    )
    for problem in found:
        if problem.severity == "error":
            raise Refusal(
                _("%(account)s: %(problem)s") % {"account": name, "problem": problem.sentence},
                field=problem.field,
                reason=problem.reason,
            )


def refuse_unfit_parts(
    account: Account, manifest: Manifest, parts: Sequence[Mapping[str, Any]], first: int = 2
) -> None:
    """The later parts of a sequence go out as answers, each with its own limit. `first`: the number of the first of them."""
    for number, part in enumerate(parts, first):
        language = get_language() or "en"
        for problem in problems(
            manifest, "reply", part["text"], language=language, account_type=account.account_type
        ):
            if problem.severity == "error":
                raise Refusal(
                    _("%(account)s, part %(n)s: %(problem)s")
                    % {"account": account_name(account), "n": number, "problem": problem.sentence},
                    field=problem.field,
                    reason=problem.reason,
                )


def _media(payload: dict[str, Any], limit: MediaLimit | None) -> list[Planned]:
    """The files as they will be: what is too large is made smaller before it leaves."""
    frozen = payload.get("media") or []
    known = assets_by_id([str(item["asset"]) for item in frozen])
    there = [(item, known[str(item["asset"])]) for item in frozen if str(item["asset"]) in known]
    made = made_of(asset.sha256 for _item, asset in there)
    return [planned(asset, item.get("alt", ""), limit, made, focus_of(item)) for item, asset in there]


def _refuse_unmakeable(name: str, media: Sequence[Planned]) -> None:
    for place, one in enumerate(media):
        if one.failed in FOR_GOOD:
            raise Refusal(
                _("%(account)s: %(problem)s")
                % {"account": name, "problem": reason_words(one.failed, one.asset.name)},
                field=f"media.{place}",
                reason=one.failed,
            )
