"""Sessions and the person behind one, read in the shortest way: both are asked for by every page."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from kitestring.domains.brands.queries import arrival
from kitestring.domains.workspaces.models import User
from kitestring.domains.workspaces.queries import kept_session


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = kept_session(self.session_key)
        if found is None:
            self._session_key = None
        return found


class Door(AuthenticationBackend):  # type: ignore[misc]  # allauth is not typed
    """allauth's sign-in. Who comes through it brings their `arrival`: seats and brands, read with the person."""

    def get_user(self, user_id: object) -> User | None:
        found = arrival(user_id)
        if found is None:
            return None
        vars(found.person)["arrival"] = found
        return found.person
