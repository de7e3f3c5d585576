"""The contract between the engine and a connector: what goes in, what comes out.

A connector is a package with `manifest.toml` and, for each power it has, one module: `auth.py`, `publishing.py`,
`inbox.py`, `moderation.py`, `metrics.py`, `diagnostics.py`. The module itself satisfies the Protocol in `powers`.
A power is there because its file is there. All functions are coroutines; all bytes leave by `Session.http`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from kitestring.connectorkit.uploads import NothingKept, Uploads
from kitestring.kit.http import Client

NOTHING_KEPT = NothingKept()


@dataclass(frozen=True)
class Grant:
    """An account's consent, opened from its seal: secrets, scopes, end (None: does not end)."""

    secrets: Mapping[str, Any] = field(repr=False)
    scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Session:
    """One account at work: the guarded client, its addresses by name, its grant and its own settings.

    `app`: the operator's own app at the platform, by the keys of `auth.app.fields`. `cursor`: how far its inbox was read, for
    numbers that come with what the inbox fetches (`MetricFact.by_inbox`).
    """

    http: Client
    urls: Mapping[str, str]
    grant: Grant
    remote_id: str = ""
    handle: str = ""
    account_type: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    app: Mapping[str, str] = field(default_factory=dict, repr=False)
    cursor: str = ""


@dataclass(frozen=True)
class Begun:
    """Where a person goes to agree, and what must still be known when they come back (kept sealed meanwhile).

    `app`: what the server has just registered as our app (`auth.app.registers`), kept sealed for whoever connects there next.
    """

    url: str
    keeps: Mapping[str, str] = field(default_factory=dict, repr=False)
    app: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Connected:
    """What connecting found out: who it is there and what it can do, probed, not assumed.

    `capabilities` maps a capability key of the manifest to True, or to the key of the sentence that says why not.
    `proven`: who it is does not rest on the word of the server at its address; a key of its own proves it.
    """

    remote_id: str
    handle: str
    name: str
    grant: Grant
    account_type: str = ""
    avatar_url: str = ""
    capabilities: Mapping[str, bool | str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    proven: bool = False


@dataclass(frozen=True)
class Media:
    """A rendition ready to be sent: a file on disk with what is known of it (pixels, bytes, seconds).

    `public_url`: where the channel can fetch it, if it must (`MediaLimit.by_address`). `cover`: a still of a video, JPEG.
    `name`: how the text of an article calls it where it places it (`marked.picture_name`).
    """

    path: Path
    mime: str
    size: int
    sha256: str
    alt: str = ""
    width: int = 0
    height: int = 0
    duration: float = 0
    public_url: str = ""
    cover: Path | None = None
    name: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One duty, frozen: what is to appear once on the account.

    `key` is the delivery's for life; `stamp` is a moment fixed once with the key (for record keys made from time).
    `kind` is a publish kind of the manifest, or "reply" with `reply_to` = the remote id answered and `root` = the remote id
    of the post the conversation grew from, or "message" with `reply_to` = the message answered and `root` = its thread.
    `options` are those of the kind; `limits` what is known better for this account (`overriding`). `handle` is what an
    earlier step stored; where the ledger comes from a backup (`restored`) an empty one proves nothing. Only `publish` is
    given `media`, and with it `uploads`: what earlier tries of this delivery left there of its files (`connectorkit.uploads`);
    a look-up after a doubt is given `uploads` alone.
    """

    key: UUID
    stamp: datetime
    kind: str
    text: str
    title: str = ""
    language: str = ""
    media: tuple[Media, ...] = ()
    link: str = ""
    reply_to: str = ""
    root: str = ""
    handle: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    restored: bool = False
    uploads: Uploads = field(default=NOTHING_KEPT, compare=False, repr=False)


@dataclass(frozen=True)
class Published:
    """It is live: the channel's id for it and where a person can see it ("" when it has no public address)."""

    remote_id: str
    url: str = ""


@dataclass(frozen=True)
class Processing:
    """Taken, not yet live: `handle` is stored at once; ask again after `poll_after` seconds.

    `waits_for` names a sentence when a person must act there (an administrator's confirmation). `handed_over` False:
    nothing of it can appear yet, the next `follow` is what publishes; it is asked only while the post may leave.
    """

    handle: str
    poll_after: float = 5.0
    waits_for: str = ""
    handed_over: bool = True


Outcome = Published | Processing


@dataclass(frozen=True)
class Incoming:
    """A comment, mention or private message that came in, as plain text (never HTML).

    A comment hangs on `post_remote_id`. A mention stands for itself (the post is another's). A message belongs to
    `thread`, what the channel calls the talk with this person. `answer_by`: when the channel stops letting us answer.
    """

    remote_id: str
    post_remote_id: str
    author_id: str
    author_name: str
    text: str
    at: datetime
    author_handle: str = ""
    author_avatar_url: str = ""
    parent_id: str = ""
    url: str = ""
    own: bool = False
    awaits_moderation: bool = False
    can_reply: bool = True
    kind: Literal["comment", "mention", "message"] = "comment"
    thread: str = ""
    hidden: bool = False
    answer_by: datetime | None = None


@dataclass(frozen=True)
class IncomingPage:
    """What a fetch brought, and the cursor to hand in next time (opaque to us)."""

    messages: Sequence[Incoming]
    cursor: str = ""


@dataclass(frozen=True)
class Reading:
    """A metric's value as the channel reported it: `field` is the API field it was read from.

    `value` None means the channel gave none; `why` then names a sentence of the manifest.
    """

    remote_id: str
    metric: str
    value: float | None
    field: str
    at: datetime
    why: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing found out about an account's health: `reason` is a key of the sentences, `params` fill it in."""

    state: Literal["good", "warning", "bad"]
    reason: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Examined:
    """What the channel says of an account now: findings, the rights it really has, and what is left of its quotas.

    `left` maps a quota of the manifest to how many are left in the window that runs. `settings`: what connecting found and
    may have changed since (every list that `choices_from` names; limits): put in the place of what the account has.
    """

    findings: Sequence[Finding] = ()
    scopes: tuple[str, ...] | None = None
    left: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
