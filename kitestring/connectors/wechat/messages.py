"""Answering a follower in private by customer-service message (客服消息): within 48 hours of what they wrote, five times.

WeChat takes no key for it, tells no id and lists nothing that was sent. So a first step stores only that the next one sends, and
when the answer to that one is lost nobody but a person can say whether it arrived.
"""

from __future__ import annotations

import json
from typing import Any, Final

from kitestring.connectorkit.contract import Outcome, Outgoing, Processing, Published
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectorkit.templates import TEMPLATE
from kitestring.connectors.wechat import templates
from kitestring.connectors.wechat.client import App
from kitestring.connectors.wechat.letters import PERSON

SEND: Final = "/cgi-bin/message/custom/send"


def check(outgoing: Outgoing) -> None:
    """Raises Rejected("reply_to", "person_gone") where there is nobody to answer."""
    if not PERSON.fullmatch(outgoing.root):
        raise Rejected("reply_to", "person_gone")
    if TEMPLATE in outgoing.options:
        templates.check(outgoing)


def begin(outgoing: Outgoing) -> Processing:
    """Nothing has left yet; the next step sends."""
    return Processing(outgoing.handle or json.dumps({"to": outgoing.root}), poll_after=0.0, handed_over=False)


async def send(caller: App, outgoing: Outgoing) -> Published:
    """Send it, as a template where it is one. The name of words is ours, since WeChat gives them none."""
    if TEMPLATE in outgoing.options:
        return await templates.send(caller, outgoing)
    payload: dict[str, Any] = {
        "touser": outgoing.root,
        "msgtype": "text",
        "text": {"content": outgoing.text},
    }
    await caller.call(SEND, payload, write=True)
    return Published(f"{outgoing.root}:{outgoing.key.hex}")


def look_up(outgoing: Outgoing) -> Outcome | None:
    """None where it was never sent. Raises Ambiguous where it may have been: WeChat cannot be asked."""
    if outgoing.handle:
        raise Ambiguous("message_unheard")
    if outgoing.restored:
        raise Ambiguous("handle_lost")
    return None
