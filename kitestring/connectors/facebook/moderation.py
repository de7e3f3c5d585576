"""Deeds on comments under the Page's posts: hide, like, remove. Each is quiet where it is done already."""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.facebook.client import page
from kitestring.providers.meta.graph import number


async def hide(session: Session, comment_id: str, hidden: bool) -> None:
    """Hidden: only its author and their friends still see it."""
    await _deed(session, "POST", number(comment_id), is_hidden=hidden)


async def like(session: Session, comment_id: str, liked: bool) -> None:
    await _deed(session, "POST" if liked else "DELETE", f"{number(comment_id)}/likes")


async def remove(session: Session, comment_id: str) -> None:
    """Delete it for everyone."""
    try:
        await page(session).delete(number(comment_id))
    except Rejected as error:
        if error.reason != "not_there":
            raise


async def _deed(session: Session, method: str, path: str, **form: bool) -> None:
    try:
        await page(session).call(method, path, write=False, form=form)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("", "gone", said=error.said) from error
        raise
