"""An approval is bound to what was read: an edit voids it, visibly, and only those with the right give one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.connectorkit import registry
from kitestring.domains.composing.actions.add_variant import add_variant
from kitestring.domains.composing.actions.claim_exemption import claim_exemption
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.tests.test_composer import account_on, picture
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve, decline
from kitestring.domains.reviewing.models import Approval, ApprovalState
from kitestring.domains.reviewing.queries import is_approved
from kitestring.domains.reviewing.tasks import void_after_edit, void_forgotten
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.clock import now
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def post(world: World) -> Post:
    made = write_post(world.editor, world.brand, title="Bánh mì", text="Sáng nay bánh ra lò lúc 6 giờ.")
    add_variant(world.editor, made.pk, account_on(world))
    return post_for(world.editor, made.pk)


def test_the_approver_reads_what_was_declared_and_how_it_goes_out(
    world: World, post: Post, door: Door
) -> None:
    account = post.variants.get().account
    kind = registry.get(account.channel).manifest.kinds[0]
    option = next(
        one for one in kind.options if one.kind == "choice" and one.choices and not one.choices_from
    )
    value = next(one for one in option.choices if one.value != option.default)
    save_variant(world.editor, post.variants.get().pk, {"options": {option.key: value.value}}, post.version)
    edited = save_post(
        world.editor, post.pk, {"about": {"ai": "yes"}}, post_for(world.editor, post.pk).version
    )
    approval = ask_approval(world.editor, edited.pk)
    page = door(world.approver).get(f"/approvals/{approval.pk}/").content.decode()
    assert world.brand.name in page
    assert "What this post is" in page
    assert ">Made with AI<" in page
    assert option.label.en in page
    assert value.label.en in page


def test_an_edit_voids_the_yes_at_once_and_for_the_record(world: World, post: Post, door: Door) -> None:
    approval = approve(world.approver, ask_approval(world.editor, post.pk).pk)
    assert is_approved(post_for(world.editor, post.pk))
    edited = save_post(world.editor, post.pk, {"text": "Now at 7."}, post.version)
    assert not is_approved(edited)
    page = door(world.approver).get(f"/posts/{post.pk}/approval/").content.decode()
    assert "Void: changed since" in page
    void_after_edit(str(post.pk), str(world.editor.pk))
    void_after_edit(str(post.pk), str(world.editor.pk))
    approval.refresh_from_db()
    assert (approval.state, approval.voided_by) == (ApprovalState.VOIDED, world.editor)
    assert AuditEntry.objects.filter(verb="approval.void").count() == 1


@pytest.mark.parametrize("asked_only", [False, True])
def test_an_emptied_queue_loses_no_void(world: World, post: Post, door: Door, asked_only: bool) -> None:
    approval = ask_approval(world.editor, post.pk)
    if not asked_only:
        approve(world.approver, approval.pk)
    void_forgotten(0)
    approval.refresh_from_db()
    assert approval.voided_at is None, "it still says what was read"
    save_post(world.manager, post.pk, {"text": "Now at 7."}, post.version)
    ProcrastinateJob.objects.all().delete()
    void_forgotten(0)
    void_forgotten(0)
    approval.refresh_from_db()
    assert (approval.state, approval.voided_by) == (ApprovalState.VOIDED, world.manager)
    entry = AuditEntry.objects.get(verb="approval.void")
    assert (entry.member, entry.subject_id) == (world.manager, approval.pk)
    told = ProcrastinateJob.objects.filter(task_name="publishing.approvals_changed")
    assert [job.args["post_id"] for job in told] == [str(post.pk)], "what waits for its hour is held"


def test_a_void_by_somebody_who_is_gone_is_the_houses(world: World, post: Post) -> None:
    approval = ask_approval(world.editor, post.pk)
    save_post(world.manager, post.pk, {"text": "Now at 7."}, post.version)
    Post.objects.update(saved_by=None)
    void_forgotten(0)
    approval.refresh_from_db()
    assert (approval.state, approval.voided_by) == (ApprovalState.VOIDED, None)
    assert AuditEntry.objects.get(verb="approval.void").member is None


def test_asking_twice_for_the_same_words_is_one_question(world: World, post: Post) -> None:
    assert ask_approval(world.editor, post.pk) == ask_approval(world.manager, post.pk)


def test_a_yes_to_words_that_changed_meanwhile_is_not_taken(world: World, post: Post) -> None:
    approval = ask_approval(world.editor, post.pk)
    save_post(world.editor, post.pk, {"text": "Slipped in"}, post.version)
    with pytest.raises(Conflict, match="changed after this was asked"):
        approve(world.approver, approval.pk)


def test_sending_back_needs_a_note_and_the_page_keeps_it(world: World, post: Post, door: Door) -> None:
    approval = ask_approval(world.editor, post.pk)
    answer = door(world.approver).post(f"/approvals/{approval.pk}/decide/", {"answer": "no", "note": " "})
    assert answer.status_code == 422
    assert "Say what should change" in answer.content.decode()
    assert 'id="send-back"' in answer.content.decode()
    decline(world.approver, approval.pk, note="The hour is wrong")
    with pytest.raises(Refusal, match="answered already"):
        approve(world.approver, approval.pk)
    page = door(world.editor).get(f"/posts/{post.pk}/approval/").content.decode()
    assert "The hour is wrong" in page


def test_only_those_with_the_right_answer(world: World, post: Post, stranger: World) -> None:
    approval = ask_approval(world.editor, post.pk)
    for member in (world.editor, world.analyst, world.stakeholder):
        with pytest.raises(Refusal):
            approve(member, approval.pk)
    with pytest.raises(Approval.DoesNotExist):
        approve(stranger.owner, approval.pk)


def test_a_post_without_an_account_cannot_be_asked_for(world: World) -> None:
    bare = write_post(world.editor, world.brand, text="No account")
    with pytest.raises(Refusal, match="at least one account"):
        ask_approval(world.editor, bare.pk)


def test_the_approver_reads_everything_that_leaves_and_the_words_for_who_cannot_see(
    world: World, post: Post, door: Door
) -> None:
    long = "Dòng này dài. " * 60 + "Chữ cuối cùng."
    red, blue = picture(world, world.brand, "red"), picture(world, world.brand, "blue")
    set_post_media(world.editor, post.pk, [(red.pk, "Một ổ bánh đỏ"), (blue.pk, "")], post.version)
    save_post(world.editor, post.pk, {"text": long, "link": "https://tiem.example/mo"}, post.version + 1)
    approval = ask_approval(world.editor, post.pk)
    page = door(world.approver).get(f"/approvals/{approval.pk}/").content.decode()
    for said in ("Một ổ bánh đỏ", "Who cannot see the picture learns nothing", "https://tiem.example/mo"):
        assert said in page
    assert "Chữ cuối cùng." in page
    assert 'value="yes"' in page
    reader = door(world.stakeholder).get(f"/approvals/{approval.pk}/").content.decode()
    assert "Một ổ bánh đỏ" in reader
    assert 'value="yes"' not in reader


def test_the_approver_reads_the_post_as_it_will_appear(world: World, post: Post, door: Door) -> None:
    approval = ask_approval(world.editor, post.pk)
    page = door(world.approver).get(f"/approvals/{approval.pk}/").content.decode()
    assert "Sáng nay bánh ra lò lúc 6 giờ." in page
    door(world.approver).post(f"/approvals/{approval.pk}/decide/", {"answer": "yes"})
    approval.refresh_from_db()
    assert approval.state == ApprovalState.APPROVED


class TestFourEyes:
    """Who asked does not say yes, as long as somebody else here may."""

    def test_who_asked_is_told_who_answers(self, world: World, post: Post) -> None:
        approval = ask_approval(world.manager, post.pk)
        with pytest.raises(Refusal, match=f"{world.owner.name}, {world.approver.name}") as refused:
            approve(world.manager, approval.pk)
        assert refused.value.reason == "own_question"
        approval.refresh_from_db()
        assert approval.state == ApprovalState.ASKED
        assert approve(world.owner, approval.pk).state == ApprovalState.APPROVED

    def test_who_asked_may_still_take_it_back(self, world: World, post: Post) -> None:
        approval = ask_approval(world.manager, post.pk)
        assert decline(world.manager, approval.pk, note="Not yet").state == ApprovalState.DECLINED

    def test_alone_one_works_on(self, world: World, post: Post, door: Door) -> None:
        Member.objects.exclude(pk__in=[world.owner.pk, world.editor.pk]).update(left_at=now())
        approval = ask_approval(world.owner, post.pk)
        assert "Bánh mì" in door(world.owner).get("/").content.decode()
        assert 'value="yes"' in door(world.owner).get(f"/approvals/{approval.pk}/").content.decode()
        assert approve(world.owner, approval.pk).state == ApprovalState.APPROVED

    def test_the_page_says_it_and_offers_nothing(self, world: World, post: Post, door: Door) -> None:
        approval = ask_approval(world.manager, post.pk)
        mine = door(world.manager)
        page = mine.get(f"/approvals/{approval.pk}/").content.decode()
        assert "You asked for this yourself" in page
        assert 'value="yes"' not in page
        assert "Bánh mì" not in mine.get("/").content.decode().partition("Approve</h2>")[2]
        assert "Bánh mì" in door(world.owner).get("/").content.decode().partition("Approve</h2>")[2]


def test_what_breaks_a_rule_is_asked_for_only_with_an_exemption_which_the_approver_reads(
    world: World, post: Post, door: Door
) -> None:
    save_post(world.editor, post.pk, {"text": "Bánh ngon nhất phố"}, post_for(world.editor, post.pk).version)
    with pytest.raises(Refusal) as refused:
        ask_approval(world.editor, post.pk)
    assert refused.value.reason == "rule"
    assert not Approval.objects.exists()
    values = {"rule": "vn-best", "words": "ngon nhất", "ground": "no-claim", "reason": "Lời của khách"}
    claim_exemption(world.editor, post.pk, values, post_for(world.editor, post.pk).version)
    approval = ask_approval(world.editor, post.pk)
    page = door(world.approver).get(f"/approvals/{approval.pk}/").content.decode()
    assert "Lời của khách" in page
    assert "data-exempt" not in page
    approve(world.approver, approval.pk)
    claim_exemption(
        world.editor, post.pk, {**values, "reason": "Chuyện kể"}, post_for(world.editor, post.pk).version
    )
    assert not is_approved(post_for(world.editor, post.pk))
    again = ask_approval(world.editor, post.pk)
    page = door(world.approver).get(f"/approvals/{again.pk}/").content.decode()
    assert "Exemptions from rules" in page
