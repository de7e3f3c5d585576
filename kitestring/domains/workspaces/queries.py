"""Reads of people and workspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kitestring.domains.workspaces.models import Member

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from kitestring.domains.workspaces.models import User


def memberships_of(user: User | AnonymousUser) -> list[Member]:
    """The workspaces a person works in, oldest first, each with its workspace loaded."""
    if not user.is_authenticated:
        return []
    return list(
        Member.objects.filter(user_id=user.pk, left_at=None)
        .select_related("workspace", "user")
        .order_by("joined_at")
    )
