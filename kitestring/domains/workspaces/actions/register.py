"""Makes a person who can sign in. Used by the first owner and by those who accept an invitation."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kitestring.domains.workspaces.models import User
from kitestring.kit.refusals import Refusal
from kitestring.kit.text import INVISIBLE, clean


def register(email: str, password: str) -> User:
    """A new user. Raises Refusal(field="password") with what the password lacks. Called inside a transaction."""
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise Refusal(" ".join(error.messages), field="password") from error
    return User.register(email, password)


def named(name: str, field: str = "name", longest: int = 120) -> str:
    """A name on one line, without control characters. Raises Refusal when no visible sign is left."""
    line = " ".join(clean(name).split())[:longest].strip()
    if not INVISIBLE.sub("", line):
        raise Refusal(_("Please give a name."), field=field)
    return line
