"""The channel's publishing; which way of safety it has is the account's type."""

from __future__ import annotations

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from tests.chaos.sea.files import send_up
from tests.chaos.sea.platform import SEA, Post

Files = tuple[str, ...]
POLL = 240.0  # seconds until it is asked again how far it is, unless it calls before


def check(session: Session, outgoing: Outgoing) -> None:
    if len(outgoing.text) > 300:
        raise Rejected("text", "text_too_long")


async def publish(session: Session, outgoing: Outgoing) -> Outcome:
    check(session, outgoing)
    _admitted(session)
    files = await send_up(outgoing)
    said = str(outgoing.key), outgoing.text, session.remote_id, outgoing.reply_to, files
    if session.account_type == "two_step":
        handle = await SEA.call("prepare", lambda: _container(*said))
        return Processing(handle, poll_after=1.0, handed_over=False)
    keyed = session.account_type == "native_key"
    return _told(await SEA.call("store", lambda: _stored(*said, keyed=keyed), write=True))


async def follow(session: Session, outgoing: Outgoing) -> Outcome:
    """What publishes a container is asked for once it is ready; asked again, it is the same post."""
    _admitted(session)
    live = await SEA.call("store", lambda: _let_go(outgoing.handle), write=True)
    return _told(live) if live else Processing(outgoing.handle, poll_after=POLL)


async def look_up(session: Session, outgoing: Outgoing) -> Outcome | None:
    _admitted(session)
    if session.account_type == "two_step":
        if not outgoing.handle and outgoing.restored:
            raise Ambiguous("restored")
        if not outgoing.handle:
            return None
        live = await SEA.call("look", lambda: SEA.containers[outgoing.handle]["live"])
        found = next((one for one in SEA.posts if one.id == live), None)
        return _told(found) if found else Processing(outgoing.handle, poll_after=1.0, handed_over=False)
    key = str(outgoing.key)
    native = session.account_type == "native_key"
    found = await SEA.call("look", lambda: _by_key(key) if native else SEA.shown(key))
    return _told(found) if found else None


async def withdraw(session: Session, remote_id: str) -> None:
    _admitted(session)
    SEA.posts[:] = [one for one in SEA.posts if one.id != remote_id]


def _admitted(session: Session) -> None:
    SEA.admits(session.remote_id, session.grant.secrets["token"])


def _by_key(key: str) -> Post | None:
    return next((one for one in SEA.posts if one.key == key), None)


def _stored(key: str, text: str, account: str, under: str, files: Files, *, keyed: bool) -> Post:
    return (_by_key(key) if keyed else None) or SEA.store(key, text, account, under, files)


def _container(key: str, text: str, account: str, under: str, files: Files) -> str:
    handle = f"c{len(SEA.containers) + 1}"
    kept = {"key": key, "text": text, "account": account, "under": under, "live": ""}
    SEA.containers[handle] = {**kept, "files": " ".join(files)}
    return handle


def _let_go(handle: str) -> Post | None:
    """The post; None while the channel is still at work on it."""
    kept = SEA.containers[handle]
    begun = float(kept.setdefault("begun", str(SEA.clock())))
    if SEA.clock() < begun + SEA.slow:
        return None
    if not kept["live"]:
        files = tuple(kept["files"].split())
        kept["live"] = SEA.store(kept["key"], kept["text"], kept["account"], kept["under"], files).id
    return next(one for one in SEA.posts if one.id == kept["live"])


def _told(post: Post) -> Published:
    return Published(post.id, f"https://sea.test/{post.id}")
