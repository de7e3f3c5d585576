"""What the hand-off's page shows, at the desk and on the phone."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from kitestring.domains.composing.queries.about import told_whole
from kitestring.domains.publishing.actions.hand_off_files import file_to_save, files_of, thumb_of
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.rules.places import clocks
from kitestring.domains.publishing.rules.telling import headline, manifest_of
from kitestring.domains.publishing.views.page import title_of
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Refusal


def page_of_hand_off(member: Member, delivery: Delivery) -> dict[str, Any]:
    """The context of `publishing/_hands.html`."""
    manifest = manifest_of(delivery.account.channel)
    by_hand = manifest.hand_off if manifest else None
    language, payload, kind = get_language() or "en", delivery.payload, delivery.publish_kind
    link = payload.get("link", "")
    return {
        "delivery": delivery,
        "account": delivery.account,
        **clocks(delivery.account.brand.zone),
        "title": title_of(delivery),
        "headline": headline(delivery.account.channel, kind, payload),
        "steps": [step.in_(language) for step in by_hand.steps_for(kind)] if by_hand else [],
        "hosts": by_hand.proof_hosts if by_hand else (),
        "open_url": by_hand.opens(kind, link) if by_hand else "",
        "app": by_hand.app if by_hand else None,
        "declared": told_whole((delivery.revision.content.get("about") or {}) if delivery.revision else {}),
        "payload": payload,
        "link": link,
        "carries_link": bool(link) and carries_link(delivery),
        "answers": bool(by_hand and by_hand.answers_link(kind)),
        "files": files_of(member, delivery),
        "open": delivery.state in ("handed_off", "needs_attention"),
        "may_settle": may(member, "delivery.settle"),
        "reader": member,
    }


def carries_link(delivery: Delivery) -> bool:
    """Whether the post's link goes out with its words: not where the channel takes none, nor where it says what is answered."""
    manifest = manifest_of(delivery.account.channel)
    if manifest is None:
        return True
    if manifest.hand_off and manifest.hand_off.answers_link(delivery.publish_kind):
        return False
    try:
        return manifest.kind(delivery.publish_kind).links != "none"
    except KeyError:
        return True


def sent_file(member: Member, delivery: Delivery, number: int, *, small: bool) -> HttpResponseBase:
    """One file of the hand-off by its place, for saving; `small`: its thumb, for looking. Raises Http404."""
    one = next((file for file in files_of(member, delivery) if file.number == number), None)
    if one is None or (small and not one.is_image):
        raise Http404
    try:
        if small:
            shown = thumb_of(one)
            return _kept(FileResponse(shown.path.open("rb"), content_type=shown.mime))
        saved = file_to_save(delivery, one)
        answer = FileResponse(saved.path.open("rb"), content_type=saved.mime)
    except (Refusal, OSError) as error:
        raise Http404 from error
    answer.headers["Content-Disposition"] = content_disposition_header(True, saved.name) or "attachment"
    return _kept(answer)


def _kept(answer: FileResponse) -> FileResponse:
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer


def public_base(request: HttpRequest) -> str:
    """Where another device reaches this server: as set, else as it was asked for; "" when both name this machine only."""
    asked = f"{request.scheme}://{request.get_host()}"
    return next((base for base in (settings.PUBLIC_URL, asked) if not _only_here(base)), "")


def _only_here(base: str) -> bool:
    host = (urlsplit(base).hostname or "").lower()
    if not host or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
