"""Some people's names in one phrase."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _


def people(names: Sequence[str], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    shown = _(", ").join(names[:most])
    if len(names) <= most:
        return shown
    return _("%(names)s and %(n)s more") % {"names": shown, "n": len(names) - most}
