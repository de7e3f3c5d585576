"""The parts a manifest is made of: texts in three languages, and facts with their source and the day it was read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["en", "zh-hans", "vi"]
Unit = Literal["grapheme", "codepoint", "utf16", "utf8", "utf8_emoji", "weighted", "cjk_half"]


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
    `hashtags`, `mentions`, `links`: how many of each are taken, 0 none; the same address twice is one link.
    `least`: so many units at least, unless the post has `or_files` files (None: no number of files makes up for it).
    """

    limit: int
    unit: Unit
    also_bytes: int | None = None
    url_weight: int | None = None
    mentions_without_host: bool = False
    hashtags: Annotated[int, Field(ge=0)] | None = None
    mentions: Annotated[int, Field(ge=0)] | None = None
    links: Annotated[int, Field(ge=0)] | None = None
    required: bool = False
    least: Annotated[int, Field(ge=1)] | None = None
    or_files: Annotated[int, Field(ge=1)] | None = None


class MediaLimit(Fact):
    """How many files a post carries and what they may be. Sizes in bytes, sides in pixels, times in seconds.

    `mimes` may end in "/*"; `bytes_by_mime` overrides `bytes` for those it names. `least`: so many at least. `videos`: so
    many of them may be videos (None: all). `mixed`: pictures and videos in one post. `ratio`, `video_ratio`: width by
    height, from and to. `by_address`: the channel fetches the files itself from a public address.
    """

    count: int = 0
    required: bool = False
    mimes: tuple[str, ...] = ()
    bytes: int | None = None
    bytes_by_mime: dict[str, int] = {}
    side: int | None = None
    alt: int | None = None
    least: int = 0
    videos: int | None = None
    mixed: bool = True
    ratio: tuple[float, float] | None = None
    video_ratio: tuple[float, float] | None = None
    min_side: int | None = None
    seconds: tuple[float, float] | None = None
    video_bytes: int | None = None
    by_address: bool = False


class ArticleFacts(Fact):
    """That a kind's text is an article with headings, lists and pictures in their places (`marked`), and how it leaves.

    `form`: "html"; "styled" is HTML whose every element carries its own style, where the channel keeps no sheet. `limit`:
    how many letters of HTML it may be, `bytes` how many bytes. `hosts`: only links to these stay links (none: all do).
    `cover_inside`: the first picture stands over the article; else it is seen only in lists and where it is passed on.
    `named`: a figure that the text places carries its name, by which it is known again when the words are changed.
    `link_inside`: a link that the text does not have stands below it. `video_class`: what a figure with a video is called.
    """

    form: Literal["html", "styled"] = "html"
    cover_inside: bool = True
    limit: int | None = None
    bytes: int | None = None
    hosts: tuple[str, ...] = ()
    named: bool = False
    link_inside: bool = False
    video_class: str = ""


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


class Asking(Fact):
    """How often people's words are asked for on one account: at most once in `every` seconds.

    `by_post`: each post costs a call of its own, and a part of them may be asked about: what was said under the others is found
    when their turn comes. Older posts come round less often then.
    """

    every: float
    by_post: bool = False


class Settle(Fact):
    """Seconds after which a look-up that finds nothing may be believed."""

    seconds: float


class MetricFact(Fact):
    """A metric this channel gives: our key, its API field, how it adds up, how late it comes (seconds).

    `by_inbox`: the channel tells it only with what the inbox fetches; `metrics.read` finds it in `Session.cursor`, and does not
    know of a post that is gone.
    """

    key: Literal["views", "reach", "likes", "replies", "reposts", "quotes", "saves", "clicks", "shares"]
    field: str
    adds: Literal["sum", "latest"] = "latest"
    delay: float = 0
    by_inbox: bool = False


class Missing(Part):
    """A metric this channel does not give, and why, so that it is shown as missing, never invented."""

    key: str
    why: Text


class ReplyWindow(Fact):
    """How long after their last message a person may be answered, and how often."""

    hours: float | None = None
    replies: int | None = None
    explains: Text


class Price(Fact):
    """What the channel charges the operator's app: `amount` in `currency` (ISO 4217), each time it does what `per` says.

    "item": each post, message or person that an answer holds; "request": each call, whatever it holds.
    """

    label: Text
    amount: Annotated[Decimal, Field(ge=0)]
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]
    per: Literal["request", "item", "month", "year"] = "request"


class AccountMetric(Fact):
    """A number of the whole account: our key, its API field. `why` it may be missing is told by the reading."""

    key: Literal[
        "followers", "followers_gained", "followers_lost",
        "following", "posts", "comments", "views", "reach", "profile_views",
    ]  # fmt: skip
    field: str


class Choice(Part):
    """One value of an option, as it is sent and as it is called."""

    value: str
    label: Text


class Option(Part):
    """One setting of a post on this channel, sent as `Outgoing.options[key]`.

    `choices_from`: the account's setting of that name lists what there is ([{"value", "label"}], found when connecting): its
    boards, its categories; beside `choices` it says which of them the account has. `required_of_several`: one must be
    chosen unless the list has but one. A "toggle" is "yes" or "". A `limit` (letters) has its source. `means`: what it
    declares, so that a rule can ask for it.
    """

    key: str
    label: Text
    help: Text | None = None
    kind: Literal["text", "choice", "toggle"] = "text"
    choices: tuple[Choice, ...] = ()
    choices_from: str = ""
    default: str = ""
    required: bool = False
    required_of_several: bool = False
    limit: int | None = None
    means: Literal["", "paid", "ai_made", "audience"] = ""
    source: str = ""
    checked_on: date | None = None
    verified: bool = True


class TemplateFacts(Fact):
    """That a person can be sent a message of a fixed form. `account_types`: who may; none named: all. `explains`: what for."""

    account_types: tuple[str, ...] = ()
    explains: Text


class TagFacts(Fact):
    """That the channel keeps tags on people: how long their names are, how many there may be (`most`), and how many on one
    person (`each`). `listed`: the account's setting that lists them, from which posts and menus choose.
    """

    label: TextLimit
    most: int | None = None
    each: int | None = None
    listed: str = "tags"


class Scope(Part):
    """A right asked for when connecting, by the channel's own name, and what it is for. `account_types`: asked only of these."""

    key: str
    why: Text
    required: bool = True
    account_types: tuple[str, ...] = ()

    def asked_of(self, account_type: str) -> bool:
        """Whether an account of this type is asked for it; of a type that is not known yet, whether any is."""
        return not (account_type and self.account_types) or account_type in self.account_types
