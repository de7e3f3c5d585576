"""The list's lines, ready to be written: what costs is done once here, in plain Python, not per row in the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

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


ROW: Final = (
    '<a class="conv{css}" data-row="open" href="{href}" hx-get="{href}{sign}part=pane" hx-target="#pane" '
    'hx-swap="outerHTML" hx-push-url="{href}">{face}<div class="grow"><div class="row"><b class="one"{name_lang}>{name}'
    '</b><span class="push s12 nowrap {tone}">{when}</span></div><p{snippet_lang}>{snippet}</p>{foot}</div></a>'
)
FOOT: Final = '<div class="f"><span class="one">{words}</span>{bar}</div>'
BAR: Final = '<progress class="left {tone} push" max="100" value="{percent}" aria-hidden="true"></progress>'


@dataclass(frozen=True)
class Lines:
    """A page of the list as one piece of markup, how many rows it has, the first one's address, the next page's key."""

    markup: Markup
    count: int
    first: str
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
    writer = _Writer(moment, query, request)
    drawn = [writer.row(r) for r in rows[:PAGE]]
    first = writer.href(rows[0][0]).replace("&amp;", "&") if rows else ""
    return Lines(Markup("\n".join(drawn)), len(drawn), first, after)  # noqa: S704 - every value is escaped in `row`


def _query(show: str, account: str) -> str:
    parts = [f"show={show}"] if show != SHOWS[0] else []
    parts += [f"account={account}"] if account else []
    return "?" + "&amp;".join(parts) if parts else ""


class _Writer:
    """Writes rows; what repeats from row to row (spans, labels) is said once."""

    def __init__(self, moment: datetime, query: str, request: MemberRequest) -> None:
        self.moment, self.query = moment, query
        match = getattr(request, "resolver_match", None)
        self.open = (match.kwargs if match else {}).get("conversation_id")
        self.stances = {s.value: str(s.label) for s in Stance if s != Stance.UNKNOWN}
        self.late = escape(_("%(span)s late"))
        self.language = get_language() or "en"
        self.spans: dict[int, str] = {}

    def href(self, key: UUID) -> str:
        return f"/inbox/{key}/{self.query}"

    def span(self, seconds: float) -> str:
        minutes = int(seconds // 60)
        if minutes not in self.spans:
            self.spans[minutes] = formats.duration(minutes * 60) if minutes else formats.duration(seconds)
        return self.spans[minutes]

    def row(self, row: Sequence[Any]) -> str:
        key, name, snippet, since, by, last_at, channel, stance, holder = row
        words = escape(" · ".join(w for w in (self.stances.get(stance, ""), holder) if w))
        bar = tone = ""
        if since is not None and by is not None:
            time = left(since, by, self.moment)
            tone = formats.left_tone(time.seconds)
            when = self.span(abs(time.seconds))
            when = self.late % {"span": when} if time.seconds < 0 else when
            bar = BAR.format(tone=tone, percent=time.percent)
        else:
            when = formats.relative(last_at, now=self.moment)
        css = (" un" if bar else "") + (" on" if key == self.open else "")
        return ROW.format(
            css=css,
            href=self.href(key),
            sign="&amp;" if self.query else "?",
            face=_face(name, channel, self.language),
            name=escape(name),
            name_lang=_lang(name),
            tone=tone or "q",
            when=when,
            snippet=escape(snippet),
            snippet_lang=_lang(snippet),
            foot=FOOT.format(words=words, bar=bar) if words or bar else "",
        )


@lru_cache(maxsize=4096)
def _face(name: str, channel: str, _language: str) -> Markup:
    """The initials with the channel's mark, whose label is in the reader's language."""
    return avatar(name, "", channel)


def _lang(text: str) -> str:
    found = lang_of(text)
    return f' lang="{found}"' if found else ""


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
