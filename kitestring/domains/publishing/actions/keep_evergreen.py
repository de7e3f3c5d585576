"""Puts a post into the brand's evergreen stock, and takes it out; the slots that take from it follow at once."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.publishing.actions.make_ahead import make_for
from kitestring.domains.publishing.models import Evergreen
from kitestring.domains.publishing.queries.series import standing_series
from kitestring.domains.publishing.queries.stock import evergreen_of, rotations_of_brand
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict, Refusal


@transaction.atomic
def keep_evergreen(member: Member, post: Post, good_until: date | None = None) -> Evergreen:
    """Again is another end. Raises Refusal for an end in the past or no accounts, Conflict for a recurring post."""
    require(member, "series.change")
    locked = _locked(member, post)
    if good_until is not None and good_until < now().astimezone(locked.brand.zone).date():
        raise Refusal(
            _("That day has passed. Nothing was changed: choose a later one, or none."), field="good_until"
        )
    if not variants_of(locked):
        raise Refusal(_("Choose at least one account first. Nothing was changed."), field="accounts")
    if standing_series(member, locked) is not None:
        raise Conflict(_("This post is recurring by itself. Stop that first, then keep it as evergreen."))
    ever = evergreen_of(member, locked)
    before = {"good_until": _day(ever)} if ever else {}
    if ever is None:
        ever = Evergreen(post=locked, brand=locked.brand, good_until=good_until, marked_by=member)
        ever.save(force_insert=True)
    else:
        ever.good_until = good_until
        ever.save(update_fields=["good_until"])
    record(member, "evergreen.keep", locked, before=before, after={"good_until": _day(ever)})
    fill_all(locked.brand)
    return ever


@transaction.atomic
def drop_evergreen(member: Member, post: Post) -> None:
    """Out of the stock: it leaves the slots it was to take. What went out stays. Twice is once."""
    require(member, "series.change")
    locked = _locked(member, post)
    ever = evergreen_of(member, locked)
    if ever is None:
        return
    ever.delete()
    record(member, "evergreen.drop", locked, before={"good_until": _day(ever)})
    fill_all(locked.brand)


def _locked(member: Member, post: Post) -> Post:
    """The post, and before it the slots of its brand, as whoever fills them locks them: a worker that does so this moment is
    waited for, so that no slot keeps what has left the stock.
    """
    rotations_of_brand(post_for(member, post.pk).brand, lock=True)
    return post_for(member, post.pk, lock=True)


def fill_all(brand: Brand) -> None:
    """Every account of the brand that takes from its stock."""
    for series_id in rotations_of_brand(brand):
        make_for(series_id)


def _day(ever: Evergreen) -> str:
    return ever.good_until.isoformat() if ever.good_until else ""
