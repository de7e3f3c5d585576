"""What an account can and cannot do, and why: read from its manifest and from what connecting found out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N
from django.utils.translation import ngettext

from kitestring.connectorkit.checking_media import heaviest
from kitestring.connectorkit.contract import Connected, Grant
from kitestring.connectorkit.manifest import Fact, HookFacts, Manifest, MediaLimit, PublishKind, TextLimit
from kitestring.connectorkit.overriding import known_limits
from kitestring.connectorkit.sessions import typed_address
from kitestring.ui.numbers import number, size, unit_price

OLD: Final = timedelta(days=90)
# Refusals of a renewal that are no word on the grant: something on the way answered, or nobody knows why.
NO_WORD_ON_IT: Final = frozenset({"refused", "moved", "host_refused", "blocked", "not_there"})
# Why a grant that still opens is not renewed: near its end a person has to agree anew.
BY_HAND: Final = "renewed_by_hand"
POWERS: Final[dict[str, str]] = {
    "publishing": N("Publish posts"),
    "media": N("Send pictures and videos"),
    "inbox": N("Read comments"),
    "reply": N("Answer comments"),
    "mentions": N("See where it is named"),
    "metrics": N("Read numbers"),
    "messages": N("Read and answer private messages"),
    "like": N("Like answers"),
    "remove": N("Delete answers"),
    "moderate": N("See held comments and let them through"),
    "moderation": N("Hide, like and delete answers"),
    "mass_send": N("Send to all followers"),
    "menus": N("Set the menu below the conversation"),
    "tags": N("Make tags and put them on followers"),
    "templates": N("Send a template when the time to answer is over"),
    "renewal": N("Renew its own grant"),
    "withdraw": N("Take a post back"),
    "sequence": N("Post a thread"),
    "first_comment": N("Write the first comment"),
    "drafts": N("Leave drafts in its app"),
    "numbers": N("Read its own numbers"),
}
# Where answers, visits and accounts say by which of the channel's ways they connect; the first is not said.
WAY: Final = "_way"
# What every channel is asked for, whatever its manifest lists; the file of the power says yes.
EVERYWHERE: Final = ("publishing", "inbox", "reply", "metrics")
# What the channel has or has not, whoever connects to it: told on the account's page, no lack of this account.
OF_CHANNEL: Final = ("sequence", "first_comment")
SAME: Final = {
    "publish": "publishing", "comments": "inbox", "replies": "inbox", "answers": "reply", "message": "messages",
    "files": "media", "deletion": "withdraw",
}  # fmt: skip
METRICS: Final[dict[str, str]] = {
    "views": N("Views"), "reach": N("People reached"), "likes": N("Likes"), "replies": N("Replies"),
    "reposts": N("Reposts"), "quotes": N("Quotes"), "saves": N("Saves"), "clicks": N("Clicks"),
    "shares": N("Shares"),
}  # fmt: skip
UNITS: Final[dict[str, str]] = {
    "grapheme": N("%(n)s signs"),
    "codepoint": N("%(n)s characters"),
    "utf16": N("%(n)s UTF-16 units"),
    "utf8": N("%(n)s bytes"),
    "utf8_emoji": N("%(n)s characters, of an emoji each of its bytes"),
    "weighted": N("%(n)s weighted characters"),
    "cjk_half": N("%(n)s Chinese characters, or twice as many letters"),
}
CAPS: Final[dict[str, str]] = {
    "hashtags": N("hashtags: at most %(n)s"),
    "mentions": N("mentions: at most %(n)s"),
    "links": N("links: at most %(n)s"),
}
NONE_OF: Final[dict[str, str]] = {
    "hashtags": N("no hashtags"),
    "mentions": N("no mentions"),
    "links": N("no links"),
}
WINDOWS: Final[dict[str, str]] = {
    "day": N("%(n)s a day"),
    "month": N("%(n)s a month"),
    "rolling_day": N("%(n)s in 24 hours"),
    "hour": N("%(n)s an hour"),
}

PRICES: Final[dict[str, str]] = {
    "request": N("%(price)s each time"),
    "item": N("%(price)s for each one read"),
    "month": N("%(price)s a month"),
    "year": N("%(price)s a year"),
}


@dataclass(frozen=True)
class Line:
    """One thing to know of an account. `can` None: neither power nor lack, a limit. `fact`: where it is from.

    `own`: what the channel itself gives as the limit, where another one holds on this account.
    """

    label: str
    can: bool | None = None
    text: str = ""
    fact: Fact | None = None
    key: str = ""
    own: str = ""

    def old(self, today: date) -> bool:
        return self.fact is not None and today - self.fact.checked_on > OLD


def token_hash(token: str) -> str:
    """How the secret part of an address is found again without being kept in clear."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def provider_of(manifest: Manifest) -> str:
    """Whose app the channel is reached by: channels of one platform share the operator's app there."""
    app = manifest.auth.app
    return (app.provider if app else "") or manifest.provider


def app_calls(manifest: Manifest) -> HookFacts | None:
    """How the channel is told to call the operator's app; None of one that calls each account, or nobody."""
    facts = manifest.hooks
    return facts if facts is not None and facts.of == "app" else None


def by_app(manifest: Manifest, way: str, provider: str) -> bool:
    """Whether an account connected by this way was connected by the operator's app at that platform."""
    if way not in ("", *(one.key for one in manifest.ways)):
        return False
    own = manifest.by(way)
    return own.auth.app is not None and provider_of(own) == provider


def registered_at(manifest: Manifest, typed: Mapping[str, str]) -> str:
    """Under what name the app is kept that the typed server has registered for us: every server has its own."""
    server = typed_address(manifest, typed).encode("utf-8", "surrogatepass")
    return f"{provider_of(manifest)[:19]}-{sha256(server).hexdigest()[:20]}"


def packed(found: Connected) -> dict[str, Any]:
    """A presence as JSON, secrets and all: only ever to be sealed."""
    grant = found.grant
    ends = grant.expires_at.isoformat() if grant.expires_at else ""
    told = {"secrets": dict(grant.secrets), "scopes": list(grant.scopes), "ends": ends}
    names = ("remote_id", "handle", "name", "account_type", "avatar_url", "proven")
    own = {"capabilities": dict(found.capabilities), "settings": dict(found.settings)}
    return {**{name: getattr(found, name) for name in names}, **own, "grant": told}


def unpacked(kept: Mapping[str, Any]) -> Connected:
    """The presence that `packed` made JSON of."""
    told = kept["grant"]
    ends = datetime.fromisoformat(told["ends"]) if told["ends"] else None
    grant = Grant(told["secrets"], tuple(told["scopes"]), ends)
    return Connected(**{**kept, "grant": grant})


# What a fact is about, by the names its path is made of; what is not here is told by its own name.
FACTS: Final[dict[str, str]] = {
    "text": N("text"), "title": N("title"), "media": N("files"), "limit": N("limit"), "count": N("how many"),
    "bytes": N("size in bytes"), "bytes_by_mime": N("size in bytes, by type"), "mimes": N("types"),
    "side": N("longest side"), "alt": N("description of a picture"), "unit": N("how it is counted"),
    "required": N("needed"), "ratio": N("shape"), "video_ratio": N("shape of videos"), "seconds": N("seconds"),
    "quotas": N("quota"), "window": N("span"), "reply": N("reply"), "message": N("private message"),
    "reply_window": N("how long people can be answered"), "hours": N("hours"), "most": N("at most"),
    "sequence": N("thread"), "first_comment": N("first comment"), "metrics": N("number"), "auth": N("connecting"),
    "account_types": N("kind of account"), "cannot": N("cannot"), "options": N("setting"), "hosts": N("addresses"),
    "scopes": N("rights"), "pace": N("pace"), "calls": N("calls"), "settle": N("waiting time after a lost answer"),
    "links": N("links"), "hashtags": N("hashtags"), "mentions": N("mentions"), "capabilities": N("powers"),
    "amount": N("price"), "per": N("counted by"), "currency": N("currency"), "least": N("at least"),
    "mixed": N("pictures and videos together"), "videos": N("videos"), "by_address": N("fetched from an address"),
    "min_side": N("shortest side"), "video_bytes": N("size of videos"), "also_bytes": N("size in bytes"),
    "url_weight": N("what a link counts"), "delay": N("how late they come, in seconds"), "field": N("field"),
    "default": N("chosen from the start"), "mode": N("way of publishing"), "zone": N("time zone"),
    "renewal": N("renewing"), "message_window": N("how long people can be answered"),
    "processing_deadline": N("longest time for processing"), "duplicate_safety": N("safety from doubles"),
}  # fmt: skip


def fact_words(manifest: Manifest | None, path: str, language: str) -> str:
    """The path of a fact as people read it: "Post · text · limit". What the channel has a name for goes by it."""
    names, said = path.split("."), []
    called = dict(_called(manifest, language)) if manifest else {}
    for place, name in enumerate(names, 1):
        here, below = ".".join(names[:place]), ".".join(names[: place + 1])
        if here in called or below not in called:  # else a list, whose member says it
            said.append(called.get(here) or (_(FACTS[name]) if name in FACTS else name))
    text = " · ".join(said)
    return text[:1].upper() + text[1:]


def _called(manifest: Manifest, language: str) -> Iterator[tuple[str, str]]:
    """Path of a fact -> what the channel or the product calls it."""
    for kind in manifest.kinds:
        yield f"kinds.{kind.key}", kind.label.in_(language)
        for option in kind.options:
            yield f"kinds.{kind.key}.options.{option.key}", option.label.in_(language)
            for choice in option.choices:
                path = f"kinds.{kind.key}.options.{option.key}.choices.{choice.value}"
                yield path, choice.label.in_(language)
    for place, price in enumerate(manifest.prices):
        yield f"prices.{place}", price.label.in_(language)
    for list_, members in (
        ("account_types", manifest.account_types),
        ("quotas", manifest.quotas),
        ("auth.fields", manifest.auth.fields),
        ("auth.app.fields", manifest.auth.app.fields if manifest.auth.app else ()),
    ):
        yield from ((f"{list_}.{one.key}", one.label.in_(language)) for one in members)
    yield from ((f"metrics.{one.key}", _(METRICS[one.key])) for one in manifest.metrics)


# What can be overridden, by the last part of its key.
OVERRIDES: Final[dict[str, str]] = {
    "text": N("text"), "title": N("title"), "files": N("how many files"), "bytes": N("size in bytes"),
}  # fmt: skip


def limit_names(manifest: Manifest, account_type: str, language: str) -> dict[str, tuple[str, int]]:
    """(name, the manifest's figure) by key, of every limit that can be another one on an account."""
    return {
        key: (f"{kind.label.in_(language)} · {_(OVERRIDES[what])}", value)
        for key, kind, what, value, _fact in known_limits(manifest, account_type)
    }


def power_label(key: str) -> str:
    key = SAME.get(key, key)
    return _(POWERS[key]) if key in POWERS else key.replace("_", " ").capitalize()


def sentence(manifest: Manifest, reason: str, language: str) -> str:
    """The channel's own sentence for a reason, in the reader's language; "" when it has none."""
    text = manifest.sentences.get(reason)
    return text.in_(language) if text else ""


def powers(
    manifest: Manifest, brings: Collection[str], account_type: str, found: Mapping[str, Any], language: str
) -> Iterator[Line]:
    """Each capability, yes or no with the reason.

    What connecting found counts first, then the account type's row of the manifest, then the files the connector
    brings (`brings`: "publishing", "inbox", "metrics").
    """
    probed = {SAME.get(key, key): value for key, value in found.items()}
    kind = next((t for t in manifest.account_types if t.key == account_type), None)
    cannot = {SAME.get(key, key): why for key, why in kind.cannot.items()} if kind else {}
    has = {key: key in brings for key in EVERYWHERE}
    has["reply"] = manifest.reply is not None and has["inbox"]
    by_hand = manifest.hand_off is not None
    has["publishing"] = has["publishing"] or by_hand
    listed = [SAME.get(key, key) for key in manifest.capabilities]
    cannot = {**manifest.cannot, **cannot}
    facts: dict[str, Fact | None] = {power: getattr(manifest, power) for power in OF_CHANNEL}
    stated = {power: fact for power, fact in facts.items() if fact is not None}
    has |= dict.fromkeys(stated, True)
    private = ["messages"] if manifest.message is not None else []
    has |= dict.fromkeys(private, True)
    for key in dict.fromkeys([*EVERYWHERE, *private, *listed, *probed, *stated, *cannot]):
        why: object = cannot.get(key) or probed.get(key, has.get(key, key in listed))
        if key == "reply" and why is True:
            why = cannot.get("inbox") or probed.get("inbox", True)  # what is not read is not answered
        if why is True:
            text = _("By hand: Kitestring prepares, a person publishes.") if by_hand else ""
            told = text if key == "publishing" else ""
            if key == "sequence" and manifest.sequence is not None:
                told = _("At most %(n)s posts in one") % {"n": manifest.sequence.most}
            yield Line(power_label(key), True, told, stated.get(key), key=key)
        else:
            own = sentence(manifest, str(why), language)
            text = own or _("This channel gives programs no way to do it.")
            yield Line(power_label(key), False, text, key=key)


def limits_here(here: Manifest, manifest: Manifest, account_type: str, language: str) -> Iterator[Line]:
    """What holds on an account, `here` its manifest with what is known better, each with the channel's own beside it."""
    both = zip(limits(here, account_type, language), limits(manifest, account_type, language), strict=True)
    for line, its in both:
        yield replace(line, own=its.text) if line.text != its.text else line


def limits(manifest: Manifest, account_type: str, language: str) -> Iterator[Line]:
    """The bounds of each publish kind, the quotas, and how long people may be answered."""
    mine = (q for q in manifest.quotas if not q.account_types or account_type in q.account_types)
    quotas = {q.key: q for q in mine}
    for kind in manifest.kinds_for(account_type):
        yield from _kind_limits(kind, language)
        if quota := quotas.get(kind.quota):
            text = _(WINDOWS[quota.window]) % {"n": number(quota.limit)}
            yield Line(f"{kind.label.in_(language)}: {quota.label.in_(language)}", None, text, quota)
    if manifest.reply is not None:
        yield from _kind_limits(manifest.reply, language)
    if manifest.message is not None:
        yield from _kind_limits(manifest.message, language)
    for window in filter(None, (manifest.reply_window, manifest.message_window)):
        label = _("How long and how often people can be answered")
        yield Line(label, None, window.explains.in_(language), window)
    if manifest.asking is not None:
        told = _asked_every(manifest.asking.every)
        if manifest.asking.by_post:
            told = _("%(often)s; old posts less often") % {"often": told}
        yield Line(_("When we ask what people said"), None, told, manifest.asking)


def _asked_every(seconds: float) -> str:
    if seconds < 120:
        return ngettext("Every %(n)s second", "Every %(n)s seconds", int(seconds)) % {"n": int(seconds)}
    minutes = int(seconds // 60)
    return ngettext("Every %(n)s minute", "Every %(n)s minutes", minutes) % {"n": minutes}


def _kind_limits(kind: PublishKind, language: str) -> Iterator[Line]:
    yield Line(kind.label.in_(language), None, _text_bound(kind.text), kind.text)
    if kind.title is not None:
        label = _("%(kind)s, title") % {"kind": kind.label.in_(language)}
        yield Line(label, None, _text_bound(kind.title), kind.title)
    if kind.media is not None and kind.media.count:
        label = _("%(kind)s, media") % {"kind": kind.label.in_(language)}
        yield Line(label, None, _media_bound(kind.media), kind.media)


def _text_bound(text: TextLimit) -> str:
    """How much fits, and what else is counted: "300 signs, 3,000 bytes, each link counts 23, at most 5 hashtags"."""
    if not text.limit:
        return _("no words")
    said = [_(UNITS[text.unit]) % {"n": number(text.limit)}]
    if text.also_bytes is not None:
        said.append(_("%(n)s bytes") % {"n": number(text.also_bytes)})
    if text.url_weight is not None:
        said.append(_("each link counts %(n)s") % {"n": text.url_weight})
    for key, most in (("hashtags", text.hashtags), ("mentions", text.mentions), ("links", text.links)):
        if most is not None:
            said.append(_(CAPS[key] if most else NONE_OF[key]) % {"n": most})
    return _(", ").join(said)


def _media_bound(media: MediaLimit) -> str:
    """How many files, and how large each may be; by type where the channel takes some larger than others."""
    by_size: dict[int, list[str]] = {}
    for mime in media.mimes:
        by_size.setdefault(heaviest(media, mime) or 0, []).append(mime)
    if len(by_size) > 1 and 0 not in by_size:
        bounds = [
            _("%(types)s up to %(size)s") % {"types": _types(m), "size": size(n)}
            for n, m in sorted(by_size.items())
        ]
        found = ngettext("%(n)s file: %(types)s", "up to %(n)s files: %(types)s", media.count)
        return found % {"n": media.count, "types": _("; ").join(bounds)}
    types = _types(media.mimes)
    if not media.bytes:
        said = ngettext("%(n)s file (%(types)s)", "up to %(n)s files (%(types)s)", media.count)
        return said % {"n": media.count, "types": types}
    said = ngettext(
        "%(n)s file of up to %(size)s (%(types)s)",
        "up to %(n)s files of up to %(size)s (%(types)s)",
        media.count,
    )
    return said % {"n": media.count, "size": size(media.bytes), "types": types}


def _types(mimes: Iterable[str]) -> str:
    return _(", ").join(sorted({file_type(mime) for mime in mimes}))


def file_type(mime: str) -> str:
    """As people know the file: MOV, not QUICKTIME."""
    name = mime.rpartition("/")[2].removeprefix("x-")
    return {"quicktime": "mov", "*": mime.partition("/")[0]}.get(name, name).upper()


def prices(manifest: Manifest, language: str) -> Iterator[Line]:
    """What the channel charges the operator's app for, each with where that was read."""
    for price in manifest.prices:
        text = _(PRICES[price.per]) % {"price": unit_price(price.amount, price.currency)}
        yield Line(price.label.in_(language), None, text, price)


def numbers(manifest: Manifest, language: str, why_none: str = "") -> Iterator[Line]:
    """The metrics the channel gives, by API field, and those it does not, with the reason.

    `why_none`: the reason why this account gets none of those the channel gives.
    """
    for metric in manifest.metrics:
        if why_none:
            yield Line(_(METRICS[metric.key]), False, why_none)
            continue
        said = _("by the channel’s field “%(field)s”") % {"field": metric.field}
        yield Line(_(METRICS[metric.key]), True, said, metric)
    for missing in manifest.missing:
        yield Line(_(METRICS.get(missing.key, missing.key)), False, missing.why.in_(language))
