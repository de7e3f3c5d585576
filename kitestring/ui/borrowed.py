"""Sentences of Django and allauth that people read here, named so that our catalogues say them in our voice.

Both bring catalogues of their own; ours come first. allauth's has hardly any Vietnamese, and Django's speaks of "fields".
Nothing imports this list: `bin/translate` reads it, and a test holds it against what the two packages really say.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as N
from django.utils.translation import ngettext_lazy

SENTENCES: Final = (
    N("This field is required."),
    N("Enter a valid email address."),
    N("Enter a valid URL."),
    N("Enter a valid value."),
    N("Enter a valid date."),
    N("Enter a number."),
    N("Enter a whole number."),
    N("Select a valid choice. %(value)s is not one of the available choices."),
    N("Select a valid choice. That choice is not one of the available choices."),
    N("Null characters are not allowed."),
    N("The submitted file is empty."),
    N("This password is too common."),
    N("This password is entirely numeric."),
    N("The password is too similar to the %(verbose_name)s."),
    N("email address"),
    N("The email address and/or password you specified are not correct."),
    N("This account is currently inactive."),
    N("Too many failed login attempts. Try again later."),
    N("Please type your current password."),
    N("Incorrect password."),
    N("The password reset token was invalid."),
    N("Invalid or expired key."),
    N("The new value must be different from the current one."),
    N("You must type the same password each time."),
    N("Password successfully changed."),
    N("Current Password"),
    N("New Password"),
    N("New Password (again)"),
)
COUNTED: Final = (
    ngettext_lazy(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
        "min_length",
    ),
)
