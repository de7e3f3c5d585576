"""The list that a time-zone field searches in, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from kitestring.domains.brands.rules import city, offset_text, zones
from kitestring.kit.clock import now


def zone_options() -> list[tuple[str, str]]:
    """(IANA name, "city, UTC+7"), common ones first."""
    language, at = get_language() or "en", now()
    return [(zone, f"{city(zone, language)}, {offset_text(zone, at)}") for zone in zones()]
