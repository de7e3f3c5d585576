"""What a period's posts did, in one sentence and four figures that add up to the rows below them.

A post is counted once however many accounts carry it; one post on one account is a delivery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.analytics.queries.standing import Standing
from kitestring.domains.analytics.rules import BASE, HIT, share_range
from kitestring.ui.numbers import number, percent

COMPARED: Final = ("above", "usual", "below")
KINDS: Final = ("flew", *COMPARED, "early", "too_few", "missing")


def post_of(standing: Standing) -> UUID:
    """The post a delivery carries; its own id for one that carries none any more."""
    revision = standing.delivery.revision
    return revision.post_id if revision else standing.delivery.pk


def flew(standing: Standing) -> bool:
    return standing.times is not None and standing.times >= HIT


def only(standings: Sequence[Standing], kind: str) -> list[Standing]:
    """Those of one kind; every one for a kind that is none. Each is of one kind, so that the kinds add up to the whole."""
    return [s for s in standings if kind_of(s) == kind] if kind in KINDS else list(standings)


def kind_of(standing: Standing) -> str:
    """The row it is counted in: what flew is told apart from what was only above its usual."""
    return "flew" if flew(standing) else standing.verdict


@dataclass(frozen=True)
class Summary:
    """`told`: posts of which at least one delivery can be compared; `hits`: those that flew on at least one account.

    `counts`: deliveries by kind. `days`: how long the time is.
    """

    posts: int
    told: int
    hits: int
    deliveries: int
    accounts: int
    counts: dict[str, int]
    days: int

    @property
    def compared(self) -> int:
        """Deliveries that can be held against their account's usual."""
        return sum(self.counts[kind] for kind in ("flew", *COMPARED))

    @property
    def sentence(self) -> str:
        posts = ngettext("%(n)s post", "%(n)s posts", self.posts) % {"n": number(self.posts)}
        if not self.posts:
            return _("Nothing was published in this time")
        if self.told < BASE:
            return _("%(posts)s. Too few to tell what is usual.") % {"posts": posts}
        said = {"posts": posts, "hits": number(self.hits), "told": number(self.told)}
        if self.told < self.posts:
            if not self.hits:
                return _("%(posts)s; of the %(told)s that can be compared none flew.") % said
            return _("%(posts)s; of the %(told)s that can be compared %(hits)s flew.") % said
        return (_("%(posts)s, %(hits)s flew.") if self.hits else _("%(posts)s, none flew.")) % said

    @property
    def figures(self) -> list[dict[str, str]]:
        return [self._rate(), self._between(), self._rhythm(), self._deliveries()]

    def _rate(self) -> dict[str, str]:
        low, high = share_range(self.hits, self.told)
        what = _("of posts flew: %(hits)s of %(told)s that can be compared; likely %(low)s–%(high)s") % {
            "hits": number(self.hits),
            "told": number(self.told),
            "low": percent(low),
            "high": percent(high),
        }
        return {"value": percent(self.hits / self.told, 1) if self.told else "–", "what": what}

    def _between(self) -> dict[str, str]:
        between = number(round(self.days / self.hits)) if self.hits > 1 else "–"
        what = _("days from one that flew to the next on average: %(n)s in %(days)s days")
        return {"value": between, "what": what % {"n": number(self.hits), "days": number(self.days)}}

    def _rhythm(self) -> dict[str, str]:
        what = _("posts a week: %(n)s in %(days)s days")
        rate = number(self.posts / max(1.0, self.days / 7), 1)
        return {"value": rate, "what": what % {"n": number(self.posts), "days": number(self.days)}}

    def _deliveries(self) -> dict[str, str]:
        what = ngettext(
            "deliveries of these posts on %(accounts)s account; %(n)s can be compared",
            "deliveries of these posts on %(accounts)s accounts; %(n)s can be compared",
            self.accounts,
        ) % {"accounts": number(self.accounts), "n": number(self.compared)}
        return {"value": number(self.deliveries), "what": what}


def summary_of(standings: Sequence[Standing], days: int) -> Summary:
    return Summary(
        posts=len({post_of(s) for s in standings}),
        told=len({post_of(s) for s in standings if s.verdict in COMPARED}),
        hits=len({post_of(s) for s in standings if flew(s)}),
        deliveries=len(standings),
        accounts=len({s.delivery.account_id for s in standings}),
        counts={kind: len(only(standings, kind)) for kind in KINDS},
        days=days,
    )
