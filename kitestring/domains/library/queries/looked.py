"""Videos that were looked into when less was looked for, for the worker, which asks for no member."""

from __future__ import annotations

from kitestring.domains.library.models import Asset
from kitestring.kit.video.probe import LOOK


def video_to_look_into() -> Asset | None:
    """The newest of them: what came in last goes out first."""
    old = Asset.objects.filter(mime__startswith="video/", looked__lt=LOOK)
    return old.order_by("-added_at", "-id").first()


def same_content_held(sha256: str) -> list[Asset]:
    """Every brand's row of this content, locked."""
    return list(Asset.objects.select_for_update(of=("self",)).filter(sha256=sha256).order_by("id"))
