"""When the hour comes, everything is checked again: approval, pause, lateness, permission, quota, the account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.faults import Fault
from kitestring.domains.brands.models import Brand
from kitestring.domains.channels.actions.change_account import pause_account, resume_account
from kitestring.domains.channels.models import Account, AccountState
from kitestring.domains.composing.actions.restore import restore
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.models import Post, Revision
from kitestring.domains.publishing.actions.pause import pause_brand, resume_brand
from kitestring.domains.publishing.actions.refuse_full import refuse_full
from kitestring.domains.publishing.actions.sweep import sweep
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.quotas import quota_use
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour import manifests
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.actions.void_stale import void_stale
from kitestring.domains.reviewing.tasks import void_forgotten
from kitestring.domains.workspaces.actions.change_workspace import pause_everything, resume
from kitestring.kit import clock
from kitestring.kit.refusals import Refusal


@pytest.fixture
def strict(harbour: Harbour) -> Harbour:
    harbour.world.brand.needs_approval = True
    harbour.world.brand.save()
    return harbour


def nothing_left(harbour: Harbour) -> bool:
    return harbour.faults.seen == []


def state_of(delivery: Delivery) -> tuple[str, str]:
    delivery.refresh_from_db()
    return delivery.state, delivery.reason


def edit(harbour: Harbour, post_id: UUID, text: str) -> None:
    """What the composer and the worker do after it."""
    post = Post.objects.get(pk=post_id)
    edited = save_post(harbour.world.editor, post_id, {"text": text}, post.version)
    void_stale(edited, harbour.world.editor)


def test_without_approval_nothing_leaves(strict: Harbour) -> None:
    delivery = strict.delivery()
    strict.work(5)
    assert state_of(delivery) == ("needs_attention", "not_approved")
    assert nothing_left(strict)


def test_with_the_approval_of_this_revision_it_leaves(strict: Harbour) -> None:
    delivery = strict.delivery(due=clock.now() + timedelta(minutes=5))
    approval = ask_approval(strict.world.editor, delivery.revision.post_id)
    approve(strict.world.approver, approval.pk)
    strict.pass_(301)
    strict.work(1)
    assert state_of(delivery)[0] == "published"


def test_an_edit_that_nobody_has_voided_yet_keeps_the_old_words_in(strict: Harbour) -> None:
    """The voiding is a job: its hour may come first, or the job table may have been emptied."""
    delivery = strict.delivery(due=clock.now() + timedelta(minutes=5))
    post_id = delivery.revision.post_id
    approve(strict.world.approver, ask_approval(strict.world.editor, post_id).pk)
    post = Post.objects.get(pk=post_id)
    save_post(strict.world.editor, post_id, {"text": "A warmer cup"}, post.version)
    strict.pass_(301)
    strict.work(1)
    assert state_of(delivery) == ("needs_attention", "not_approved")
    assert nothing_left(strict)


def test_an_edit_whose_news_was_lost_holds_it_long_before_its_hour(strict: Harbour) -> None:
    delivery = strict.delivery(due=clock.now() + timedelta(minutes=30))
    post_id = delivery.revision.post_id
    approve(strict.world.approver, ask_approval(strict.world.editor, post_id).pk)
    post = Post.objects.get(pk=post_id)
    save_post(strict.world.editor, post_id, {"text": "A warmer cup"}, post.version)
    ProcrastinateJob.objects.all().delete()
    void_forgotten(0)
    ProcrastinateJob.objects.all().delete()
    sweep()
    assert state_of(delivery) == ("held", "approval_void")


def test_an_approval_voided_by_an_edit_holds_it_and_a_new_one_brings_the_new_text(strict: Harbour) -> None:
    delivery = strict.delivery(due=clock.now() + timedelta(minutes=30))
    post_id = delivery.revision.post_id
    approve(strict.world.approver, ask_approval(strict.world.editor, post_id).pk)
    edit(strict, post_id, "A warmer cup")
    strict.work(10)
    assert state_of(delivery) == ("held", "approval_void")
    again = ask_approval(strict.world.editor, post_id)
    approve(strict.world.approver, again.pk)
    strict.work(10)
    assert state_of(delivery) == ("scheduled", "")
    assert delivery.payload["text"] == "A warmer cup"
    assert delivery.revision_id == again.revision_id
    strict.pass_(1800)
    strict.work(5)
    assert [i.text for i in strict.platform.posts()] == ["A warmer cup"]


def test_words_written_back_and_approved_go_out_though_their_revision_is_an_old_one(strict: Harbour) -> None:
    delivery = strict.delivery(due=clock.now() + timedelta(minutes=30))
    editor, post_id = strict.world.editor, delivery.revision.post_id
    approve(strict.world.approver, ask_approval(editor, post_id).pk)
    edit(strict, post_id, "A warmer cup")
    strict.work(10)
    approve(strict.world.approver, ask_approval(editor, post_id).pk)
    strict.work(10)
    assert (*state_of(delivery), delivery.payload["text"]) == ("scheduled", "", "A warmer cup")
    first = Revision.objects.get(post_id=post_id, number=1)
    void_stale(restore(editor, first, Post.objects.get(pk=post_id).version), editor)
    strict.work(10)
    assert state_of(delivery) == ("held", "approval_void")
    again = ask_approval(editor, post_id)
    assert again.revision_id == first.pk, "the same words are the same revision"
    approve(strict.world.approver, again.pk)
    strict.work(10)
    assert (*state_of(delivery), delivery.revision_id) == ("scheduled", "", first.pk)
    strict.pass_(1800)
    strict.work(5)
    assert [i.text for i in strict.platform.posts()] == ["A warm cup"]


def test_one_that_was_refused_by_a_busy_channel_takes_the_new_words_too(strict: Harbour) -> None:
    """Nothing of it is out, so a new yes is all it needs: it must not wait for a person for ever."""
    delivery = strict.delivery(due=clock.now() + timedelta(minutes=5))
    post_id = delivery.revision.post_id
    approve(strict.world.approver, ask_approval(strict.world.editor, post_id).pk)
    strict.faults.next(Fault("busy", after=600, at="store"))
    strict.pass_(301)
    strict.work(1)
    assert state_of(delivery) == ("scheduled", "busy")
    edit(strict, post_id, "A warmer cup")
    strict.work(10)
    assert state_of(delivery) == ("held", "approval_void")
    approve(strict.world.approver, ask_approval(strict.world.editor, post_id).pk)
    strict.work(610, step=60)
    assert state_of(delivery) == ("published", "")
    assert [i.text for i in strict.platform.posts()] == ["A warmer cup"]


def test_an_approval_of_another_revision_does_not_count(strict: Harbour) -> None:
    delivery = strict.delivery(due=clock.now() + timedelta(minutes=5))
    approval = ask_approval(strict.world.editor, delivery.revision.post_id)
    approve(strict.world.approver, approval.pk)
    edit(strict, delivery.revision.post_id, "Another cup")
    strict.pass_(301)
    strict.work(1)
    assert state_of(delivery)[0] in ("held", "needs_attention")
    assert nothing_left(strict)


def test_late_beyond_its_tolerance_asks_instead_of_posting_stale_news(harbour: Harbour) -> None:
    delivery = harbour.delivery(tolerance=timedelta(minutes=10), due=clock.now() + timedelta(minutes=1))
    harbour.pass_(60 + 601)
    harbour.work(5)
    assert state_of(delivery) == ("needs_attention", "late")
    assert nothing_left(harbour)


def test_late_within_its_tolerance_still_goes_out(harbour: Harbour) -> None:
    delivery = harbour.delivery(tolerance=timedelta(minutes=10), due=clock.now() + timedelta(minutes=1))
    harbour.pass_(60 + 590)
    harbour.work(1)
    assert state_of(delivery)[0] == "published"


def switches(
    harbour: Harbour, delivery: Delivery, what: str
) -> tuple[Callable[[], object], Callable[[], object]]:
    """(pause, resume) of the workspace, the brand or the account."""
    owner, account_id = harbour.world.owner, delivery.account_id
    return {
        "workspace": (lambda: pause_everything(owner), lambda: resume(owner)),
        "brand": (
            lambda: pause_brand(owner, harbour.world.brand),
            lambda: resume_brand(owner, harbour.world.brand),
        ),
        "account": (lambda: pause_account(owner, account_id), lambda: resume_account(owner, account_id)),
    }[what]


@pytest.mark.parametrize("what", ["workspace", "brand", "account"])
def test_a_pause_holds_and_resuming_lets_go(harbour: Harbour, what: str) -> None:
    delivery = harbour.delivery()
    stop, go = switches(harbour, delivery, what)
    stop()
    harbour.work(10)
    assert state_of(delivery) == ("held", f"{what}_paused")
    assert nothing_left(harbour)
    go()
    harbour.work(5)
    assert state_of(delivery)[0] == "published"


def test_resuming_too_late_asks(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    stop, go = switches(harbour, delivery, "workspace")
    stop()
    harbour.work(3700, step=600)
    assert state_of(delivery) == ("needs_attention", "late")
    go()
    harbour.work(30)
    assert nothing_left(harbour)


def test_who_left_schedules_nothing_any_more(harbour: Harbour) -> None:
    delivery = harbour.delivery(due=clock.now() + timedelta(minutes=5))
    harbour.world.editor.left_at = clock.now()
    harbour.world.editor.save()
    harbour.pass_(301)
    harbour.work(1)
    assert state_of(delivery) == ("needs_attention", "not_permitted")


def test_a_disconnected_account_sends_nothing(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    delivery.account.state = AccountState.DISCONNECTED
    delivery.account.save()
    harbour.work(5)
    assert state_of(delivery) == ("needs_attention", "account_disconnected")


def test_an_archived_brand_sends_nothing_and_says_so(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    brand = delivery.account.brand
    brand.archived_at = clock.now()
    brand.save()
    harbour.work(5)
    assert state_of(delivery) == ("needs_attention", "brand_archived")


def test_a_channel_whose_folder_is_gone_is_told(harbour: Harbour) -> None:
    delivery = harbour.delivery()
    registry.connectors().pop(delivery.account.channel)
    harbour.work(5)
    assert state_of(delivery) == ("needs_attention", "no_connector")


class TestQuota:
    """Two a window: the third asks; what surely did not go out gives its place back."""

    def limited(self, window: str) -> None:
        quota = {
            "key": "sends", "limit": 2, "window": window, "label": manifests.text("Sends"), **manifests.FACT,
        }  # fmt: skip
        one = manifests.connector("native_key", quotas=[quota])
        registry.connectors()[one.manifest.slug] = one

    @pytest.mark.parametrize("window", ["day", "month", "rolling_day", "hour"])
    def test_a_used_quota_asks(self, harbour: Harbour, window: str) -> None:
        account = harbour.account("native_key")
        three = [harbour.delivery(account=account, text=str(n)) for n in range(3)]
        self.limited(
            window
        )  # the desk refuses the third where it knows: here the platform changed its rule meanwhile
        harbour.work(5)
        assert [state_of(d)[0] for d in three] == ["published", "published", "needs_attention"]
        assert three[2].reason == "quota_used"
        assert three[2].reason_params == {"quota": "sends", "limit": 2}

    def test_the_same_presence_for_four_brands_has_one_quota(self, harbour: Harbour) -> None:
        """All due at one moment, as a campaign of several brands is: two go out, the others ask."""
        accounts = [harbour.account("native_key", name=name) for name in ("hien", "lan", "minh", "quan")]
        four = [harbour.delivery(account=account, text=account.name) for account in accounts]
        for n, account in enumerate(accounts[1:]):
            abroad = Brand.objects.create(
                workspace=harbour.world.workspace,
                name=f"Abroad {n}",
                timezone="Asia/Bangkok",
                needs_approval=False,
            )
            Account.objects.filter(pk=account.pk).update(brand=abroad, remote_id=accounts[0].remote_id)
        self.limited("day")
        harbour.work(6)
        assert sorted(state_of(d)[0] for d in four) == ["needs_attention"] * 2 + ["published"] * 2
        assert {d.reason for d in four if d.state == "needs_attention"} == {"quota_used"}
        (use,) = quota_use([Account.objects.select_related("brand").get(pk=accounts[1].pk)])
        assert (use.used, use.limit) == (2, 2)
        with pytest.raises(Refusal) as told:
            refuse_full(use.account, four[0].publish_kind, clock.now() + timedelta(minutes=5))
        assert told.value.reason == "quota_full"

    def test_a_refused_one_gives_its_place_back(self, harbour: Harbour) -> None:
        account = harbour.account("native_key")
        texts = ["forbidden", "a", "b"]
        three = [harbour.delivery(account=account, text=t) for t in texts]
        self.limited("day")
        harbour.work(5)
        assert [state_of(d)[0] for d in three] == ["failed", "published", "published"]

    def test_the_day_is_the_brands_own(self, harbour: Harbour) -> None:
        self.limited("day")
        account = harbour.account("native_key")
        there = ZoneInfo(harbour.world.brand.timezone)
        here = clock.now().astimezone(there)
        to_half_past_midnight = (24 * 3600 + 1800) - (here.hour * 3600 + here.minute * 60 + here.second)
        harbour.pass_(to_half_past_midnight - 3600)
        before = [harbour.delivery(account=account, text=str(n)) for n in range(2)]
        harbour.work(1)
        assert {state_of(d)[0] for d in before} == {"published"}
        harbour.pass_(3600 - 5)
        after = harbour.delivery(account=account, text="next day")
        harbour.work(1)
        assert state_of(after)[0] == "published"
        assert isinstance(after.published_at, datetime)
