"""Mass send: the draft pushed to all followers. WeChat itself refuses our key twice, so it can never go out twice."""

from __future__ import annotations

import json
from typing import Any

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.wechat.client import App
from kitestring.connectors.wechat.ids import Article

KEY = "msg_id"
# "clientmsgid exist": sent before with this very key. Seen even on a first try (WeChat's own retry), and sent then.
EXISTS = 45065
POLL = 20.0


async def start(caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome:
    """Send to all. 45065 means an earlier try did: its message is adopted."""
    payload = {
        "filter": {"is_to_all": True},
        "mpnews": {"media_id": done["draft"]},
        "msgtype": "mpnews",
        "send_ignore_reprint": 0,
        "clientmsgid": f"ks-{outgoing.key.hex}",
    }
    told = await caller.call("/cgi-bin/message/mass/sendall", payload, write=True, accept=(EXISTS,))
    return _waiting({**done, "msg_id": str(told["msg_id"]), "data": int(told.get("msg_data_id") or 0)})


async def find(caller: App, outgoing: Outgoing, done: dict[str, Any]) -> Outcome | None:
    """After a lost answer, when the draft has left the box: offer the same key with the same draft once more.

    A draft that has gone cannot be sent, so WeChat can only say "exists" (adopted) or "no such draft" (never sent).
    """
    try:
        return await start(caller, outgoing, done)
    except Rejected as error:
        if error.reason == "draft_gone":
            return None
        raise


async def ask(caller: App, done: dict[str, Any]) -> Outcome:
    """How far it is. While an administrator has not confirmed (30 minutes), WeChat says "sending"."""
    told = await caller.call("/cgi-bin/message/mass/get", {"msg_id": done["msg_id"]})
    status = str(told.get("msg_status", "")).upper().replace(" ", "_")
    if status == "SEND_SUCCESS":
        return Published(str(Article(int(done.get("data") or 0), msg_id=done["msg_id"])))
    if status == "SEND_FAIL":
        raise Rejected("account", "mass_send_failed")
    if status == "DELETE":
        raise Rejected("account", "mass_send_deleted")
    return _waiting(done)


def _waiting(done: dict[str, Any]) -> Processing:
    return Processing(json.dumps(done), poll_after=POLL, waits_for="administrator_confirms")
