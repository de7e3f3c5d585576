"""Changing a pin's words and link. Pinterest calls this a beta that not every app has; the picture stays as it is.

Source: github.com/pinterest/api-description, v5/openapi.json 5.23.0, PATCH /pins/{pin_id}
"""

from __future__ import annotations

from typing import Any

from kitestring.connectorkit.checking import problems
from kitestring.connectorkit.contract import Outgoing, Published, Session
from kitestring.connectorkit.errors import Ambiguous, Rejected
from kitestring.connectors.pinterest.client import MANIFEST, api, pin_path
from kitestring.connectors.pinterest.publishing import check_link, published


async def edit(session: Session, remote_id: str, outgoing: Outgoing) -> Published:
    """The same pin with these words. Raises Rejected("", "editing_closed") where this app may not."""
    _check(outgoing)
    # null takes a title, a text or a link away.
    body: dict[str, Any] = {
        "title": outgoing.title.strip() or None,
        "description": outgoing.text.strip() or None,
        "link": outgoing.link.strip() or None,
    }
    try:
        pin = await api(session).call("PATCH", pin_path(remote_id), write=True, json=body)
    except Rejected as error:
        if error.reason == "not_permitted":
            raise Rejected("", "editing_closed", said=error.said) from error
        raise
    if not isinstance(pin, dict) or not pin.get("id"):
        raise Ambiguous("not_itself", said=str(pin)[:200])
    return published(session, pin)


def _check(outgoing: Outgoing) -> None:
    """What is wrong with the words; the files are not looked at, since they stay."""
    for problem in problems(MANIFEST, outgoing.kind, outgoing.text, outgoing.title):
        about_words = problem.field in ("text", "title") and problem.reason != "text_required"
        if problem.severity == "error" and about_words:
            raise Rejected(problem.field, problem.reason, params=problem.params)
    check_link(outgoing.link)
