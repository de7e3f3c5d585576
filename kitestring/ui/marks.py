"""Channel marks: the connector's own icon, inlined at 16 px; initials for a channel whose folder is gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from functools import cache
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kitestring.connectorkit import registry

NAMELESS: Final = "…"
UNSAFE = re.compile(r"<(script|foreignObject|iframe)|\son\w+\s*=|javascript:", re.IGNORECASE)


def _slug(of: object) -> str:
    return str(of if isinstance(of, str) else getattr(of, "channel", "") or "")


@cache
def _drawing(slug: str) -> str | None:
    """The icon's markup with its ids made the channel's own, or None."""
    try:
        text = registry.get(slug).icon()
    except (KeyError, FileNotFoundError):
        return None
    start = text.find("<svg")
    if start < 0 or UNSAFE.search(text):
        return None
    text = re.sub(r'\bid="([^"]+)"', rf'id="{slug}-\1"', text[start:])
    text = re.sub(r'url\(#([^)]+)\)|href="#([^"]+)"', lambda m: _own(slug, m), text)
    head, _, rest = text.partition(">")
    head = re.sub(r'\s(width|height|class|role|aria-[\w]+)="[^"]*"', "", head)
    return f'{head} class="ch" %s>{rest}'


def _own(slug: str, match: re.Match[str]) -> str:
    return f"url(#{slug}-{match[1]})" if match[1] else f'href="#{slug}-{match[2]}"'


def channel_name(of: object) -> str:
    """The channel's name in the reader's language; the slug when its folder is gone."""
    return _name(_slug(of), translation.get_language() or "en")


def account_name(of: Any) -> str:
    """An account by its name and its channel: a brand has the same name, and often the same handle, on several."""
    return f"{of.name or of.handle} · {channel_name(of)}"


def person_name(name: str, of: object) -> str:
    """Somebody who wrote, on a channel or an account. Whom the channel does not name, the inbox keeps by the end of their
    id, "…a1b2c3": that is told as what it is, one of this channel's people."""
    if not name.startswith(NAMELESS):
        return name
    return _("%(channel)s reader %(end)s") % {"channel": channel_name(of), "end": name}


def account_names(accounts: Collection[Any]) -> list[str]:
    """Several accounts, each by name and channel; where both are the same twice, the handle tells them apart."""
    often = Counter(map(account_name, accounts))
    return [f"{name} · {a.handle}" if often[name := account_name(a)] > 1 else name for a in accounts]


def account_choices(accounts: Collection[Any]) -> list[tuple[str, str]]:
    """The same with their ids, to choose among."""
    return [(str(a.pk), name) for a, name in zip(accounts, account_names(accounts), strict=True)]


@cache
def _name(slug: str, language: str) -> str:
    try:
        return registry.get(slug).manifest.name.in_(language)
    except KeyError:
        return slug


@cache
def _mark(slug: str, named: bool, language: str) -> Markup:
    title = escape(_name(slug, language))
    label = f'role="img" aria-label="{title}"' if named else 'aria-hidden="true"'
    drawing = _drawing(slug)
    if drawing is None:
        return Markup(f'<span class="ch ch-none" {label}>{escape(slug[:1].upper())}</span>')  # noqa: S704 - a checked drawing and an escaped name
    return Markup(drawing.replace("%s", label, 1))  # noqa: S704 - a checked drawing and an escaped name


def channel_mark(of: object, named: bool = True) -> Markup:
    """The mark of an account (anything with `.channel`) or a slug; `named=False` where the name stands beside it."""
    return _mark(_slug(of), named, translation.get_language() or "en")
