"""Other words on a live post: asked once, a yes where the brand wants it, done once or more without harm, all of it kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.connectorkit.contract import Outgoing
from kitestring.connectorkit.errors import Ambiguous, GrantExpired, Rejected, RetryLater
from kitestring.domains.channels.models import Account
from kitestring.domains.composing.models import Post, Revision, Variant
from kitestring.domains.publishing.actions import asking
from kitestring.domains.publishing.actions.ask_rewording import ask_rewording, drop_rewording
from kitestring.domains.publishing.actions.decide_rewording import approve_rewording, decline_rewording
from kitestring.domains.publishing.actions.do_rewording import _claim, do_rewording, find_rewordings
from kitestring.domains.publishing.models import Delivery, Rewording
from kitestring.domains.publishing.queries.rewordings import live_words
from kitestring.domains.publishing.rules.rewording import why_not_changed
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.kit.ids import uuid7
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

Door = Callable[[Member], Client]
Move = Callable[[timedelta], None]
CHANNEL, KIND = next(
    (slug, kind.key)
    for slug, c in registry.connectors().items()
    if c.can("editing")
    for kind in c.manifest.kinds
    if kind.title is None and not kind.account_types and not (kind.media and kind.media.required)
)


class Channel:
    """What the channel was told, and what it answers."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.answers: list[Exception] = []

    def talk(self, account: Account, call: Callable[[Any], Any]) -> None:
        waiting = call(None)
        cell = dict(zip(waiting.cr_code.co_freevars, call.__closure__ or (), strict=True))
        duty: Outgoing = cell["duty"].cell_contents
        self.told.append((cell["one"].cell_contents.delivery.remote_id, duty.text))
        assert not duty.media
        waiting.close()
        if self.answers:
            raise self.answers.pop(0)


@pytest.fixture
def channel(monkeypatch: pytest.MonkeyPatch) -> Channel:
    found = Channel()
    monkeypatch.setattr(asking, "talk", found.talk)
    return found


@pytest.fixture
def live(world: World, channel: Channel) -> Delivery:
    """A post that is out, on a channel that lets words be changed, of a brand that wants no approval."""
    world.brand.needs_approval = False
    world.brand.save()
    account = Account.objects.create(
        workspace=world.workspace,
        brand=world.brand,
        channel=CHANNEL,
        remote_id="us",
        handle="us",
        name="Crumb",
    )
    post = Post.objects.create(brand=world.brand, title="Loaf", text="A warm lof")
    revision = Revision.objects.create(post=post, number=1, digest="d", content={})
    return Delivery.objects.create(
        account=account, kind="variant", subject_id=post.pk, publish_kind=KIND, revision=revision, due_at=now(),
        payload={"text": "A warm lof", "language": "en"}, state="published", published_at=now(), remote_id="p1",
    )  # fmt: skip


def ask(member: Member, live: Delivery, text: str = "A warm loaf") -> Rewording:
    return ask_rewording(member, live, text, why="A letter was missing.")


def test_a_change_is_one_and_leaves_the_ledger_as_it_is(
    live: Delivery, world: World, channel: Channel
) -> None:
    before = Delivery.objects.values().get()
    one = ask(world.editor, live)
    assert ask(world.owner, live) == one
    jobs = ProcrastinateJob.objects.filter(task_name="publishing.reword", status="todo")
    assert [job.args["rewording"] for job in jobs] == [str(one.pk)]
    do_rewording(one.pk)
    do_rewording(one.pk)
    one.refresh_from_db()
    assert (one.state, channel.told) == ("done", [("p1", "A warm loaf")])
    assert (one.before_text, one.why, one.made_by) == ("A warm lof", "A letter was missing.", world.editor)
    assert live_words(live).text == "A warm loaf"
    assert Delivery.objects.values().get() == before
    verbs = AuditEntry.objects.order_by("at", "id").values_list("verb", flat=True)
    assert list(verbs) == ["delivery.reword", "delivery.reworded"]


def test_the_next_change_starts_from_what_is_live(live: Delivery, world: World, channel: Channel) -> None:
    do_rewording(ask(world.editor, live).pk)
    second = ask(world.editor, live, "Two warm loaves")
    assert second.before_text == "A warm loaf"
    with pytest.raises(Conflict):
        ask(world.editor, live, "Three")


def test_what_was_read_is_what_is_changed(live: Delivery, world: World, door: Door, channel: Channel) -> None:
    here = door(world.editor)
    page = here.get(f"/deliveries/{live.pk}/words/").content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    do_rewording(ask(world.owner, live).pk)
    late = here.post(f"/deliveries/{live.pk}/words/", {"text": "Mine", "why": "So", "seen": seen})
    assert late.status_code == 422
    assert "changed meanwhile" in late.content.decode()
    assert "Mine" in late.content.decode()


def test_a_brand_that_wants_approval_gets_it_first(live: Delivery, world: World, channel: Channel) -> None:
    world.brand.needs_approval = True
    world.brand.save()
    one = ask(world.editor, live)
    do_rewording(one.pk)
    assert (one.state, channel.told) == ("waiting", [])
    with pytest.raises(Refusal):
        approve_rewording(world.editor, one, one.digest)
    with pytest.raises(Conflict):
        approve_rewording(world.approver, one, "of other words")
    approve_rewording(world.approver, one, one.digest)
    do_rewording(one.pk)
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.approved_digest) == ("done", world.approver, one.digest)


def test_who_asked_does_not_say_yes_while_somebody_else_may(
    live: Delivery, world: World, channel: Channel
) -> None:
    world.brand.needs_approval = True
    world.brand.save()
    one = ask(world.owner, live)
    with pytest.raises(Refusal) as refused:
        approve_rewording(world.owner, one, one.digest)
    assert refused.value.reason == "own_question"


def test_sent_back_with_a_note_and_taken_back(live: Delivery, world: World, channel: Channel) -> None:
    world.brand.needs_approval = True
    world.brand.save()
    one = ask(world.editor, live)
    with pytest.raises(Refusal):
        decline_rewording(world.approver, one, " ")
    decline_rewording(world.approver, one, "Say which loaf.")
    second = ask(world.editor, live, "A warm rye loaf")
    drop_rewording(world.editor, second)
    assert (one.state, second.state, channel.told) == ("declined", "dropped", [])
    with pytest.raises(Refusal):
        approve_rewording(world.approver, one, one.digest)


def test_a_rule_that_wants_a_yes_since_stops_it(live: Delivery, world: World, channel: Channel) -> None:
    one = ask(world.editor, live)
    world.brand.needs_approval = True
    world.brand.save()
    do_rewording(one.pk)
    one.refresh_from_db()
    assert (one.state, one.reason, channel.told) == ("refused", "not_approved", [])


@pytest.mark.parametrize("where", ["workspace", "brand", "account"])
def test_new_words_wait_while_something_is_paused(
    live: Delivery, world: World, channel: Channel, where: str
) -> None:
    one = ask(world.editor, live)
    row = {"workspace": world.workspace, "brand": world.brand, "account": live.account}[where]
    row.paused_at = now()
    row.save()
    do_rewording(one.pk)
    assert (channel.told, find_rewordings()) == ([], 0)
    row.paused_at = None
    row.save()
    assert find_rewordings() == 1
    do_rewording(one.pk)
    assert len(channel.told) == 1


def test_a_dead_worker_and_an_emptied_queue_lose_nothing(
    live: Delivery, world: World, channel: Channel, move_clock: Callable[[timedelta], None]
) -> None:
    one = ask(world.editor, live)
    ProcrastinateJob.objects.all().delete()
    assert _claim(one.pk, uuid7()) == 1
    do_rewording(one.pk)
    assert (channel.told, find_rewordings()) == ([], 0)
    move_clock(timedelta(seconds=121))
    assert find_rewordings() == 1
    do_rewording(one.pk)
    one.refresh_from_db()
    assert (one.state, one.tries) == ("done", 2)


@pytest.mark.parametrize("trouble", [RetryLater("busy", after=5), Ambiguous("no_answer")])
def test_trouble_is_tried_again_and_told_after_an_hour(
    live: Delivery, world: World, channel: Channel, move_clock: Callable[[timedelta], None], trouble: Any
) -> None:
    one = ask(world.editor, live)
    channel.answers = [trouble, trouble]
    do_rewording(one.pk)
    one.refresh_from_db()
    assert (one.state, one.reason) == ("asked", trouble.reason)
    with pytest.raises(Conflict):
        drop_rewording(world.editor, one)
    move_clock(timedelta(hours=2))
    do_rewording(one.pk)
    one.refresh_from_db()
    assert one.state == "refused"
    assert live_words(live).text == "A warm lof"


def test_a_no_is_shown_with_the_channels_words(
    live: Delivery, world: World, channel: Channel, door: Door
) -> None:
    one = ask(world.editor, live)
    channel.answers.append(Rejected("", "refused", said="edit window over"))
    do_rewording(one.pk)
    page = door(world.editor).get(f"/deliveries/{live.pk}/").content.decode()
    for words in ("Not changed", "the old ones still stand", "edit window over", "A letter was missing."):
        assert words in page
    assert f"/deliveries/{live.pk}/words/" in page


def test_an_ended_grant_is_written_down(live: Delivery, world: World, channel: Channel) -> None:
    one = ask(world.editor, live)
    channel.answers.append(GrantExpired("grant_expired"))
    do_rewording(one.pk)
    live.account.refresh_from_db()
    assert live.account.state == "expired"


def test_the_limits_of_the_kind_hold_as_in_the_composer(
    live: Delivery, world: World, channel: Channel, door: Door
) -> None:
    limit = registry.get(CHANNEL).manifest.kind(KIND).text.limit
    here = door(world.editor)
    for text, why in (("a" * (limit + 1), "So"), ("A warm lof", "So"), ("New", "")):
        refused = here.post(f"/deliveries/{live.pk}/words/", {"text": text, "why": why})
        assert refused.status_code == 422
    assert not Rewording.objects.exists()
    shown = here.post(f"/deliveries/{live.pk}/words/count/", {"text": "a" * (limit + 1)}).content.decode()
    assert "too many" in shown


def test_the_page_asks_shows_and_takes_the_yes(
    live: Delivery, world: World, channel: Channel, door: Door
) -> None:
    world.brand.needs_approval = True
    world.brand.save()
    writer, reader = door(world.editor), door(world.approver)
    writer.post(f"/deliveries/{live.pk}/words/", {"text": "A warm loaf", "why": "A letter was missing."})
    one = Rewording.objects.get()
    page = reader.get(f"/deliveries/{live.pk}/").content.decode()
    assert f"/words/{one.pk}/approve/" in page
    assert f"/words/{one.pk}/approve/" not in writer.get(f"/deliveries/{live.pk}/").content.decode()
    assert "Approve changed words" in reader.get("/").content.decode()
    assert "Approve changed words" not in writer.get("/").content.decode()
    assert reader.post(f"/words/{one.pk}/decline/", {"note": ""}).status_code == 422
    reader.post(f"/words/{one.pk}/approve/", {"seen": one.digest})
    do_rewording(one.pk)
    page = writer.get(f"/deliveries/{live.pk}/").content.decode()
    assert "A warm loaf" in page.split('class="cap"')[1]
    assert "approved by 周明珊" in page


@pytest.mark.parametrize("change", ["channel", "sequence", "state", "taking", "role"])
def test_where_it_cannot_be_there_is_no_button(
    live: Delivery, world: World, channel: Channel, door: Door, change: str
) -> None:
    if change == "channel":
        without = next(
            s for s, c in registry.connectors().items() if c.can("publishing") and not c.can("editing")
        )
        Account.objects.update(channel=without)
    elif change == "sequence":
        parts = [{"role": "head", "text": "a"}, {"role": "part", "text": "b"}]
        Delivery.objects.update(payload={"text": "a", "parts": parts}, part=2)
    elif change == "state":
        Delivery.objects.update(state="withdrawn")
    elif change == "taking":
        Delivery.objects.update(withdraw_asked=now())
    who = world.analyst if change == "role" else world.editor
    here = door(who)
    assert f"/deliveries/{live.pk}/words/" not in here.get(f"/deliveries/{live.pk}/").content.decode()
    assert here.get(f"/deliveries/{live.pk}/words/").status_code in (403, 404)
    with pytest.raises(Refusal):
        ask(who, Delivery.objects.get())


@pytest.mark.django_db(transaction=True)
def test_the_yes_is_taken_where_no_transaction_is_open_around_the_page(
    live: Delivery, world: World, channel: Channel, door: Door
) -> None:
    world.brand.needs_approval = True
    world.brand.save()
    door(world.editor).post(f"/deliveries/{live.pk}/words/", {"text": "A warm loaf", "why": "A letter."})
    one = Rewording.objects.get()
    answered = door(world.approver).post(f"/words/{one.pk}/approve/", {"seen": one.digest})
    assert answered.status_code == 302
    do_rewording(one.pk)
    one.refresh_from_db()
    assert one.state == "done"


def test_after_an_unclear_hour_the_old_words_can_be_put_back(
    live: Delivery, world: World, channel: Channel, move_clock: Callable[[timedelta], None]
) -> None:
    one = ask(world.editor, live)
    with pytest.raises(Conflict):
        ask(world.editor, live, "A warm lof")
    channel.answers = [Ambiguous("no_answer")] * 2
    do_rewording(one.pk)
    move_clock(timedelta(hours=2))
    do_rewording(one.pk)
    one.refresh_from_db()
    assert one.state == "refused"
    back = ask(world.editor, live, "A warm lof")
    do_rewording(back.pk)
    assert channel.told[-1] == ("p1", "A warm lof")
    with pytest.raises(Refusal):
        ask(world.editor, live, "A warm lof")


def test_a_connector_that_breaks_is_no_refusal_of_the_channels(
    live: Delivery, world: World, channel: Channel
) -> None:
    one = ask(world.editor, live)
    channel.answers = [KeyError("id")]
    do_rewording(one.pk)
    one.refresh_from_db()
    assert (one.state, one.reason) == ("asked", "connector_broke")
    assert "gave no clear answer" in str(why_not_changed(one.reason, ended=False))


def test_the_posts_own_page_leads_to_the_change(live: Delivery, world: World, door: Door) -> None:
    """Who reads that nothing written here changes what went out is told where it can be changed."""
    variant = Variant.objects.create(post_id=live.subject_id, account=live.account, kind=KIND)
    assert variant.post_id == live.subject_id
    foot = reverse("publishing:foot", args=[live.subject_id])
    link = f'href="{reverse("publishing:words", args=[live.pk])}"'
    assert link in door(world.editor).get(foot).content.decode()
    assert link not in door(world.stakeholder).get(foot).content.decode()
    Delivery.objects.filter(pk=live.pk).update(withdraw_asked=now())
    assert link not in door(world.editor).get(foot).content.decode()
