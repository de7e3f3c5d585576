"""What the editor of an article asks for: the pictures there are, and what pasted HTML says in its marks."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from kitestring.connectorkit.pasting import read
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.library.queries import pictures_for
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.text import clean

LARGEST: Final = 400_000  # letters of HTML; the words are there as they were pasted whatever it is
SHOWN: Final = 60


def _post(request: MemberRequest, post_id: UUID) -> Post:
    try:
        return post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error


@members_only("post.write")
@require_GET
def pictures(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """A fragment: the post's own pictures, and the brand's newest, those named by `q`."""
    post = _post(request, post_id)
    words = request.GET.get("q", "").strip()[:100]
    mine = [row.asset for row in post.assets.select_related("asset") if row.asset.is_image]
    others = pictures_for(request.member, post.brand, words)[: SHOWN + len(mine)]
    there = {asset.pk for asset in mine}
    shown = {
        "post": post,
        "mine": mine,
        "others": [asset for asset in others if asset.pk not in there][:SHOWN],
        "words": words,
    }
    return render(request, "composing/parts/pictures.html", shown)


@members_only("post.write")
@require_POST
def paste(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """`html` as the marks of an article: {"text", "left": [a sentence for each sort of thing that stays behind]}."""
    _post(request, post_id)
    html = request.POST.get("html", "")
    if len(html) > LARGEST:
        return JsonResponse({"text": "", "left": []})
    pasted = read(html)
    left = [one.told(request.member.language) for one in pasted.left]
    return JsonResponse({"text": clean(pasted.text), "left": left})
