"""What the rules of channels and countries say of a post, as one account will carry it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.addresses import leads_to
from kitestring.connectorkit.links import links
from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.connectorkit.options import YES
from kitestring.connectorkit.sequences import comment_of
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.rules import OLD
from kitestring.domains.composing.models import Exemption
from kitestring.domains.composing.queries.about import Declaration, declaring, facts_of
from kitestring.domains.composing.rules import FOLD_LETTERS
from kitestring.kit.clock import now
from kitestring.rulepacks import Claim, Claims, Hit, Standing, audience, lint, rules, wanted

# A text's language as the rules call it.
SPOKEN: Final = {"zh-hans": "zh"}
SHOWN: Final = 20  # places of one word that are marked; whoever mends them sees the next


@dataclass(frozen=True)
class Ruled:
    """One thing the rules say, worded for a reader: `title` in a line, `why`, and `law`, where it stands.

    `marks`: its places in the field as a browser counts (UTF-16, end excluded). `exemption`: what was claimed for these
    words, by whom, `grounds` the ground in words; `lacks` says why that is not enough. `old`: the rule was read long ago.
    """

    hit: Hit
    title: str
    why: str
    law: str
    marks: tuple[tuple[int, int], ...]
    exemption: Exemption | None
    grounds: str
    lacks: str
    old: bool

    @property
    def severity(self) -> Literal["error", "warning", "note"]:
        return self.hit.severity

    @property
    def key(self) -> str:
        """The same rule on the same words of the same field, on whatever account."""
        return f"{self.hit.rule}:{self.hit.field}:{self.hit.words}"

    @property
    def places(self) -> str:
        """The marks for the page's script: "3,7;12,15"."""
        return ";".join(f"{start},{end}" for start, end in self.marks)

    @property
    def declares(self) -> Declaration | None:
        """What the post may be and nobody said: if it is, the rule is stricter."""
        return declaring(self.hit.open_facts)

    @property
    def ground(self) -> str:
        """The id of the exemption claimed."""
        return self.exemption.ground if self.exemption else ""


def hits_on(account: Account, markets: Iterable[str], said: Mapping[str, Any], claims: Claims) -> list[Hit]:
    """All hits on what the account will carry; `said` in the shape of a revision's variant. None without its connector."""
    try:
        manifest = registry.get(account.channel).manifest
        kind = manifest.kind(said["kind"])
    except KeyError:
        return []
    found = lint(
        said.get("text", ""),
        title=said.get("title", "") if kind.title else "",
        comment=comment_of(said),
        channels=[account.channel],
        countries=audience(account.channel, markets),
        languages=[SPOKEN.get(said.get("language", ""), said.get("language", ""))],
        facts=facts_on(account, manifest, said),
        exemptions=claims,
    )
    return [hit for hit in found if not counted_elsewhere(hit, kind)]


def facts_wanted(accounts: Iterable[Account], markets: Sequence[str]) -> frozenset[str]:
    """The facts that some rule asks about where these accounts are read; before there are any, in the brand's markets."""
    channels = {account.channel for account in accounts}
    reached = {code for channel in channels for code in audience(channel, markets)} if channels else markets
    return wanted(frozenset(channels), frozenset(reached))


def frozen_claims(said: Mapping[str, Any]) -> dict[tuple[str, str], Claim]:
    """The exemptions that a revision froze."""
    return {
        (one["rule"], one["words"]): Claim(
            one["ground"],
            one["evidence"],
            date.fromisoformat(one["evidence_on"]) if one["evidence_on"] else None,
        )
        for one in said.get("exemptions", ())
    }


def ruled(
    hits: Sequence[Hit], said: Mapping[str, str], claimed: Sequence[Exemption], language: str
) -> list[Ruled]:
    """Worded in `language`, the same words of a field once. `said`: the fields' texts."""
    claims = {(one.rule, one.words): one for one in claimed}
    together: dict[tuple[str, str, str], list[Hit]] = {}
    for hit in hits:
        together.setdefault((hit.rule, hit.words, hit.field), []).append(hit)
    today = now().date()
    return [
        Ruled(
            hit=first,
            title=first.title.in_(language),
            why=first.why.in_(language),
            law=first.law.in_(language),
            marks=tuple(_mark(said.get(field, ""), one) for one in alike[:SHOWN] if one.end),
            exemption=claims.get((rule, words)),
            grounds=_grounds(first, claims.get((rule, words)), language),
            lacks=lacks(first.standing),
            old=today - first.checked_on > OLD,
        )
        for (rule, words, field), alike in together.items()
        for first in alike[:1]
    ]


def _grounds(hit: Hit, claimed: Exemption | None, language: str) -> str:
    found = (one.label.in_(language) for one in hit.exemptions if claimed and one.id == claimed.ground)
    return next(found, "")


def lacks(standing: Standing) -> str:
    """Why a claimed exemption is not enough, and what to do; "" where it is, or where there is none."""
    return {
        "unknown": _("This exemption is no longer known. Choose another one."),
        "no_evidence": _("The document or its date is missing. Name both."),
        "expired": _("The document has run out: it was good for a year. Name a newer one."),
        "not_shown": _("The document's name must stand in the post. Write it in."),
    }.get(standing, "")


def facts_on(account: Account, manifest: Manifest, said: Mapping[str, Any]) -> dict[str, object]:
    """What is known besides the words of what the account will carry."""
    facts: dict[str, object] = {
        "link": bool(said.get("link")) or bool(links(said.get("text", ""))),
        "account.type": account.account_type,
    }
    means = _switches(manifest, said)
    facts |= facts_of(said.get("about") or {}, means)
    facts |= {f"campaign.{key}": value for key, value in (said.get("campaign") or {}).items()}
    if own := account.settings.get("own_domains"):
        facts["link.own_domain"] = leads_to(f"{said.get('text', '')} {said.get('link', '')}", own)
    if "ai_made" in means:
        facts["ai.declared"] = True
    if manifest.look.fold_lines:
        facts["fold"] = manifest.look.fold_lines * FOLD_LETTERS
    return facts


def _switches(manifest: Manifest, said: Mapping[str, Any]) -> set[str]:
    """What the channel's own settings declare: paid for, made by a machine. What nobody said is no fact."""
    try:
        kind = manifest.kind(str(said.get("kind", "")))
    except KeyError:
        return set()
    given = said.get("options") or {}
    return {option.means for option in kind.options if option.means and given.get(option.key) == YES}


def counted_elsewhere(hit: Hit, kind: PublishKind) -> bool:
    """Whether the manifest counts hashtags itself: then it says so, and the rule would say it twice."""
    return rules()[hit.rule].hashtags_over is not None and kind.text.hashtags is not None


def _mark(text: str, hit: Hit) -> tuple[int, int]:
    return in_utf16(text, hit.start), in_utf16(text, hit.end)


def in_utf16(text: str, place: int) -> int:
    """A place as a browser counts it."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
