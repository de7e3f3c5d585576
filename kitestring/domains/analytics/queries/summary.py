"""What a period's posts did, in one sentence and four figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kitestring.domains.analytics.queries.standing import Standing
from kitestring.domains.analytics.rules import BASE, HIT, share_range
from kitestring.ui.numbers import number, percent


@dataclass(frozen=True)
class Summary:
    """`told`: posts that can be compared; `hits` of them at three medians or more."""

    posts: int
    told: int
    hits: int
    above: int
    usual: int
    below: int
    missing: int
    days: int

    @property
    def sentence(self) -> str:
        posts = ngettext("%(n)s post", "%(n)s posts", self.posts) % {"n": number(self.posts)}
        if not self.posts:
            return _("Nothing was published in this time")
        if self.told < BASE:
            return _("%(posts)s. Too few to tell what is usual.") % {"posts": posts}
        if not self.hits:
            return _("%(posts)s, none flew. That is how most weeks are.") % {"posts": posts}
        every = number(round(self.told / self.hits))
        if self.hits == 1:
            return _("%(posts)s, one flew. The others did what posts do.") % {"posts": posts}
        said = {"posts": posts, "hits": number(self.hits), "every": every}
        return _("%(posts)s, %(hits)s flew. One in %(every)s.") % said

    @property
    def figures(self) -> list[dict[str, str]]:
        low, high = share_range(self.hits, self.told)
        rate = percent(self.hits / self.told, 1) if self.told else "–"
        between = number(round(self.days / self.hits)) if self.hits else "–"
        return [
            {
                "value": rate,
                "what": _("hit rate, likely %(low)s–%(high)s") % {"low": percent(low), "high": percent(high)},
            },
            {"value": between, "what": _("days between two hits")},
            {"value": number(self.posts / max(1.0, self.days / 7), 1), "what": _("posts a week")},
            {
                "value": number(self.above),
                "what": _("above their account’s usual; %(usual)s within, %(below)s below")
                % {"usual": number(self.usual), "below": number(self.below)},
            },
        ]


def summary_of(standings: Sequence[Standing], days: int) -> Summary:
    told = [s for s in standings if s.times is not None]
    return Summary(
        posts=len(standings),
        told=len(told),
        hits=sum(1 for s in told if (s.times or 0) >= HIT),
        above=sum(1 for s in told if s.verdict == "above"),
        usual=sum(1 for s in told if s.verdict == "usual"),
        below=sum(1 for s in told if s.verdict == "below"),
        missing=sum(1 for s in standings if s.value is None),
        days=days,
    )
