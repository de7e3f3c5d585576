"""Saves the source of a post; a save made on an older version is told, never applied over somebody else's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit.options import YES
from kitestring.domains.composing.actions._out import keep_out
from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.models import TAB, Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.queries.about import BY_KEY, LONGEST, MOST
from kitestring.domains.composing.queries.about import FIELDS as FIELDS_OF
from kitestring.domains.composing.rules import LONGEST_TEXT, LONGEST_TITLE
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Language, Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.kit.text import clean

SAID: Final = ("text", "title", "link", "language")
FIELDS: Final = (*SAID, "about", "planned_for")


@transaction.atomic
def save_post(member: Member, post_id: UUID, values: Mapping[str, Any], version: int, tab: str = "") -> Post:
    """Write the given `FIELDS`. Raises Conflict when `version` is not the latest, Refusal with the field otherwise.

    What is out on an account already keeps the words it went out with.

    `tab`: the open page that saves, "" for none: see `refuse_older`.
    """
    require(member, "post.write")
    post = post_for(member, post_id, lock=True)
    refuse_older(post, version, member, tab)
    wanted = {name: checked(name, values[name]) for name in FIELDS if name in values}
    if "about" in wanted:
        wanted["about"] = {key: one for key, one in {**post.about, **wanted["about"]}.items() if one}
    before = {name: getattr(post, name) for name in wanted if getattr(post, name) != wanted[name]}
    if not before:
        return post
    said = [name for name in before if name in SAID]
    if said:
        keep_out(post, said[0])
    for name in before:
        setattr(post, name, wanted[name])
    touch(post, member, tab)
    record(member, "post.write", post, before=_plain(before), after=_plain({n: wanted[n] for n in before}))
    return post


def refuse_older(post: Post, version: int, member: Member, tab: str = "") -> None:
    """Raise Conflict, naming who saved meanwhile, unless `version` is the post's own.

    What the same page saved before is nobody else's change, even when its answer was lost on the way and the page still
    names the older version.
    """
    ours = bool(tab) and post.saved_tab == tab[:TAB] and post.saved_by_id == member.pk
    if post.version == version or ours:
        return
    if post.saved_by_id == member.pk:
        raise Conflict(
            _(
                "You saved this post in another tab or on another device meanwhile. Nothing was lost: your words are "
                "still here."
            )
        )
    who = post.saved_by.name if post.saved_by else _("Somebody")
    raise Conflict(
        _("%(name)s saved this post while you were writing. Nothing was lost: your words are still here.")
        % {"name": who}
    )


def checked(name: str, value: Any) -> Any:
    """The value as it may be stored. Raises Refusal with the field."""
    if name == "planned_for":
        return value
    if name == "about":
        return {
            key: _declared(key, str(one)) for key, one in value.items() if key in BY_KEY or key in FIELDS_OF
        }
    text = clean(str(value))
    if name == "link" and text:
        _check_link(text)
    if name == "language" and text not in Language.values:
        raise Refusal(_("Choose one of the languages offered."), field=name)
    longest = {"title": LONGEST_TITLE, "link": 2000}.get(name, LONGEST_TEXT)
    if len(text) > longest:
        message = _("%(n)s characters; %(limit)s fit. Your text is still here, it was not saved: shorten it.")
        raise Refusal(message % {"n": f"{len(text):,}", "limit": f"{longest:,}"}, field=name)
    return text


def _declared(key: str, value: str) -> str:
    """One declaration, or a field of one. Raises Refusal with the field."""
    asked, text = FIELDS_OF.get(key), clean(value).strip()
    if text and (asked is None or asked.kind == "toggle"):
        return YES
    if text and asked is not None and asked.kind == "number":
        _check_number(text, key)
    if len(text) > LONGEST:
        message = _("%(n)s characters; %(limit)s fit. Your text is still here, it was not saved: shorten it.")
        raise Refusal(message % {"n": len(text), "limit": LONGEST}, field=f"about-{key}")
    return text


def _check_number(text: str, key: str) -> None:
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number <= MOST:
        raise Refusal(_("Write a number, for instance 50000. It was not saved."), field=f"about-{key}")


def _check_link(link: str) -> None:
    try:
        URLValidator(schemes=["http", "https"])(link)
    except ValidationError as error:
        raise Refusal(
            _("This is not a web address. It starts with https:// and has no spaces."), field="link"
        ) from error


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in values.items()}
