"""What a post says to Weibo, and what is refused before anything is sent."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from kitestring.connectorkit.addresses import leads_to
from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing, Session
from kitestring.connectorkit.counting import count
from kitestring.connectorkit.errors import Rejected
from kitestring.connectorkit.links import links
from kitestring.connectors.weibo import comments, settings
from kitestring.connectors.weibo.client import MANIFEST, SHARE

# "文本中不能包含“#话题词#”": two signs with something between, however far apart. open.weibo.com/wiki/2/statuses/share
_TOPIC: Final = re.compile(r"[#＃][^#＃]+[#＃]")
LONG: Final = 140  # letters up to which a post is no long one: C/2/statuses/upload_url_text/biz, is_longtext


def wording(outgoing: Outgoing) -> str:
    """The text with its link at the end, unless it is in there already."""
    text = outgoing.text.strip()
    if outgoing.link and not any(span.text == outgoing.link for span in links(text, any_host=True)):
        return f"{text} {outgoing.link}".strip()
    return text


def check(session: Session, outgoing: Outgoing) -> None:
    """Refuse what the manifest forbids, and what the share interface does not take."""
    text = wording(outgoing)
    check_outgoing(MANIFEST, replace(outgoing, text=text), session.account_type)
    settings.rip(session)
    if outgoing.kind == "reply":
        comments.place(outgoing)
    if outgoing.kind != SHARE:
        return
    if found := _TOPIC.search(text):
        raise Rejected("text", "topic_not_taken", params={"topic": found[0][:60]})
    names = settings.own(session.settings)
    if not leads_to(text, names):
        raise Rejected("text", "own_link_missing", params={"domain": ", ".join(names) or "?"})


def form(session: Session, outgoing: Outgoing) -> dict[str, str]:
    """The fields of a post, without its pictures."""
    text = wording(outgoing)
    told = {"status": text, "rip": settings.rip(session)}
    if outgoing.kind == SHARE:
        return told
    if seen_by := outgoing.options.get("readers"):
        told["visible"] = seen_by
    if count(text, "cjk_half") > LONG:
        told["is_longtext"] = "1"
    return told
