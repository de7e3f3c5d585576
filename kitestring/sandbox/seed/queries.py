"""The sandbox's own doors to rows: writes history in bulk, finds the demo, empties it. Demo workspaces only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from kitestring.domains.composing.models import PostAsset, VariantAsset
from kitestring.domains.ideas.models import Decision, Idea
from kitestring.domains.library.models import Asset, Making, Rendition
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.reports.models import ReportRevision
from kitestring.domains.workspaces.models import Member, User, Workspace


def insert(rows: Sequence[Model]) -> None:
    """Write rows of one model in one statement."""
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=1000)


def backdate(row: Model, **fields: Any) -> None:
    """Say of a row that it happened earlier: actions write the present moment."""
    type(row)._default_manager.filter(pk=row.pk).update(**fields)
    for name, value in fields.items():
        setattr(row, name, value)


def demo_workspaces() -> list[Workspace]:
    return list(Workspace.objects.filter(is_demo=True))


def demo_members() -> list[Member]:
    """The demo's people, the owner first."""
    found = Member.objects.filter(workspace__is_demo=True, left_at=None)
    return list(found.select_related("user").order_by("joined_at", "id"))


def ideas_beginning(brief_id: Any, words: str) -> Idea:
    """Raises Idea.DoesNotExist."""
    return Idea.objects.filter(brief_id=brief_id, text__startswith=words).order_by("number")[:1].get()


def newest_job() -> int:
    """The number of the youngest job in the queue; 0 when there never was one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM procrastinate_jobs")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


# A row whose writer is still at work and which we can see is our own: what others wrote meanwhile is committed.
FORGET: Final = """
DELETE FROM procrastinate_jobs WHERE id > %s AND status = 'todo' AND pg_xact_status(
    (((pg_current_xact_id()::text::bigint >> 32) << 32) | xmin::text::bigint)::text::xid8
) = 'in progress'
"""


def count_rows() -> None:
    """Let the database know at once how much there is now: until it has counted by itself, it may choose ways through
    three months of rows that take minutes.
    """
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in apps.get_models())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def forget_jobs(since: int) -> None:
    """Take back the jobs that this transaction wrote after number `since`; everybody else's stay.

    Nothing is lost: the ledger holds the truth, and the sweep finds what is owed.
    """
    with connection.cursor() as cursor:
        cursor.execute(FORGET, [since])


@transaction.atomic
def empty() -> int:
    """Delete every demo workspace with all that is in it and its people; returns how many. Others are not touched."""
    gone = demo_workspaces()
    ids = [w.pk for w in gone]
    paths = [*_media_only_of(ids), *_papers_of(ids)]
    sources = _contents_only_of(ids)
    people = list(
        User.objects.filter(memberships__workspace__in=ids)
        .exclude(memberships__workspace__in=Workspace.objects.exclude(pk__in=ids))
        .values_list("pk", flat=True)
    )
    Delivery.objects.filter(account__workspace__in=ids).delete()
    PostAsset.objects.filter(post__brand__workspace__in=ids).delete()
    VariantAsset.objects.filter(variant__post__brand__workspace__in=ids).delete()
    Decision.objects.filter(brief__brand__workspace__in=ids).delete()
    Workspace.objects.filter(pk__in=ids).delete()
    Rendition.objects.filter(source__in=sources).delete()
    Making.objects.filter(source__in=sources).delete()
    User.objects.filter(pk__in=people).delete()
    transaction.on_commit(lambda: _unlink(paths))
    return len(gone)


def _media_only_of(ids: list[Any]) -> list[Path]:
    """Files that nobody outside the demo uses."""
    assets = Asset.objects.filter(brand__workspace__in=ids)
    others = Asset.objects.exclude(brand__workspace__in=ids)
    kept = set(others.values_list("path", flat=True))
    kept |= set(Rendition.objects.filter(source__in=others.values("sha256")).values_list("path", flat=True))
    paths = set(assets.values_list("path", flat=True))
    paths |= set(Rendition.objects.filter(source__in=assets.values("sha256")).values_list("path", flat=True))
    return [Path(settings.MEDIA_ROOT) / path for path in paths - kept]


def _contents_only_of(ids: list[Any]) -> list[str]:
    """Contents (sha256) that nobody outside the demo has; what was made of them goes too."""
    others = Asset.objects.exclude(brand__workspace__in=ids).values("sha256")
    ours = Asset.objects.filter(brand__workspace__in=ids).exclude(sha256__in=others)
    return list(ours.values_list("sha256", flat=True))


def _papers_of(ids: list[Any]) -> list[Path]:
    """The printed pages of the demo's reports."""
    printed = ReportRevision.objects.filter(report__brand__workspace__in=ids).exclude(pdf="")
    return [Path(settings.HOME) / path for path in printed.values_list("pdf", flat=True)]


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
