"""How people come in: by invitation, or as the first owner; never by an open sign-up."""

from __future__ import annotations

from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

# What the page shows anyway is not said again.
PLAIN_TO_SEE: Final = ("account/messages/logged_in.txt", "account/messages/logged_out.txt")


class Entrance(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """allauth's own sign-up form stays shut; `workspaces` opens the first workspace and accepts invitations."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        try:
            return bool(super().is_safe_url(url))
        except ValueError:  # an address with a bracket that never closes is nobody's
            return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords count by address and by where they come from: nobody locks another out from elsewhere."""
        return (
            f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"
        )

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in PLAIN_TO_SEE:
            super().add_message(request, level, message_template, *args, **kwargs)
