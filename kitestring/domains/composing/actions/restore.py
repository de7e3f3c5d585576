"""Writes the words of an earlier revision back: a save like any other, so approvals of later words are void."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from kitestring.domains.composing.actions._touch import touch
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.composing.queries import post_for, variants_of
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import require


@transaction.atomic
def restore(member: Member, revision: Revision) -> Post:
    """Texts, titles, languages and kinds of the source and of the variants that still exist. Files stay as they are."""
    require(member, "post.write")
    post = post_for(member, revision.post_id, lock=True)
    content: dict[str, Any] = revision.content
    before = {"text": post.text, "title": post.title, "link": post.link}
    post.text, post.title = content["text"], content["title"]
    post.link, post.language = content["link"], content["language"]
    for variant in variants_of(post):
        frozen = content["variants"].get(str(variant.pk))
        if frozen is None:
            continue
        variant.text = None if frozen["text"] == content["text"] else frozen["text"]
        variant.title = None if frozen["title"] == content["title"] else frozen["title"]
        variant.language = None if frozen["language"] == content["language"] else frozen["language"]
        variant.kind, variant.options = frozen["kind"], frozen["options"]
        variant.save()
    record(member, "post.restore", post, before=before, after={"revision": revision.number})
    return touch(post, member)
