"""The settings of a variant in words, for who reads what will go out: chosen by hand, or switched on by a declaration."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.options import choices
from kitestring.domains.composing.models import Variant
from kitestring.domains.composing.queries.content import settings_of


def settings_told(variant: Variant, language: str) -> list[tuple[str, str]]:
    """(setting, what it is set to); what is as the channel has it anyway is left out, unless it declares something."""
    try:
        kind = registry.get(variant.account.channel).manifest.kind(variant.kind)
    except KeyError:
        return []
    given, told = settings_of(variant), []
    for option in kind.options:
        value = given.get(option.key, "")
        if not value or (value == option.default and not option.means):
            continue
        named = dict(choices(option, variant.account.settings, language))
        said = _("yes") if option.kind == "toggle" else named.get(value, value)
        told.append((option.label.in_(language), said))
    return told
