"""Serves files to members, and takes them in."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kitestring.domains.library.actions.add_asset import add_asset, refuse_size
from kitestring.domains.library.actions.make_rendition import THUMB, file_within
from kitestring.domains.library.models import Asset
from kitestring.domains.library.queries import asset_for
from kitestring.domains.library.queries.storage import full_path
from kitestring.domains.library.rules import limits
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.kit.refusals import Refusal


def _asset(request: MemberRequest, asset_id: UUID) -> Asset:
    try:
        return asset_for(request.member, asset_id)
    except Asset.DoesNotExist as error:
        raise Http404 from error


@members_only("asset.add")
@require_POST
def upload(request: MemberRequest) -> HttpResponse:
    """Takes `file` (one or several); answers with JSON: [{id, name, mime, width, height, alt, thumb, url}]."""
    if request.brand is None:
        raise Refusal(_("There is no brand yet. Add one in Settings first."))
    files = request.FILES.getlist("file")
    if request.META.get(limits.TOO_LARGE):
        refuse_size(request.META[limits.TOO_LARGE])
    if not files:
        raise Refusal(_("No file arrived. Choose one and send it again."), field="file")
    assets = [add_asset(request.member, request.brand, f.name or "", f.chunks()) for f in files]
    return JsonResponse({"assets": [described(asset) for asset in assets]}, status=201)


def described(asset: Asset) -> dict[str, object]:
    """What a page needs to show a file."""
    return {
        "id": str(asset.pk),
        "name": asset.name,
        "mime": asset.mime,
        "width": asset.width,
        "height": asset.height,
        "duration": asset.duration,
        "alt": asset.alt,
        "thumb": f"/files/{asset.pk}/thumb/",
        "url": f"/files/{asset.pk}/",
    }


@members_only()
@require_GET
def file(request: MemberRequest, asset_id: UUID) -> HttpResponseBase:
    """The file itself; `?save=1` offers it for saving under its own name."""
    asset = _asset(request, asset_id)
    path = full_path(asset.path)
    if not path.exists():
        raise Http404
    saving = request.GET.get("save") == "1"
    answer = FileResponse(path.open("rb"), content_type=asset.mime, as_attachment=saving, filename=asset.name)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


@members_only()
@require_GET
def thumb(request: MemberRequest, asset_id: UUID) -> HttpResponseBase:
    """A small picture of an image, or one out of a video; 404 where none can be had."""
    asset = _asset(request, asset_id)
    if not full_path(asset.path).exists():
        raise Http404
    try:
        small = file_within(asset, THUMB)
    except Refusal as refusal:
        raise Http404 from refusal
    answer = FileResponse(small.path.open("rb"), content_type=small.mime)
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer
