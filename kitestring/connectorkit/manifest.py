"""A channel as data: what it is called, what it can do, its limits, each fact with source and date."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, model_validator

Language = Literal["en", "zh-hans", "vi"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    """A text a person reads, in the three languages of the house."""

    en: str
    zh_hans: Annotated[str, Field(alias="zh-hans")]
    vi: str

    def in_(self, language: str) -> str:
        """The text in `language` ("zh-hans", "vi"; anything else: English)."""
        return {"zh-hans": self.zh_hans, "vi": self.vi}.get(language.lower(), self.en)


class Fact(Part):
    """Where a figure comes from and when it was read there; `verified` is false for hearsay."""

    source: str
    checked_on: date
    verified: bool = True


class TextLimit(Fact):
    """`limit` units of text; `unit` says how they are counted (see `counting`).

    `url_weight`: what a link counts; `mentions_without_host`: "@name@host" counts as "@name".
    """

    limit: int
    unit: Literal["grapheme", "codepoint", "utf16", "utf8", "weighted", "cjk_half"]
    also_bytes: int | None = None
    url_weight: int | None = None
    mentions_without_host: bool = False
    required: bool = False


class MediaLimit(Fact):
    """How many files a post carries and what they may be. Sizes in bytes, sides in pixels.

    `mimes` may end in "/*"; `bytes_by_mime` overrides `bytes` for those it names.
    """

    count: int = 0
    required: bool = False
    mimes: tuple[str, ...] = ()
    bytes: int | None = None
    bytes_by_mime: dict[str, int] = {}
    side: int | None = None
    alt: int | None = None


class Quota(Fact):
    """`limit` successes per window for an account.

    `zone`: where the platform's days and months begin ("Asia/Shanghai"); "" counts by the brand's own.
    """

    key: str
    limit: int
    window: Literal["day", "month", "rolling_day", "hour"]
    zone: str = ""
    label: Text
    account_types: tuple[str, ...] = ()


class Pace(Fact):
    """How fast calls may follow each other: `calls` per `seconds` on one account."""

    calls: int
    seconds: float


class PublishKind(Part):
    """One way of publishing there. The composer shows `label` and `explains`; limits hold for this kind."""

    key: str
    label: Text
    explains: Text | None = None
    text: TextLimit
    title: TextLimit | None = None
    media: MediaLimit | None = None
    quota: str = ""
    account_types: tuple[str, ...] = ()
    links: Literal["clickable", "plain", "none"] = "plain"


class AccountType(Part):
    """A kind of account on this channel; `cannot` maps a capability to the sentence that says why not."""

    key: str
    label: Text
    cannot: dict[str, str] = {}


class Asked(Part):
    """One thing a person types when connecting."""

    key: str
    label: Text
    help: Text | None = None
    kind: Literal["text", "password", "url", "choice"] = "text"
    required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()


class AuthFacts(Part):
    kind: Literal["app_password", "bot_token", "app_secret", "access_token", "none"]
    fields: tuple[Asked, ...] = ()


class Hosts(Part):
    """Base addresses by name, and the host names calls may go to (`*.` allowed).

    `self_hosted` channels take the address a person typed in the auth field of kind "url" for `api`. `shown`: where posts
    are read, besides the address named `web`: what a person pastes as the proof of a post must lie there.
    """

    urls: dict[str, str] = {}
    allowed: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    self_hosted: bool = False


class Settle(Fact):
    """Seconds after which a look-up that finds nothing may be believed."""

    seconds: float


class MetricFact(Fact):
    """A metric this channel gives: our key, its API field, how it adds up, how late it comes (seconds)."""

    key: Literal["views", "reach", "likes", "replies", "reposts", "quotes", "saves", "clicks", "shares"]
    field: str
    adds: Literal["sum", "latest"] = "latest"
    delay: float = 0


class Missing(Part):
    """A metric this channel does not give, and why, so that it is shown as missing, never invented."""

    key: str
    why: Text


class ReplyWindow(Fact):
    """How long after their last message a person may be answered, and how often."""

    hours: float | None = None
    replies: int | None = None
    explains: Text


class Sequence(Fact):
    """Posts that answer each other in order on one account: at most `most`, the head counted.

    `link`: when the connector writes the post's link into the head's own text, so that room is kept for it there.
    """

    most: Annotated[int, Field(ge=2)]
    link: Literal["always", "with_media", "never"] = "always"


class FirstComment(Fact):
    """The account may answer its own post at once; how much fits is the limit of `reply`."""


class HandOff(Part):
    """What the person publishing by hand does, step by step, and where the proof address must lie."""

    steps: tuple[Text, ...]
    proof_hosts: tuple[str, ...]
    open_url: str = ""


class HookValue(Part):
    """A secret agreed with the channel for its callbacks: made here, `length` letters and digits, pasted there."""

    key: str
    label: Text
    length: int


class HookFacts(Fact):
    """How a channel is told to call an account's address: what is pasted there beside it, and where, step by step."""

    steps: tuple[Text, ...]
    values: tuple[HookValue, ...] = ()


class Look(Part):
    """How previews of this channel are drawn: a shape our preview knows, and the channel's own colour."""

    shape: Literal["feed", "article", "note", "chat"]
    colour: str
    fold_lines: int = 0
    after: Text | None = None


class Manifest(Part):
    """Everything the house knows of a channel without running its code.

    `cannot` maps a power that no account has here ("sequence", "first_comment") to the sentence that says why not.
    """

    slug: str
    name: Text
    provider: str
    mode: Literal["api", "hand_off"]
    duplicate_safety: Literal["native_key", "two_step", "read_back", "none"]
    version: int = 1
    settle: Settle | None = None
    processing_deadline: Settle | None = None
    hosts: Hosts = Hosts()
    auth: AuthFacts
    account_types: tuple[AccountType, ...] = ()
    kinds: tuple[PublishKind, ...]
    reply: PublishKind | None = None
    reply_window: ReplyWindow | None = None
    sequence: Sequence | None = None
    first_comment: FirstComment | None = None
    cannot: dict[str, str] = {}
    quotas: tuple[Quota, ...] = ()
    pace: Pace | None = None
    capabilities: tuple[str, ...] = ()
    metrics: tuple[MetricFact, ...] = ()
    missing: tuple[Missing, ...] = ()
    hand_off: HandOff | None = None
    hooks: HookFacts | None = None
    look: Look
    sentences: dict[str, Text] = {}

    @model_validator(mode="after")
    def _hangs_together(self) -> Manifest:
        if (self.mode == "hand_off") != (self.hand_off is not None):
            raise ValueError("mode = 'hand_off' and the table [hand_off] go together")
        if self.mode == "api" and self.duplicate_safety != "none" and self.settle is None:
            raise ValueError("a channel with a look-up states its settle time in [settle]")
        known = {q.key for q in self.quotas}
        for kind in self.kinds:
            if kind.quota and kind.quota not in known:
                raise ValueError(f"kind {kind.key!r} names an unknown quota {kind.quota!r}")
        self._follow_up_hangs_together()
        for quota in self.quotas:
            if quota.zone and quota.zone not in available_timezones():
                raise ValueError(f"quota {quota.key!r} names an unknown time zone {quota.zone!r}")
        return self

    def _follow_up_hangs_together(self) -> None:
        for power in ("sequence", "first_comment"):
            fact = getattr(self, power)
            if fact is not None and self.reply is None:
                raise ValueError(f"[{power}] goes out as replies, and there is no [reply]")
            if fact is not None and power in self.cannot:
                raise ValueError(f"[{power}] and cannot.{power} contradict each other")
        for power, reason in self.cannot.items():
            if reason not in self.sentences:
                raise ValueError(f"cannot.{power} names the sentence {reason!r}, which is not there")

    def kind(self, key: str) -> PublishKind:
        """The publish kind `key` ("reply" too). Raises KeyError."""
        if key == "reply" and self.reply is not None:
            return self.reply
        for kind in self.kinds:
            if kind.key == key:
                return kind
        raise KeyError(key)

    def kinds_for(self, account_type: str) -> tuple[PublishKind, ...]:
        return tuple(k for k in self.kinds if not k.account_types or account_type in k.account_types)


def load(folder: Path) -> Manifest:
    """Read `manifest.toml` of a connector's folder. Raises `pydantic.ValidationError` with the place."""
    with (folder / "manifest.toml").open("rb") as file:
        return Manifest.model_validate(tomllib.load(file))
