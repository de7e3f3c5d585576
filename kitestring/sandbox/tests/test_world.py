"""The demo world: everything at every stage, agreeing with the channels it was published on; emptied, only it is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.domains.analytics.models import Sample
from kitestring.domains.analytics.queries.samples import published
from kitestring.domains.analytics.queries.standing import stand
from kitestring.domains.analytics.queries.summary import summary_of
from kitestring.domains.analytics.tasks import read_what_is_due
from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.models import Post
from kitestring.domains.ideas.models import Brief, Decision, Idea
from kitestring.domains.inbox.actions.recount import recount
from kitestring.domains.inbox.models import Conversation, Message
from kitestring.domains.inbox.tasks import ask_everybody
from kitestring.domains.publishing.actions.sweep import Swept, sweep
from kitestring.domains.publishing.models import Delivery, DeliveryState
from kitestring.domains.reports.models import Report
from kitestring.domains.reviewing.actions.void_stale import void_stale
from kitestring.domains.reviewing.models import Approval
from kitestring.domains.reviewing.tasks import void_forgotten
from kitestring.domains.workspaces.models import Member, Role, Workspace
from kitestring.kit.clock import now
from kitestring.kit.jobs import enqueue
from kitestring.sandbox.addresses import addresses
from kitestring.sandbox.emulated import all_emulated
from kitestring.sandbox.seed.fill import empty, fill, logins
from kitestring.sandbox.seed.queries import forget_jobs, newest_job
from tests.world import World

Rows = dict[str, list[dict[str, Any]]]
LOOKED = frozenset({"made_to", "look_at"})  # when a series was looked at, and when it will be next

THEIRS = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status)
VALUES ('default', 'workspaces.mail_invitation', 0, '{}', 'todo') RETURNING id
"""
NOT_AT_REST = {
    DeliveryState.DRAFT,
    DeliveryState.SENDING,
    DeliveryState.PROCESSING,
    DeliveryState.PARTLY_OUT,
    DeliveryState.CANCELLED,
}


@pytest.fixture
def home(tmp_path: Path, settings: object, world: World) -> Path:
    """A data folder whose instance holds the demo beside Mira's bakery."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.HOME = tmp_path
    enqueue("workspaces.mail_invitation", invitation="Mira's", sealed="")
    stages: list[str] = []
    fill(tmp_path, say=stages.append)
    assert len(stages) == 7, "a minute without a word looks like a minute in which nothing happens"
    return tmp_path


def test_the_world_is_whole_and_can_be_emptied(
    home: Path,
    world: World,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    _people_and_plans()
    _posts_at_every_stage()
    _platforms_agree(home)
    _one_flew()
    _rounds_change_nothing()
    assert _waiting() == ["Mira's"], "only the jobs of the demo are taken back"
    assert len(list((home / "reports").glob("*.pdf"))) == 3
    with django_capture_on_commit_callbacks(execute=True):
        assert empty(home) == 1
    assert list(Workspace.objects.all()) == [world.workspace]
    assert Member.objects.count() == len(world.members)
    assert not Delivery.objects.exists()
    assert not list((home / "media").rglob("*.jpg"))
    assert not list((home / "reports").iterdir())
    assert _waiting() == ["Mira's"]


def _waiting() -> list[str]:
    """Whose jobs wait in the queue."""
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return [job.args.get("invitation", job.task_name) for job in jobs]


def test_jobs_that_others_wrote_meanwhile_stay(world: World) -> None:
    newest = newest_job()
    enqueue("workspaces.mail_invitation", invitation="ours", sealed="")
    enqueue("publishing.drain", once="ours too")
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        (theirs,) = other.execute(THEIRS).fetchone() or (0,)
        try:
            forget_jobs(newest)
            assert list(ProcrastinateJob.objects.values_list("id", flat=True)) == [theirs]
        finally:
            other.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [theirs])


def _people_and_plans() -> None:
    assert {login.role for login in logins()} == set(Role.values)
    zones = set(Brand.objects.filter(workspace__is_demo=True).values_list("timezone", flat=True))
    assert zones == {"Asia/Ho_Chi_Minh", "Asia/Shanghai"}
    wall = Counter(
        Idea.objects.filter(brief__title="冬至，一个人也能围炉").values_list("language", flat=True)
    )
    assert sum(wall.values()) == 186
    assert wall["zh"] >= 98
    assert wall["vi"] >= 17
    assert wall["en"] >= 6
    assert Decision.objects.count() == 2
    assert Brief.objects.filter(decision=None).count() >= 2
    assert Report.objects.count() == 4


def _rounds_change_nothing() -> None:
    """The worker's rounds find nothing to mend or to send, and what is owed counts up to the same when it is counted anew."""
    before, here = _rows(), transaction.savepoint()
    void_forgotten(0)
    ask_everybody(0)
    read_what_is_due(0)
    assert sweep() == Swept(lost=0, moved=0, due=0, to_ask=0, to_withdraw=0)
    # On a slow machine half a minute has passed since the stock was written: its slots are looked at once more.
    assert _rows(but=LOOKED) == _rows(before, but=LOOKED)
    for conversation_id in Conversation.objects.values_list("pk", flat=True):
        recount(conversation_id)
    for post in Post.objects.all():
        assert void_stale(post, None) == [], post.title
    assert _rows(but={"counted_at", *LOOKED}) == _rows(before, but={"counted_at", *LOOKED})
    transaction.savepoint_rollback(here)


def _rows(of: Rows | None = None, but: Collection[str] = ()) -> Rows:
    """Every row of the instance that is no job, by table; without the columns `but`."""
    if of is None:
        shown = [model for model in apps.get_models() if model._meta.app_label != "procrastinate"]
        of = {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in shown}
    return {
        table: [{k: v for k, v in row.items() if k not in but} for row in rows] for table, rows in of.items()
    }


def _posts_at_every_stage() -> None:
    states = Counter(Delivery.objects.values_list("state", flat=True))
    assert set(DeliveryState.values) - set(states) <= NOT_AT_REST, states
    (thread, _same) = Delivery.objects.filter(payload__has_key="parts", state="scheduled")
    assert [part["role"] for part in thread.payload["parts"]] == ["head", "part", "part", "part", "comment"]
    assert set(Approval.objects.values_list("state", flat=True)) >= {"asked", "approved", "voided"}
    assert Conversation.objects.filter(owed_since__isnull=False).count() >= 8
    answered = Message.objects.filter(direction="out", written_by__isnull=False)
    assert answered.count() > 40
    ledger = set(Delivery.objects.filter(kind="reply").values_list("subject_id", flat=True))
    assert set(answered.values_list("pk", flat=True)) == ledger


def _platforms_agree(home: Path) -> None:
    """What the rows say was published is there, once; the newest numbers are those of the channel."""
    channels = all_emulated(home, addresses(home))
    live = Delivery.objects.filter(state="published", kind="variant").exclude(remote_id="")
    for delivery in live.select_related("account"):
        assert delivery.remote_id in channels[delivery.account.channel].platform.items
    likes = Sample.objects.filter(metric="likes", value__isnull=False)
    newest = (
        likes.values("delivery").annotate(top=Max("value")).order_by("-top").values_list("top", flat=True)
    )
    assert newest[0] > 4 * newest[len(newest) // 2]
    for sample in (
        likes.filter(delivery__account__channel="bluesky").select_related("delivery").order_by("at")
    ):
        there = channels["bluesky"].platform.items[sample.delivery.remote_id]
        assert sample.value <= there.counts["likes"]


def _one_flew() -> None:
    """Of each brand's ninety days one post is a hit, and most did what posts usually do."""
    for brand in Brand.objects.filter(workspace__is_demo=True):
        owner = Member.objects.get(workspace_id=brand.workspace_id, role=Role.OWNER)
        since = now() - timedelta(days=90)
        summary = summary_of(stand(list(published(owner, brand).filter(published_at__gte=since))), 90)
        assert summary.hits == 1, brand.name
        assert summary.told >= 10, brand.name
