"""What the composer and the schedule dialog say of quotas before anything is scheduled: what is left where and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Left
from django.utils.translation import get_language

from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import variants_of
from kitestring.domains.publishing.models import Delivery, DeliveryKind
from kitestring.domains.publishing.queries.deliveries import OVER, visible_to
from kitestring.domains.publishing.queries.quotas import Use, use_of
from kitestring.domains.publishing.rules.periods import quotas_for
from kitestring.domains.publishing.rules.quota_words import period_words, use_words
from kitestring.domains.publishing.rules.telling import manifest_of
from kitestring.domains.workspaces.models import Member

WAITING = ("scheduled", "held")
FIRST_WORDS = 60


@dataclass(frozen=True)
class Holder:
    """A delivery that has or will have a place: its first words, when, and how it stands."""

    id: UUID
    words: str
    at: datetime
    state: str


@dataclass(frozen=True)
class Note:
    """One quota that a variant's way of publishing draws on, at the hour it has or is to have.

    `line` says what is used and planned by others. `others`: names of the ways that do not draw on it. `holders`: who
    has the places, where none is left.
    """

    variant: Variant
    use: Use
    line: str
    others: list[str]
    holders: list[Holder]


def quota_notes(member: Member, post: Post, at: datetime, *, all_at: bool = False) -> list[Note]:
    """Of every variant that still has to go out. `at`: the hour of what has none yet; with `all_at`, of all of them."""
    standing = {d.account_id: d for d in _standing(member, post)}
    found = []
    for variant in variants_of(post):
        own = standing.get(variant.account_id)
        if own is not None and own.state not in WAITING:
            continue  # it is out, on its way, or a person has to look first
        hour = at if all_at or own is None else own.due_at
        found += _of_variant(_at_home(variant, post), own, hour)
    return _with_holders(member, found)


def _at_home(variant: Variant, post: Post) -> Variant:
    """The account's brand is the post's: it is loaded already."""
    variant.account.brand = post.brand
    return variant


def _standing(member: Member, post: Post) -> Iterable[Delivery]:
    rows = visible_to(member).filter(kind=DeliveryKind.VARIANT, subject_id=post.pk)
    return rows.exclude(state__in=OVER).select_related(None)


def _of_variant(variant: Variant, own: Delivery | None, at: datetime) -> list[Note]:
    account, language = variant.account, get_language() or "en"
    manifest = manifest_of(account.channel)
    if manifest is None:
        return []
    notes = []
    for quota in quotas_for(manifest, account.account_type, variant.kind):
        use = use_of(account, quota, manifest, at, without=own.pk if own else None, ahead=True)
        label = manifest.kind(variant.kind).label.in_(language)
        period = period_words(quota.window, use.starts, use.zone)
        line = use_words(label, period, use.used, use.planned, use.limit)
        free = [k.label.in_(language) for k in _free_of(quota.key, manifest, account.account_type)]
        notes.append(Note(variant, use, line, free, []))
    return notes


def _free_of(key: str, manifest: Manifest, account_type: str) -> list[PublishKind]:
    return [kind for kind in manifest.kinds_for(account_type) if kind.quota != key]


def _with_holders(member: Member, notes: list[Note]) -> list[Note]:
    """The names of who holds the places, in one query for all; what the member may not see has none."""
    ids = {place.delivery for note in notes if note.use.full for place in note.use.places}
    if not ids:
        return notes
    rows = visible_to(member).select_related(None).filter(pk__in=ids)
    named = rows.annotate(
        title=Left(KeyTextTransform("title", "payload"), FIRST_WORDS),
        words=Left(KeyTextTransform("text", "payload"), FIRST_WORDS),
    ).values_list("pk", "title", "words", "state")
    known = {pk: (" ".join((title or words or "").split()), state) for pk, title, words, state in named}
    return [
        replace(
            note,
            holders=[
                Holder(place.delivery, known[place.delivery][0], place.at, known[place.delivery][1])
                for place in note.use.places
                if place.delivery in known
            ],
        )
        if note.use.full
        else note
        for note in notes
    ]
