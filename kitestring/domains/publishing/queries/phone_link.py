"""Who comes by a hand-off's link, and to which hand-off: read from the link alone, for nobody is signed in there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.deliveries import delivery_for
from kitestring.domains.publishing.rules.phone_link import (
    KEEPS,
    OPENS,
    PhoneLink,
    cookie_name,
    mark_of,
    read,
    write,
)
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import may
from kitestring.domains.workspaces.queries import member_by_id
from kitestring.kit.clock import now


@dataclass(frozen=True)
class Opened:
    """A hand-off, opened for the member who made the link. `fresh`: by the link itself, so the phone is given its cookie."""

    member: Member
    delivery: Delivery
    fresh: bool


def link_for(member: Member, delivery: Delivery) -> str:
    """The text of a link to this hand-off for this member, good from now for `OPENS`."""
    return write("link", delivery.pk, member.pk, now(), _mark(member))


def cookie_for(opened: Opened) -> str:
    """What the phone keeps once the link has opened it, good for `KEEPS`."""
    return write("cookie", opened.delivery.pk, opened.member.pk, now(), _mark(opened.member))


def opened_by(secret: str, cookies: Mapping[str, str]) -> Opened | None:
    """What the link opens: by itself while it is young, later for the phone that has its cookie. None: it opens nothing.

    The member must still be here with the right to settle, under the same password, and see the delivery.
    """
    link, moment = read("link", secret), now()
    if link is None:
        return None
    cookie = read("cookie", cookies.get(cookie_name(link.delivery), ""))
    fresh = link.lasts(moment, OPENS)
    if not fresh and not (cookie and _same(link, cookie) and cookie.lasts(moment, KEEPS)):
        return None
    member = member_by_id(link.member)
    if member is None or not member.user.is_active or not may(member, "delivery.settle"):
        return None
    if _mark(member) != link.mark or (not fresh and cookie and cookie.mark != link.mark):
        return None
    try:
        return Opened(member, delivery_for(member, link.delivery), fresh)
    except Delivery.DoesNotExist:
        return None


def _same(link: PhoneLink, cookie: PhoneLink) -> bool:
    return (link.delivery, link.member) == (cookie.delivery, cookie.member)


def _mark(member: Member) -> bytes:
    return mark_of(member.user.get_session_auth_hash())
