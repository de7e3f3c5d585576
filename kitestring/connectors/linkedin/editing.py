"""Changing the words of what is live: a post's commentary, a comment's text. Files, cards and settings stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kitestring.connectorkit.checking import check_outgoing
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectors.linkedin import comments, drafting, little, urns
from kitestring.connectors.linkedin.client import MANIFEST, api
from kitestring.connectors.linkedin.publishing import address


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """The same post or comment with other words."""
    caller = api(session)
    if urns.is_comment(remote_id):
        text = comments.wording(outgoing)
        check_outgoing(MANIFEST, replace(outgoing, kind="reply", text=text), session.account_type)
        thread, number = urns.comment(remote_id)
        path = f"socialActions/{urns.encoded(thread)}/comments/{number}"
        patch: dict[str, Any] = {"patch": {"message": {"$set": {"text": text}}}}
        await caller.change(
            "POST", path, f"actor={urns.encoded(session.remote_id)}", restli="PARTIAL_UPDATE", body=patch
        )
    else:
        text = drafting.wording(outgoing)
        # Files that are live are not handed in again: what is judged here are the words alone.
        kind = replace(outgoing, kind="post", text=little.shown(text), media=(), options={})
        check_outgoing(MANIFEST, kind, session.account_type)
        patch = {"patch": {"$set": {"commentary": little.little(text)}}}
        await caller.change("POST", f"posts/{urns.post(remote_id)}", restli="PARTIAL_UPDATE", body=patch)
    return Published(remote_id, address(session, remote_id))
