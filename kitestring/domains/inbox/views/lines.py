"""The list's lines, ready to be written: what costs is done once here, in plain Python, not per row in the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from markupsafe import Markup

from kitestring.domains.inbox.models import Stance
from kitestring.domains.inbox.queries import newest, owed, page_of
from kitestring.domains.inbox.rules import left
from kitestring.domains.workspaces.doors import MemberRequest
from kitestring.kit.clock import now
from kitestring.ui import formats
from kitestring.ui.elements import avatar
from kitestring.ui.jinja import lang_of

PAGE: Final = 50
SHOWS: Final = ("owed", "mine", "all")


@dataclass(frozen=True)
class Line:
    """One conversation in the list. `tone` and `percent` draw the bar; `percent` None: nothing is owed."""

    id: str
    href: str
    face: Markup
    name: str
    name_lang: str
    snippet: str
    snippet_lang: str
    when: str
    tone: str
    percent: int | None
    foot: str


@dataclass(frozen=True)
class Lines:
    """A page of the list, and the key of the next one ("" at the end)."""

    rows: list[Line]
    after: str


def show_of(request: MemberRequest) -> str:
    show = request.GET.get("show", "")
    return show if show in SHOWS else SHOWS[0]


def lines_of(request: MemberRequest) -> Lines:
    """The page that the request's filters and key ask for."""
    show, account = show_of(request), _uuid(request.GET.get("account", ""))
    oldest_first = show != "all"
    found = (owed if oldest_first else newest)(request.member, request.brand)
    if show == "mine":
        found = found.filter(assigned_to=request.member)
    if account is not None:
        found = found.filter(account_id=account)
    rows = list(page_of(found, _after(request.GET.get("after", "")), oldest_first=oldest_first, size=PAGE))
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    after = f"{(last[3] if oldest_first else last[5]).isoformat()}_{last[0]}" if last else ""
    moment, query = now(), _query(show, request.GET.get("account", "") if account else "")
    stances = {s.value: str(s.label) for s in Stance if s != Stance.UNKNOWN}
    return Lines([_line(r, moment, query, stances) for r in rows[:PAGE]], after)


def _query(show: str, account: str) -> str:
    parts = [f"show={show}"] if show != SHOWS[0] else []
    parts += [f"account={account}"] if account else []
    return "?" + "&".join(parts) if parts else ""


def _line(row: Sequence[Any], moment: datetime, query: str, stances: dict[str, str]) -> Line:
    key, name, snippet, since, by, last_at, channel, stance, holder = row
    foot = " · ".join(filter(None, [stances.get(stance, ""), holder]))
    when, tone, percent = formats.relative(last_at), "", None
    if since is not None and by is not None:
        time = left(since, by, moment)
        late = time.seconds < 0
        percent, tone = time.percent, formats.left_tone(time.seconds)
        span = formats.duration(abs(time.seconds))
        when = _("%(span)s late") % {"span": span} if late else span
    return Line(
        id=str(key),
        href=f"/inbox/{key}/{query}",
        face=avatar(name, "", channel),
        name=name,
        name_lang=lang_of(name),
        snippet=snippet,
        snippet_lang=lang_of(snippet),
        when=when,
        tone=tone,
        percent=percent,
        foot=foot,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _after(text: str) -> tuple[datetime, UUID] | None:
    moment, _sign, key = text.partition("_")
    try:
        return datetime.fromisoformat(moment), UUID(key)
    except ValueError:
        return None
