"""A channel as data: what it is called, what it can do, its limits, each fact with source and date."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import Field, model_validator

from kitestring.connectorkit.by_hand import HandOff
from kitestring.connectorkit.facts import (
    AccountMetric,
    ArticleFacts,
    Asking,
    Choice,
    Fact,
    Language,
    MediaLimit,
    MetricFact,
    Missing,
    Option,
    Pace,
    Part,
    Price,
    Quota,
    ReplyWindow,
    Scope,
    Settle,
    TagFacts,
    TemplateFacts,
    Text,
    TextLimit,
    Unit,
)
from kitestring.connectorkit.menu_facts import MenuFacts

__all__ = [
    "AccountMetric",
    "AccountType",
    "ArticleFacts",
    "Asked",
    "Asking",
    "AuthFacts",
    "Choice",
    "Fact",
    "FirstComment",
    "HandOff",
    "HookFacts",
    "HookValue",
    "Hosts",
    "Look",
    "Manifest",
    "MediaLimit",
    "MenuFacts",
    "MetricFact",
    "Missing",
    "Option",
    "Pace",
    "Part",
    "Price",
    "PublishKind",
    "Quota",
    "ReplyWindow",
    "Scope",
    "Sequence",
    "Settle",
    "TagFacts",
    "TemplateFacts",
    "Text",
    "TextLimit",
    "Unit",
    "Way",
    "load",
]


DuplicateSafety = Literal["native_key", "two_step", "read_back", "none"]


class PublishKind(Part):
    """One way of publishing there. The composer shows `label` and `explains`; limits hold for this kind.

    `duplicate_safety`: where this kind is safe in another way than the channel's others; "" is as they are.
    """

    key: str
    label: Text
    explains: Text | None = None
    text: TextLimit
    title: TextLimit | None = None
    media: MediaLimit | None = None
    quota: str = ""
    account_types: tuple[str, ...] = ()
    links: Literal["clickable", "plain", "none"] = "plain"
    options: tuple[Option, ...] = ()
    article: ArticleFacts | None = None
    duplicate_safety: DuplicateSafety | Literal[""] = ""


class AccountType(Part):
    """A kind of account on this channel; `cannot` maps a capability to the sentence that says why not.

    `duplicate_safety`: where this kind is safe in another way than the channel's others; "" is as they are.
    """

    key: str
    label: Text
    cannot: dict[str, str] = {}
    duplicate_safety: DuplicateSafety | Literal[""] = ""


class Asked(Part):
    """One thing a person types when connecting. `names`: what each of `choices` is called, unless it is a kind of account."""

    key: str
    label: Text
    help: Text | None = None
    kind: Literal["text", "password", "url", "choice"] = "text"
    required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()
    names: dict[str, Text] = {}


class AppFacts(Part):
    """The operator's own app at the platform: what of it is typed in once, for all channels of `provider` ("": the
    manifest's), and where the address is pasted to which people come back after they agreed.

    `document`: nothing is registered or typed in; the platform reads what the app is at a public address of ours.
    `registers`: each server registers the app itself when it is asked; one for each server, made when it is first needed.
    """

    provider: str = ""
    fields: tuple[Asked, ...] = ()
    document: bool = False
    registers: bool = False
    steps: tuple[Text, ...] = ()


class AuthFacts(Part):
    """How an account is connected. "oauth2": by the consent of a person at the platform, who is led there and back.

    `fields` are typed in for each account, `app.fields` once for the workspace; `scopes` are the rights asked for.
    `renewal` "by_hand": the channel prolongs nothing when asked, a person agrees anew; near the end `renew` says so.
    `label`, `explains`: what the choice says of this way, where the channel has several (`Manifest.ways`).
    """

    label: Text | None = None
    explains: Text | None = None
    kind: Literal["app_password", "bot_token", "app_secret", "access_token", "oauth2", "none"]
    fields: tuple[Asked, ...] = ()
    app: AppFacts | None = None
    scopes: tuple[Scope, ...] = ()
    renewal: Literal["by_itself", "by_hand"] = "by_itself"


class Way(Part):
    """A further way of connecting an account, beside [auth]. `key` names the file that connects by it, and renews."""

    key: Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,19}$")]
    auth: AuthFacts


class Hosts(Part):
    """Base addresses by name, and the host names calls may go to (`*.` allowed).

    `self_hosted` channels take the address a person typed in the auth field of kind "url" for `api` (further ones under
    their keys; `sessions.typed_addresses`). `shown`: where posts
    are read, besides the address named `web`: what a person pastes as the proof of a post must lie there.
    """

    urls: dict[str, str] = {}
    allowed: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    self_hosted: bool = False


class Sequence(Fact):
    """Posts that answer each other in order on one account: at most `most`, the head counted.

    `link`: when the connector writes the post's link into the head's own text, so that room is kept for it there.
    """

    most: Annotated[int, Field(ge=2)]
    link: Literal["always", "with_media", "never"] = "always"


class FirstComment(Fact):
    """The account may answer its own post at once; how much fits is the limit of `reply`."""


class HookValue(Part):
    """A secret agreed with the channel for its callbacks: made here, `length` letters and digits, pasted there."""

    key: str
    label: Text
    length: int


class HookFacts(Fact):
    """How a channel is told to call an account's address: what is pasted there beside it, and where, step by step.

    `of` "app": the channel has one address for a whole app, which signs for all accounts connected by it; `rings`: which words of
    people its calls announce. `good_for`: seconds that a call's own time may be away from ours, where it carries one.
    `signed_with`: secrets of the account's grant, or of the operator's app, that the channel signs its calls with (its own, not
    agreed for the address). `brings`: what of people's words a call carries, to be taken in as it came; `only_so`: what of that
    the channel tells in no other way, though other words can be asked for. `kinds`: those whose end it tells; none named: all.
    """

    of: Literal["account", "app"] = "account"
    steps: tuple[Text, ...]
    values: tuple[HookValue, ...] = ()
    good_for: int = 0
    rings: tuple[Literal["comment", "mention", "message"], ...] = ()
    signed_with: tuple[str, ...] = ()
    brings: tuple[Literal["comment", "mention", "message"], ...] = ()
    kinds: tuple[str, ...] = ()
    only_so: tuple[Literal["comment", "mention", "message"], ...] = ()

    @model_validator(mode="after")
    def _brings_it(self) -> HookFacts:
        if more := set(self.only_so) - set(self.brings):
            raise ValueError(f"[hooks] only_so names what is not brought: {', '.join(sorted(more))}")
        if self.of == "app" and (self.brings or not self.signed_with or not (self.rings or self.kinds)):
            raise ValueError("[hooks] of = 'app' names signed_with, and rings or kinds; it brings nothing")
        if self.of == "account" and self.rings:
            raise ValueError("[hooks] rings goes with of = 'app'")
        return self


class Look(Part):
    """How previews of this channel are drawn: a shape our preview knows, and the channel's own colour."""

    shape: Literal["feed", "article", "note", "chat"]
    colour: str
    fold_lines: int = 0
    after: Text | None = None


class Manifest(Part):
    """Everything the house knows of a channel without running its code.

    `at_home` names the languages of the market the channel belongs to: their readers find it first where one is chosen.
    `cannot` maps a power that no account has here ("sequence", "first_comment") to the sentence that says why not.
    """

    slug: str
    name: Text
    provider: str
    mode: Literal["api", "hand_off"]
    duplicate_safety: DuplicateSafety
    version: int = 1
    at_home: tuple[Language, ...] = ()
    settle: Settle | None = None
    processing_deadline: Settle | None = None
    hosts: Hosts = Hosts()
    auth: AuthFacts
    ways: tuple[Way, ...] = ()
    account_types: tuple[AccountType, ...] = ()
    kinds: tuple[PublishKind, ...]
    reply: PublishKind | None = None
    reply_window: ReplyWindow | None = None
    message: PublishKind | None = None
    message_window: ReplyWindow | None = None
    sequence: Sequence | None = None
    first_comment: FirstComment | None = None
    cannot: dict[str, str] = {}
    quotas: tuple[Quota, ...] = ()
    pace: Pace | None = None
    asking: Asking | None = None
    prices: tuple[Price, ...] = ()
    capabilities: tuple[str, ...] = ()
    metrics: tuple[MetricFact, ...] = ()
    missing: tuple[Missing, ...] = ()
    account_metrics: tuple[AccountMetric, ...] = ()
    hand_off: HandOff | None = None
    hooks: HookFacts | None = None
    menu: MenuFacts | None = None
    tags: TagFacts | None = None
    templates: TemplateFacts | None = None
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
        self._choices_have_names()
        for auth in (self.auth, *(way.auth for way in self.ways)):
            if auth.kind == "oauth2" and auth.app is None:
                raise ValueError("auth.kind = 'oauth2' goes with the operator's own app: [auth.app]")
            app = auth.app
            if app is not None and bool(app.fields) + app.document + app.registers != 1:
                raise ValueError(
                    "an app is typed in ([[auth.app.fields]]), read (document = true) or registered (registers = true)"
                )
            if self.ways and auth.label is None:
                raise ValueError("where there are several [[ways]] to connect, each has a label")
        if len({way.key for way in self.ways}) < len(self.ways):
            raise ValueError("two [[ways]] have the same key")
        self._hand_off_hangs_together()
        for quota in self.quotas:
            if quota.zone and quota.zone not in available_timezones():
                raise ValueError(f"quota {quota.key!r} names an unknown time zone {quota.zone!r}")
        return self

    def _choices_have_names(self) -> None:
        kinds = {kind.key for kind in self.account_types}
        for auth in (self.auth, *(way.auth for way in self.ways)):
            if strange := {kind for scope in auth.scopes for kind in scope.account_types} - kinds:
                raise ValueError(f"[[auth.scopes]] names unknown account types: {', '.join(sorted(strange))}")
            for asked in (*auth.fields, *(auth.app.fields if auth.app else ())):
                if bare := set(asked.choices) - kinds - set(asked.names):
                    raise ValueError(f"the choices of {asked.key!r} have no names: {', '.join(sorted(bare))}")

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

    def _hand_off_hangs_together(self) -> None:
        named = self.hand_off.kinds_named() if self.hand_off else set()
        if strange := named - {kind.key for kind in self.kinds}:
            raise ValueError(f"[hand_off] names unknown kinds: {', '.join(sorted(strange))}")
        told = set(self.hooks.kinds) if self.hooks else set()
        if strange := told - {kind.key for kind in self.kinds}:
            raise ValueError(f"[hooks] names unknown kinds: {', '.join(sorted(strange))}")

    def by(self, way: str) -> Manifest:
        """The manifest as it is for accounts connected by this way ("": the first). Raises KeyError."""
        if not way:
            return self
        return self.model_copy(update={"auth": {one.key: one.auth for one in self.ways}[way]})

    def kind(self, key: str) -> PublishKind:
        """The publish kind `key` ("reply" and "message" too). Raises KeyError."""
        if key == "reply" and self.reply is not None:
            return self.reply
        if key == "message" and self.message is not None:
            return self.message
        for kind in self.kinds:
            if kind.key == key:
                return kind
        raise KeyError(key)

    def safety_for(self, account_type: str, kind: str = "") -> DuplicateSafety:
        """How a post of such an account, and of this kind, is kept from going out twice."""
        for one in self.kinds:
            if one.key == kind and one.duplicate_safety:
                return one.duplicate_safety
        for account in self.account_types:
            if account.key == account_type and account.duplicate_safety:
                return account.duplicate_safety
        return self.duplicate_safety

    def kinds_for(self, account_type: str) -> tuple[PublishKind, ...]:
        return tuple(k for k in self.kinds if not k.account_types or account_type in k.account_types)


def load(folder: Path) -> Manifest:
    """Read `manifest.toml` of a connector's folder, and its sentences from `sentences*.toml` where they stand apart.

    Raises `pydantic.ValidationError` with the place; ValueError when one sentence stands in two files.
    """
    table = tomllib.loads((folder / "manifest.toml").read_text("utf-8"))
    for apart in sorted(folder.glob("sentences*.toml")):
        own, more = table.get("sentences", {}), tomllib.loads(apart.read_text("utf-8"))
        if twice := sorted(own.keys() & more.keys()):
            raise ValueError(f"sentences that stand twice: {', '.join(twice)}")
        table["sentences"] = {**own, **more}
    return Manifest.model_validate(table)
