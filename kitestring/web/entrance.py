"""How people come in: by invitation, or as the first owner; never by an open sign-up."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own sign-up form stays shut; `workspaces` opens the first workspace and accepts invitations."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
