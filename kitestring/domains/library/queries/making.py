"""What has to be made of files, for the worker, which asks for no member."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from kitestring.domains.library.models import Making, MakingState
from kitestring.kit.clock import now


def _open(moving: bool) -> QuerySet[Making]:
    """Wanted and not put off, or left by a worker that is gone; the soonest hour first."""
    waits = Q(state=MakingState.WANTED) & (Q(not_before=None) | Q(not_before__lte=now()))
    left = Q(state=MakingState.UNDER_WAY, lease_until__lt=now())
    return Making.objects.filter(waits | left, moving=moving).order_by("wanted_by", "id")


def anything_open(moving: bool) -> bool:
    return _open(moving).exists()


def next_open(moving: bool) -> Making | None:
    """Locked; what another worker takes this moment is passed over."""
    return _open(moving).select_for_update(skip_locked=True).first()


def making_held(source: str, recipe: str) -> Making | None:
    """The duty of this name, locked."""
    return Making.objects.select_for_update().filter(source=source, recipe=recipe).first()


def making_again(making_id: UUID) -> Making | None:
    """One duty by its id, locked."""
    return Making.objects.select_for_update().filter(pk=making_id).first()
