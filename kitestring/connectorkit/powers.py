"""What each file of a connector must offer: the module itself satisfies the Protocol. Coroutines all, but for `check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from kitestring.connectorkit.contract import (
    Begun,
    Connected,
    Examined,
    Grant,
    IncomingPage,
    Outcome,
    Outgoing,
    Published,
    Reading,
    Session,
)
from kitestring.connectorkit.menus import Menu
from kitestring.connectorkit.tags import Tag
from kitestring.connectorkit.templates import Template
from kitestring.kit.http import Client


class Auth(Protocol):
    """`auth.py`: connect with what a person typed (keys of `manifest.auth.fields`); renew a grant."""

    async def connect(
        self, http: Client, urls: Mapping[str, str], answers: Mapping[str, str]
    ) -> Connected: ...

    async def renew(self, session: Session) -> Grant: ...


class Consent(Protocol):
    """`auth.py` (or the file of a further way) with auth.kind "oauth2": lead a person there, take what they come back with,
    renew.
    """

    async def begin(
        self,
        http: Client,
        urls: Mapping[str, str],
        app: Mapping[str, str],
        answers: Mapping[str, str],
        *,
        state: str,
        redirect_uri: str,
    ) -> Begun:
        """The address to go to; it carries `state`. Raises Rejected with a field of `auth.fields` or `auth.app.fields`.

        With `auth.app.registers`, `app` is what the same server gave as `Begun.app` before, or empty; it may be forgotten there.
        """
        ...

    async def finish(
        self,
        http: Client,
        urls: Mapping[str, str],
        app: Mapping[str, str],
        begun: Begun,
        params: Mapping[str, str],
        *,
        redirect_uri: str,
    ) -> Sequence[Connected]:
        """Every account this consent opens (pages, channels, boards' owners), the likeliest first.

        `params` is the query they came back with; `state` was compared before. Raises Rejected("", "consent_denied") when
        they said no, Rejected("", "nothing_to_connect") when they own nothing that can be connected.
        """
        ...

    async def renew(self, session: Session) -> Grant: ...


class GivesBack(Protocol):
    """The same file, where the channel takes a consent back from the app it was given to: its tokens open nothing any more.

    What it does not know (any more) is given back. `ENDS_ALL = True` where it ends every consent of that person to our app,
    not this one alone. Raises any of the outcomes where it is not sure that it ended.
    """

    ENDS_ALL: bool

    async def give_back(self, session: Session) -> None: ...


class Described(Protocol):
    """The same file where `auth.app.document` is set: what the channel reads of our app at the address that is its id.

    `app` then holds that address as "client_id", and a private key of ours as "key" (a JWK of the curve P-256, as JSON).
    """

    def document(self, app: Mapping[str, str], *, redirect_uri: str) -> Mapping[str, Any]: ...


class Publishing(Protocol):
    """`publishing.py`: send once, ask whether it is there, follow what is being processed.

    `check` refuses before sending (raises Rejected) and makes no call. `look_up` returns None only when the channel
    surely does not have it. Channels without a look-up have `duplicate_safety = "none"` and no `look_up` function.
    """

    def check(self, session: Session, outgoing: Outgoing) -> None: ...

    async def publish(self, session: Session, outgoing: Outgoing) -> Outcome: ...

    async def look_up(self, session: Session, outgoing: Outgoing) -> Outcome | None: ...

    async def follow(self, session: Session, outgoing: Outgoing) -> Outcome: ...

    async def withdraw(self, session: Session, remote_id: str) -> None: ...


class Edits(Protocol):
    """`editing.py`: change the words of what is live, where the channel lets us. What it cannot change it Rejects.

    `EDITS`, a frozenset of publish kinds, is optional: those whose words can be changed, where others never can.
    """

    async def edit(self, session: Session, remote_id: str, outgoing: Outgoing) -> Published: ...


class Inbox(Protocol):
    """`inbox.py`: what came in since the cursor, on the account's posts named by remote id."""

    async def fetch(self, session: Session, posts: Sequence[str], cursor: str) -> IncomingPage: ...


class Moderation(Protocol):
    """`moderation.py`: deeds on what others wrote under our posts. A deed is there because its function is.

    Each is quiet where it is done already. Raises Rejected("", "gone") when it is not there any more. `ALSO_ON`, a mapping
    where it is there, names those that can be done with a "mention" or a "message" as well, by its remote id.
    """

    async def hide(self, session: Session, comment_id: str, hidden: bool) -> None: ...

    async def like(self, session: Session, comment_id: str, liked: bool) -> None: ...

    async def remove(self, session: Session, comment_id: str) -> None: ...

    async def approve(self, session: Session, comment_id: str) -> None: ...


class Metrics(Protocol):
    """`metrics.py`: the readings the channel gives for these posts now."""

    async def read(self, session: Session, posts: Sequence[str]) -> Sequence[Reading]: ...


class AccountNumbers(Protocol):
    """`metrics.py` where the manifest has `account_metrics`: the account's own numbers now, `remote_id` its own."""

    async def account(self, session: Session) -> Sequence[Reading]: ...


class Diagnostics(Protocol):
    """`diagnostics.py`: what is wrong, or will be, with an account, asked of the channel; never raises for what it found."""

    async def examine(self, session: Session) -> Examined: ...


class Menus(Protocol):
    """`menus.py` where the manifest has [menu]: the menu that people find at the account's conversation.

    Doing it twice is doing it once. `put` first refuses (Rejected, by `menus.check_menu`) what the channel would not take.
    """

    async def read(self, session: Session) -> Sequence[Menu]:
        """What is live: everybody's menu first, then those of others. None where there is none."""
        ...

    def keeps(self, session: Session, menu: Menu, live: Sequence[Menu]) -> Mapping[str, Any]:
        """What the account's settings are to keep of it, with what those `live` need. Stored before `put`. Makes no call."""
        ...

    async def put(self, session: Session, menu: Menu) -> None:
        """In the place of the one its audience has."""
        ...

    async def remove(self, session: Session, audience: str) -> None:
        """Quiet where there is none. Everybody's menu takes the others with it."""
        ...


class Tags(Protocol):
    """`tags.py` where the manifest has [tags]: tags on people, kept by the channel. Doing a thing twice is doing it once.

    `person` is an `author_id` of what came in. Raises Rejected("name", ...) for a name, Rejected("", "gone") for a tag that is
    not there any more.
    """

    async def all(self, session: Session) -> Sequence[Tag]: ...

    async def make(self, session: Session, name: str) -> Tag:
        """The one of this name where there is one."""
        ...

    async def rename(self, session: Session, key: str, name: str) -> None: ...

    async def drop(self, session: Session, key: str) -> None: ...

    async def of(self, session: Session, person: str) -> Sequence[str]:
        """The keys of those a person has."""
        ...

    async def put_on(self, session: Session, key: str, person: str) -> None: ...

    async def take_off(self, session: Session, key: str, person: str) -> None: ...


class Templates(Protocol):
    """`templates.py` where the manifest has [templates]: messages of a fixed form. `publishing` sends one as a message whose
    options name it (`connectorkit.templates`); the reply window does not hold for it.
    """

    async def listed(self, session: Session) -> Sequence[Template]:
        """Those the account has now."""
        ...


class Subscribing(Protocol):
    """`subscribing.py`, beside `hooks.py`: have the channel call us about an account, by its API.

    `address`: the one it is to call, the account's own or its app's. Doing it twice is doing it once; it also finds out what
    was changed there. It never takes the place of another program's address. Raises Rejected("", reason) where the channel
    does not call and will not; its sentence says what to do by hand.
    """

    async def subscribe(self, session: Session, address: str) -> None: ...
