"""The composer's desk: the post, each variant as its account will carry it, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.counting import Heavy, Measure, measure, why_heavier
from kitestring.connectorkit.manifest import Manifest, Option, PublishKind
from kitestring.connectorkit.options import choices
from kitestring.connectorkit.problem import Problem
from kitestring.connectorkit.sentences import sentence
from kitestring.connectorkit.sequences import Part, comes_apart, has_lines
from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.composing.models import Exemption, Post, PostAsset, Variant, VariantAsset
from kitestring.domains.composing.queries import revision_with, variants_of
from kitestring.domains.composing.queries.about import switched_on
from kitestring.domains.composing.queries.articles import Article, article_on
from kitestring.domains.composing.queries.content import settings_of
from kitestring.domains.composing.queries.exemptions import exemptions_of
from kitestring.domains.composing.queries.parts import parts_on, posts_of
from kitestring.domains.composing.queries.ruled import SHOWN, Ruled, hits_on, in_utf16, ruled
from kitestring.domains.composing.rules import FOLD_LETTERS
from kitestring.domains.library.queries.addresses import public_address
from kitestring.domains.library.queries.planned import Made, Planned, made_of, planned
from kitestring.domains.library.rules.reasons import reason_words

# What is no trouble any more once the text is posted as a thread.
CURED = ("too_long", "too_many_bytes", "parting_line")


@dataclass(frozen=True)
class Piece:
    """One post of a thread, or the first comment, with how it fills its limit."""

    part: Part
    count: Measure


@dataclass(frozen=True)
class Setting:
    """One setting of a post on a channel: what it is, what was chosen, and what there is to choose."""

    option: Option
    value: str
    choices: list[tuple[str, str]]

    @property
    def open(self) -> bool:
        """Whether it stands in sight: it must be chosen, or is not as it would be by itself."""
        must = self.option.required or (self.option.required_of_several and len(self.choices) > 1)
        return must or self.value != self.option.default


@dataclass(frozen=True)
class Side:
    """One variant with everything its tab, text and preview need.

    `pieces`: what a sequence comes apart into, none where it is one post. `count`: of the text, or of the fullest post of a
    thread. `offered`: how many posts a thread of this text would have, where it is none and that would help; else 0.
    `ruled`: what the rules of channels and countries say of it. `kept`: it is shown as it was frozen, and another limit that
    holds since would cut it otherwise.
    """

    variant: Variant
    manifest: Manifest
    name: str
    kind: PublishKind
    kinds: tuple[PublishKind, ...]
    text: str
    title: str
    language: str
    pictures: list[Planned]
    count: Measure
    title_count: Measure | None
    problems: list[Problem]
    pieces: list[Piece]
    offered: int
    ruled: list[Ruled]
    kept: bool = False

    @property
    def own(self) -> bool:
        """Whether the account has words or files of its own."""
        variant = self.variant
        return variant.text is not None or variant.title is not None or variant.own_media

    def inherits(self, field: str) -> bool:
        """Whether the text or title is the source's."""
        return {"text": self.variant.text, "title": self.variant.title}.get(field, "") is None

    @property
    def posts(self) -> list[Piece]:
        """The posts of the thread, the head among them; none where it is one post."""
        found = [piece for piece in self.pieces if piece.part.role != "comment"]
        return found if len(found) > 1 else []

    @property
    def comment(self) -> Piece | None:
        """The first comment, where there is one and the channel takes it."""
        return next((piece for piece in self.pieces if piece.part.role == "comment"), None)

    @property
    def article(self) -> Article | None:
        """The whole article as its readers will see it, where it is one."""
        return article_on(self.variant, self.kind, self.text, self.pictures)

    def marks(self, problem: Problem) -> str:
        """The places of the words a problem is about, for the page's script: "3,7;12,15"."""
        places = problem.places[:SHOWN]
        return ";".join(f"{in_utf16(self.text, start)},{in_utf16(self.text, end)}" for start, end in places)

    @property
    def curable(self) -> Problem | None:
        """The problem that the offered thread would cure: the first of them, which gets its button."""
        found = (p for p in self.problems if p.reason in CURED)
        return next(found, None) if self.offered else None

    @property
    def comment_limit(self) -> int:
        """How long a first comment may be; 0 where there can be none."""
        reply = self.manifest.reply
        return reply.text.limit if reply is not None and self.manifest.first_comment is not None else 0

    def settings(self, language: str) -> list[Setting]:
        """What this channel asks of the post beside its words, with what was chosen."""
        mine = {**switched_on(self.kind, self.variant.post.about), **self.variant.options}
        found = self.variant.account.settings
        return [
            Setting(option, mine.get(option.key, option.default), choices(option, found, language))
            for option in self.kind.options
        ]

    @property
    def errors(self) -> int:
        return self._severities.count("error")

    @property
    def warnings(self) -> int:
        return self._severities.count("warning")

    @property
    def _severities(self) -> list[str]:
        return [one.severity for one in self.problems] + [one.severity for one in self.ruled]

    @property
    def share(self) -> int:
        """How full the text's limit is, in percent, at most 100."""
        return min(100, round(100 * self.count.count / self.count.limit)) if self.count.limit else 0

    @property
    def heavier(self) -> list[Heavy]:
        """Which letters count double here, and how often; none where the channel counts each the same."""
        return why_heavier(self.text) if self.kind.text.unit == "weighted" else []

    @property
    def folded(self) -> tuple[str, str]:
        """The text a reader sees at once, and what waits behind "more"; lines as the manifest tells."""
        lines = self.manifest.look.fold_lines
        if not lines or (len(self.text) <= lines * FOLD_LETTERS and self.text.count("\n") < lines):
            return self.text, ""
        cut = min(len(self.text), lines * FOLD_LETTERS)
        breaks = [i for i, letter in enumerate(self.text) if letter == "\n"]
        if len(breaks) >= lines:
            cut = min(cut, breaks[lines - 1])
        return self.text[:cut].rstrip(), self.text[cut:]


def sides_of(post: Post, language: str) -> list[Side]:
    """Every variant of the post; problems worded in `language`. A thread that was frozen stays as it was until somebody edits."""
    source = list(post.assets.select_related("asset"))
    variants = list(variants_of(post))
    files = [row.asset for row in source]
    files += [row.asset for variant in variants if variant.own_media for row in variant.assets.all()]
    frozen = revision_with(post, post.digest) if any(one.sequence for one in variants) else None
    known = Known(
        source,
        made_of(asset.sha256 for asset in files),
        exemptions_of(post),
        post.brand.sells_in,
        frozen.content["variants"] if frozen else {},
    )
    return [_side(variant, known, language) for variant in variants]


class Known(NamedTuple):
    """What all variants of a post share: its files, what was made of them already, exemptions, where the brand sells; and
    what is frozen of the post as it stands, by variant."""

    source: Sequence[PostAsset]
    made: Made
    claimed: Sequence[Exemption]
    markets: Sequence[str]
    frozen: Mapping[str, Any]


def _as_frozen(variant: Variant, parts: list[Part], known: Known) -> list[Part]:
    """The parts it was frozen with, where it is a thread that nobody changed since; else those it is cut into now."""
    frozen = known.frozen.get(str(variant.pk)) if variant.sequence else None
    if frozen is None:
        return parts
    return comes_apart(frozen) or [Part("head", frozen["text"])]


def _side(variant: Variant, known: Known, language: str) -> Side:
    manifest = manifest_for(variant.account)
    kinds = manifest.kinds_for(variant.account.account_type)
    kind = next((k for k in kinds if k.key == variant.kind), None) or (kinds or manifest.kinds)[0]
    text = variant.said
    title = variant.post.title if variant.title is None else variant.title
    rows: Sequence[PostAsset | VariantAsset] = (
        list(variant.assets.all()) if variant.own_media else known.source
    )
    # Checked as what they will be: what is too large is made smaller before it leaves.
    pictures = [planned(row.asset, row.alt or row.asset.alt, kind.media, known.made) for row in rows]
    fresh = parts_on(variant, manifest, kind, pictures=bool(pictures))
    parts = _as_frozen(variant, fresh, known) if manifest.sequence is not None else fresh
    pieces = [
        Piece(part, measure(part.text, _kind_of(place, kind, manifest).text))
        for place, part in enumerate(parts)
    ]
    count = _fullest(piece.count for piece in pieces if piece.part.role != "comment")
    found = problems(
        manifest,
        kind.key,
        text,
        title,
        pictures,
        language,
        account_type=variant.account.account_type,
        parts=parts,
        options={**switched_on(kind, variant.post.about), **variant.options},
        settings=variant.account.settings,
        written=True,
        addressed=bool(public_address()),
    )
    return Side(
        variant=variant,
        manifest=manifest,
        name=manifest.name.in_(language),
        kind=kind,
        kinds=kinds,
        text=text,
        title=title,
        language=variant.language or variant.post.language,
        pictures=pictures,
        count=count,
        title_count=measure(title, kind.title) if kind.title else None,
        problems=_unmakeable(pictures) + found + _of_lines(variant, manifest, kind, language),
        pieces=pieces if len(pieces) > 1 else [],
        offered=_offered(variant, manifest, kind, count, pictures=bool(pictures)),
        ruled=_ruled(variant, kind, title, parts, known, language),
        kept=_texts(parts) != _texts(fresh),
    )


def _texts(parts: Sequence[Part]) -> list[str]:
    return [part.text.strip() for part in parts]


def _ruled(
    variant: Variant,
    kind: PublishKind,
    title: str,
    parts: Sequence[Part],
    known: Known,
    language: str,
) -> list[Ruled]:
    said = {
        "kind": kind.key,
        "text": variant.said,
        "title": title,
        "language": variant.language or variant.post.language,
        "link": variant.post.link,
        "parts": [part.frozen() for part in parts],
        "options": settings_of(variant),
        "about": variant.post.about,
        "campaign": variant.post.campaign.mechanics if variant.post.campaign else {},
    }
    hits = hits_on(
        variant.account, known.markets, said, {(one.rule, one.words): one.claim for one in known.claimed}
    )
    fields = {"text": variant.said, "title": title, "comment": variant.first_comment}
    return ruled(hits, fields, known.claimed, language)


def _kind_of(place: int, kind: PublishKind, manifest: Manifest) -> PublishKind:
    """What a part leaves as: the head as the post's own kind, the others as replies."""
    return manifest.reply if place and manifest.reply is not None else kind


def _fullest(counts: Iterable[Measure]) -> Measure:
    return max(counts, key=lambda count: (not count.fits, count.count / max(1, count.limit)))


def _of_lines(variant: Variant, manifest: Manifest, kind: PublishKind, language: str) -> list[Problem]:
    """A note where the lines that part a thread would be read by everybody."""
    parted = variant.sequence and manifest.sequence is not None
    if parted or kind.article is not None or not has_lines(variant.said):
        return []
    said = sentence("parting_line", {}, language, manifest)
    return [Problem("text", "parting_line", {}, "warning", said)]


def _offered(
    variant: Variant, manifest: Manifest, kind: PublishKind, count: Measure, *, pictures: bool
) -> int:
    fact = manifest.sequence
    if fact is None or variant.sequence or (count.fits and not has_lines(variant.said)):
        return 0
    if count.count > fact.most * count.limit:
        return 0
    posts = len(posts_of(variant, manifest, kind, pictures=pictures))
    return posts if 1 < posts <= fact.most else 0


def _unmakeable(files: Sequence[Planned]) -> list[Problem]:
    """What could not be made of a file, said while there is time."""
    return [
        Problem(
            f"media.{place}",
            one.failed,
            {"nth": place + 1},
            "error",
            reason_words(one.failed, one.asset.name),
        )
        for place, one in enumerate(files)
        if one.failed
    ]
