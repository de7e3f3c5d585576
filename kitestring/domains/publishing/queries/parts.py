"""Reads of the later parts of sequences; each starts from a delivery the reader was given, or from an account at work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kitestring.domains.channels.models import Account
from kitestring.domains.publishing.models import Delivery, DeliveryState, Part


def part_at(delivery: Delivery, place: int) -> Part:
    """The part at that place (1 is the first after the head). Raises Part.DoesNotExist."""
    return Part.objects.get(delivery=delivery, place=place)


def parts_out(delivery: Delivery) -> QuerySet[Part]:
    """The later parts that are live, in order."""
    found = Part.objects.filter(delivery=delivery, withdrawn_at=None, published_at__isnull=False)
    return found.order_by("place")


def parts_by_place(delivery: Delivery) -> dict[int, Part]:
    """The rows of the later parts; those whose turn never came may have none."""
    return {part.place: part for part in Part.objects.filter(delivery=delivery)}


def places_by_word(delivery: Delivery) -> list[int]:
    """Which parts (0: the head, or what is one post) are live by a person's word alone, with the address they gave."""
    head = [0] if delivery.published_at and delivery.remote_url and not delivery.remote_id else []
    later = parts_out(delivery).filter(remote_id="").exclude(remote_url="")
    return [*head, *later.values_list("place", flat=True)]


def newest_address(delivery: Delivery) -> str:
    """Of what its account published last, by the channel's own word; "" where nothing is known."""
    live = Delivery.objects.filter(account_id=delivery.account_id, state=DeliveryState.PUBLISHED)
    known = live.exclude(remote_id="").exclude(remote_url="").order_by("-published_at", "-id")
    return known.values_list("remote_url", flat=True).first() or ""


def keys_and_stamps(deliveries: Collection[UUID]) -> list[tuple[UUID, UUID, datetime]]:
    """Id, key and stamp of each, for the house itself: what its parts' keys follow from."""
    return list(Delivery.objects.filter(pk__in=deliveries).values_list("pk", "key", "stamp"))


def own_parts(account: Account, remote_ids: Collection[str]) -> set[str]:
    """Which of these ids are later parts of our own sequences on this account."""
    found = Part.objects.filter(account=account, remote_id__in=[one for one in remote_ids if one])
    return set(found.values_list("remote_id", flat=True))
