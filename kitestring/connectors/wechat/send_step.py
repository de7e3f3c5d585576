"""Mass send: pushed to all followers or to those with a tag. WeChat itself refuses our key twice, so it never goes out twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.wechat import audience
from kitestring.connectors.wechat.client import App
from kitestring.connectors.wechat.ids import Article
from kitestring.kit import clock

KEY = "msg_id"
# "clientmsgid exist": sent before with this very key. Seen even on a first try (WeChat's own retry), and sent then.
EXISTS = 45065
POLL = 20.0
# It keeps a key for 24 hours. A request that still runs when they end must not find its key forgotten.
KEY_KEPT: Final = timedelta(hours=23)


async def start(session: Session, caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome:
    """Send the article in the draft box. 45065 means an earlier try did: its message is adopted.

    Raises Ambiguous("key_forgotten") where the draft has gone and nobody can tell any more why.
    """
    reprint = int(outgoing.options.get("reprint") == "yes")
    content = {
        "msgtype": "mpnews",
        "mpnews": {"media_id": done["draft"]},
        "send_ignore_reprint": reprint,
    }
    try:
        return await send(caller, outgoing, done, content)
    except Rejected as error:
        # A draft that has gone was sent or thrown away; only while WeChat keeps our key does this say "never sent".
        if error.reason == "draft_gone" and forgotten(done):
            raise Ambiguous("key_forgotten", said=error.said) from error
        raise


async def send(
    caller: App, outgoing: Outgoing, done: dict[str, Any], content: Mapping[str, Any]
) -> Processing:
    """Hand it over under our key, to those it is for."""
    payload = {"filter": audience.audience(outgoing), **content, "clientmsgid": f"ks-{outgoing.key.hex}"}
    told = await caller.call("/cgi-bin/message/mass/sendall", payload, write=True, accept=(EXISTS,))
    if not told.get("msg_id"):
        raise Ambiguous("not_itself", said=str(told)[:200])
    more = {"msg_id": str(told["msg_id"]), "data": int(told.get("msg_data_id") or 0)}
    if tag := outgoing.options.get("tag"):
        more["tag"] = tag
    return _waiting({**done, **more})


async def find(session: Session, caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome | None:
    """After a lost answer, when the draft has left the box: offer the same key with the same draft once more.

    A draft that has gone cannot be sent, so WeChat can only say "exists" (adopted) or "no such draft" (never sent).
    Raises Ambiguous("key_forgotten") for the latter where WeChat may have forgotten the key.
    """
    try:
        return await start(session, caller, outgoing, done)
    except Rejected as error:
        if error.reason == "draft_gone":
            return None
        raise


async def ask(caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome:
    """How far the article is."""
    if (waiting := await state(caller, done)) is not None:
        return waiting
    return Published(str(Article(int(done.get("data") or 0), msg_id=str(done["msg_id"]))))


async def state(caller: App, done: dict[str, Any]) -> Processing | None:
    """None once it is out. While an administrator has not confirmed (30 minutes), WeChat says "sending"."""
    told = await caller.call("/cgi-bin/message/mass/get", {"msg_id": done["msg_id"]})
    status = str(told.get("msg_status", "")).upper().replace(" ", "_")
    if status == "SEND_SUCCESS":
        return None
    if status == "SEND_FAIL":
        raise Rejected("account", "mass_send_failed")
    if status == "DELETE":
        raise Rejected("account", "mass_send_deleted")
    return _waiting(done)


def forgotten(done: Mapping[str, Any]) -> bool:
    """Whether WeChat may have forgotten the key of a send whose first step was made at `done["at"]`."""
    try:
        return clock.now() - datetime.fromisoformat(str(done["at"])) > KEY_KEPT
    except (KeyError, TypeError, ValueError):
        return True


def _waiting(done: dict[str, Any]) -> Processing:
    """Only a send to everybody waits for the administrator's yes."""
    waits_for = "" if done.get("tag") else "administrator_confirms"
    return Processing(json.dumps(done), poll_after=POLL, waits_for=waits_for)
