"""The list's lines, ready to be written: what costs is done once here, in plain Python, not per row in the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from kitestring.domains.inbox.models import Stance
from kitestring.domains.inbox.queries import Asked, lines_for
from kitestring.domains.inbox.rules import left_of
from kitestring.domains.workspaces.doors import MemberRequest
from kitestring.kit.clock import now
from kitestring.ui import formats
from kitestring.ui.elements import avatar
from kitestring.ui.jinja import lang_of
from kitestring.ui.marks import person_name

PAGE: Final = 50
SHOWS: Final = ("owed", "mine", "all")
LONGEST_KEY: Final = 100
KEPT: Final = 4096  # rows of about a kilobyte; the list renews itself, and most of it is as it was

HEAD: Final = (
    '" data-row="open" href="{href}" hx-get="{href}{sign}part=pane" hx-target="#pane" hx-swap="outerHTML" '
    'hx-push-url="{href}">{face}<div class="grow"><div class="row"><b class="one"{name_lang}>{name}</b>'
    '<span class="push s12 nowrap '
)
SAYS: Final = "</span></div><p{lang}>{snippet}</p>"
FOOT: Final = '<div class="f"><span class="one">{words}</span>{bar}</div>'
BAR: Final = '<progress class="left {tone} push" max="100" value="{percent}" aria-hidden="true"></progress>'
END: Final = "</div></a>"


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


def account_of(request: MemberRequest) -> str:
    """The account the list is narrowed to, as it is written in addresses; empty for all and for nonsense."""
    try:
        return str(UUID(request.GET.get("account", "")))
    except ValueError:
        return ""


def asked_of(request: MemberRequest) -> Asked:
    """What the request's filters and key ask for."""
    show, account = show_of(request), account_of(request)
    return Asked(
        all=show == "all",
        mine=show == "mine",
        account=UUID(account) if account else None,
        after=after_of(request.GET.get("after", "")),
    )


def query_of(request: MemberRequest) -> str:
    """The list's filters as they stand in addresses; empty for the list as it is first."""
    show, account = show_of(request), account_of(request)
    query = "&".join([f"show={show}"] * (show != SHOWS[0]) + [f"account={account}"] * bool(account))
    return query and f"?{query}"


def lines_of(request: MemberRequest) -> Lines:
    """The page that the request's filters and key ask for."""
    asked = asked_of(request)
    rows = lines_for(request.member, request.brand, asked, PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    after = f"{last[5] if asked.all else last[3]!r}_{last[0]}" if last else ""
    writer = _Writer(query_of(request), request)
    drawn = [writer.row(r) for r in rows[:PAGE]]
    first = f"/inbox/{rows[0][0]}/{writer.query}" if rows else ""
    return Lines(Markup("\n".join(drawn)), len(drawn), first, after)  # noqa: S704 - every value is escaped in `_still`


class _Writer:
    """Writes rows; what repeats from row to row is said once, and what stays in a row is kept from page to page."""

    def __init__(self, query: str, request: MemberRequest) -> None:
        self.moment, self.query = now().timestamp(), query
        match = getattr(request, "resolver_match", None)
        self.open = (match.kwargs if match else {}).get("conversation_id")
        self.late, self.left = str(escape(_("%(span)s late"))), str(escape(_("%(span)s left")))
        self.language = get_language() or "en"

    def row(self, row: Sequence[Any]) -> str:
        key, name, snippet, since, by, last_at, channel, stance, holder = row
        head, says, words = _still(key, name, snippet, channel, stance, holder, self.query, self.language)
        on = " on" if key == self.open else ""
        if since is None or by is None:
            return f'<a class="conv{on}{head}q">{_said(last_at)}{says}{_foot(words)}{END}'
        time = left_of(by - since, by - self.moment)
        tone = formats.left_tone(time.seconds)
        span = _span(int(abs(time.seconds)), self.language)
        when = (self.late if time.seconds < 0 else self.left).replace("%(span)s", span)
        foot = _foot(words, tone, time.percent)
        return f'<a class="conv un{on}{head}{tone or "q"}">{when}{says}{foot}{END}'


@lru_cache(maxsize=KEPT)
def _still(
    key: UUID,
    name: str,
    snippet: str,
    channel: str,
    stance: str,
    holder: str | None,
    query: str,
    language: str,
) -> tuple[str, str, str]:
    """What does not move in a row: before the time, after it, the words at its foot.

    Stance and mark are named in `language`, the active one.
    """
    kind = "" if stance == Stance.UNKNOWN else str(Stance(stance).label)
    name = person_name(name, channel)
    address = escape(f"/inbox/{key}/{query}")
    head = HEAD.format(
        href=address,
        sign="&amp;" if query else "?",
        face=avatar(name, "", channel),
        name=escape(name),
        name_lang=_lang(name),
    )
    words = escape(" · ".join(word for word in (kind, holder) if word))
    return head, SAYS.format(lang=_lang(snippet), snippet=escape(snippet)), str(words)


@lru_cache(maxsize=KEPT)
def _foot(words: str, tone: str = "", percent: int | None = None) -> str:
    """The words at the foot, already escaped, and the bar of what is left (none for `percent` None)."""
    bar = "" if percent is None else BAR.format(tone=tone, percent=percent)
    return FOOT.format(words=words, bar=bar) if words or bar else ""


@lru_cache(maxsize=KEPT)
def _minutes(minutes: int, _language: str) -> str:
    return str(escape(formats.duration(minutes * 60)))


def _span(seconds: int, language: str) -> str:
    return _minutes(seconds // 60, language) if seconds >= 60 else str(escape(formats.duration(seconds)))


def _said(moment: float) -> str:
    return str(escape(formats.relative(datetime.fromtimestamp(moment, UTC))))


def _lang(text: str) -> str:
    found = lang_of(text)
    return f' lang="{found}"' if found else ""


def after_of(text: str) -> tuple[datetime, UUID] | None:
    """The moment and id written in a page's key; None, which is the first page, for anything that is no such key."""
    moment, _sign, key = text[:LONGEST_KEY].partition("_")
    try:
        return datetime.fromtimestamp(float(moment), UTC), UUID(key)
    except (ValueError, OverflowError, OSError):
        return None
