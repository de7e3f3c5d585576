"""Writes the words of an earlier revision back: a save like any other, so approvals of later words are void."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from kitestring.connectorkit import registry
from kitestring.connectorkit.options import chosen
from kitestring.connectorkit.sequences import comes_apart, comment_of
from kitestring.domains.composing.actions._kinds import fit_kinds
from kitestring.domains.composing.actions._out import keep_out, writable
from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.actions.freeze import freeze
from kitestring.domains.composing.models import Post, Revision, Variant
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.queries.about import switched_on
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require
from kitestring.kit.refusals import Conflict


@transaction.atomic
def restore(member: Member, revision: Revision, version: int) -> Post:
    """Texts, titles, languages, kinds and threads of the source and of the variants that still exist. Files stay as they
    are, and what is out stays as it went out.

    What stood there is frozen first, so that it can be brought back too. Raises Conflict when `version` is not the
    post's latest: somebody wrote meanwhile what this member has not read.
    """
    require(member, "post.write")
    post = post_for(member, revision.post_id, lock=True)
    if post.version != version:
        who = post.saved_by.name if post.saved_by else _("Somebody")
        told = _(
            "%(name)s saved this post after you opened this page. Nothing was written back: read it, then choose again."
        )
        raise Conflict(told % {"name": who})
    keep_out(post, "text")
    freeze(post, member)
    content: dict[str, Any] = revision.content
    before = {"text": post.text, "title": post.title, "link": post.link}
    post.text, post.title = content["text"], content["title"]
    post.link, post.language = content["link"], content["language"]
    post.about = dict(content.get("about") or {})
    for variant in writable(post):
        frozen = content["variants"].get(str(variant.pk))
        if frozen is None:
            continue
        variant.text = None if frozen["text"] == content["text"] else frozen["text"]
        variant.title = None if frozen["title"] == content["title"] else frozen["title"]
        variant.language = None if frozen["language"] == content["language"] else frozen["language"]
        variant.kind, variant.options = frozen["kind"], _said(variant, post, frozen)
        variant.sequence = any(part.role == "part" for part in comes_apart(frozen))
        variant.numbered = bool(frozen.get("numbered"))
        variant.first_comment = comment_of(frozen)
        variant.save()
    fit_kinds(post, member)
    record(member, "post.restore", post, before=before, after={"revision": revision.number})
    return touch(post, member)


def _said(variant: Variant, post: Post, frozen: dict[str, Any]) -> dict[str, str]:
    """The choices as they were made: what would be there by itself and was not is a "no"."""
    try:
        kind = registry.get(variant.account.channel).manifest.kind(frozen["kind"])
    except KeyError:
        return dict(frozen["options"])
    by_itself = chosen(kind, switched_on(kind, post.about))
    said = {key: one for key, one in frozen["options"].items() if by_itself.get(key) != one}
    return {**said, **{key: "" for key in by_itself if key not in frozen["options"]}}
