"""The record shows who changed what, from what to what, and is found by words and by person."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

import kitestring
from kitestring.domains.brands.models import Brand
from kitestring.domains.composing.actions.add_variant import add_variant, remove_variant
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.set_media import set_post_media
from kitestring.domains.composing.actions.write_post import write_post
from kitestring.domains.composing.models import Post
from kitestring.domains.composing.queries import post_for
from kitestring.domains.composing.tests.test_composer import account_on, picture
from kitestring.domains.ideas.actions.add_ideas import add_ideas
from kitestring.domains.ideas.actions.shortlist import shortlist
from kitestring.domains.ideas.actions.write_brief import write_brief
from kitestring.domains.publishing.actions.reschedule import reschedule
from kitestring.domains.publishing.actions.schedule import schedule_delivery
from kitestring.domains.reviewing.actions.ask_approval import ask_approval
from kitestring.domains.reviewing.actions.decide_approval import approve
from kitestring.domains.reviewing.tasks import void_after_edit
from kitestring.domains.workspaces.actions.invite import invite
from kitestring.domains.workspaces.actions.record import record
from kitestring.domains.workspaces.models import Member
from kitestring.domains.workspaces.permissions import TABLE
from kitestring.domains.workspaces.rules.verbs import PERMISSIONS, VERBS
from kitestring.kit.clock import now
from kitestring.ui.formats import date_time
from kitestring.ui.marks import account_name
from kitestring.web.record.subjects import NAMED, ROWS
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def written(world: World) -> World:
    record(
        world.editor, "member.change_own", world.editor, before={"name": "Quân"}, after={"name": "Minh Quân"}
    )
    record(world.owner, "brand.change", world.brand, before={"name": "咖啡"}, after={"name": "云岭茶事 100%"})
    record(world.workspace, "account.expire", world.brand, after={"reason": "grant_expired"})
    return world


def shown(client: Client, query: str) -> str:
    answer = client.get(f"/settings/record/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_all_is_listed_newest_first(written: World, door: Door) -> None:
    page = shown(door(written.owner), "")
    places = [
        page.index(words)
        for words in ("found that a grant had ended", "changed a brand", "changed own settings")
    ]
    assert places == sorted(places)
    assert "Kitestring itself" in page


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("q=云岭", "云岭茶事", "changed own settings"),
        ("q=quân", "changed own settings", "云岭茶事"),
        ("q=100%25", "云岭茶事", "changed own settings"),
        ("q=brand+茶", "云岭茶事", "changed own settings"),
        ("who=house", "found that a grant had ended", "changed a brand"),
        ("who=nonsense&page=99", "changed a brand", "\0"),
        ("q=%00nothing", "Nothing recorded like this", "changed a brand"),
    ],
)
def test_it_is_filtered(written: World, door: Door, query: str, there: str, gone: str) -> None:
    page = shown(door(written.owner), query)
    assert there in page
    assert gone not in page


def test_what_was_signed_by_the_live_link_bears_its_name(written: World, door: Door) -> None:
    signed = {"choice": "as_proposed", "signed_as": "Lâm tổng"}
    record(written.workspace, "report.answer", written.brand, after=signed)
    page = shown(door(written.owner), "who=link")
    assert "Lâm tổng, through the live link</b>" in page
    assert "Signed as" not in page  # it stands in the line's first words
    assert "found that a grant had ended" not in page
    assert "Lâm tổng" not in shown(door(written.owner), "who=house")


def test_it_is_filtered_by_person(written: World, door: Door) -> None:
    page = shown(door(written.manager), f"who={written.editor.id}")
    assert "changed own settings" in page
    assert "changed a brand" not in page


def test_nothing_of_the_machine_is_shown(world: World, door: Door) -> None:
    record(
        world.editor,
        "delivery.hold",
        world.brand,
        before={"state": "scheduled", "reason": ""},
        after={
            "state": "held",
            "reason": "held_by_person",
            "kind": "mass_send",
            "key": str(world.brand.pk),
            "note": "",
        },
    )
    record(
        world.owner,
        "report.answer",
        world.brand,
        after={
            "choice": "as_proposed",
            "ends_on": "2026-11-21",
            "goal_value": "3000.0",
            "size": 16934,
            "on": False,
        },
    )
    page = shown(door(world.owner), "")
    for raw in (
        "held_by_person",
        "mass_send",
        "as_proposed",
        "2026-11-21",
        "3000.0",
        "16934",
        "Note:",
        "Kind:",
        "Reason:",
    ):
        assert raw not in page, raw
    assert f">{world.brand.pk}<" not in page
    for said in ("As proposed", "21 Nov 2026", "3,000", "Shortlisted: no", "<del>Scheduled</del>"):
        assert said in page, said


def test_fields_come_in_the_order_people_read_them(world: World, door: Door) -> None:
    record(
        world.owner, "report.make", world.brand, after={"ends_on": "2026-11-21", "starts_on": "2026-10-23"}
    )
    page = shown(door(world.owner), "")
    assert page.index("First day:") < page.index("Last day:")


def test_a_change_leads_to_what_was_changed(written: World, door: Door) -> None:
    assert f'href="/settings/brands/{written.brand.pk}/"' in shown(door(written.owner), "")


def test_it_comes_in_pages(world: World, door: Door) -> None:
    for number in range(120):
        record(world.owner, "brand.change", world.brand, after={"name": f"Nr {number:03}"})
    page = shown(door(world.owner), "q=Nr&page=2")
    assert "Nr 069" in page
    assert "Nr 119" not in page


def test_another_workspace_reads_nothing_of_ours(written: World, stranger: World, door: Door) -> None:
    assert "云岭茶事" not in shown(door(stranger.owner), "")


def test_every_permission_and_every_verb_has_words() -> None:
    assert set(PERMISSIONS) == set(TABLE)
    call = re.compile(r'\brecord\(\s*[\w.]+,\s*"([a-z_.]+)"')
    used = set()
    for source in Path(kitestring.__file__).parent.glob("domains/*/actions/**/*.py"):
        used |= set(call.findall(source.read_text("utf-8")))
    assert len(used) > 10
    assert used <= set(VERBS), f"say these verbs in workspaces/rules/verbs.py: {sorted(used - set(VERBS))}"


@pytest.fixture
def post(world: World) -> Post:
    made = write_post(world.editor, world.brand, title="Bánh mì", text="Sáng nay bánh ra lò.")
    add_variant(world.editor, made.pk, account_on(world))
    return post_for(world.editor, made.pk)


def line_of(page: str, said: str) -> str:
    """The newest line that says this, as text with its links."""
    lines = [part for part in page.split('class="li recorded"')[1:] if said in part]
    assert lines, f"no line says {said}"
    return re.sub(r"\s+", " ", lines[0])


def test_a_move_names_the_post_its_account_and_both_hours_on_the_brands_clock(
    world: World, post: Post, door: Door
) -> None:
    Brand.objects.filter(pk=world.brand.pk).update(timezone="Asia/Shanghai")
    variant = post.variants.get()
    due = now().replace(hour=16, minute=30, second=0, microsecond=0) + timedelta(days=3)
    delivery = schedule_delivery(world.editor, variant, due)
    reschedule(world.editor, delivery, due + timedelta(hours=1))
    line = line_of(shown(door(world.owner), ""), "moved a delivery to another hour")
    assert f'<a href="/deliveries/{delivery.pk}/">Bánh mì</a>' in line
    assert account_name(variant.account) in line
    assert re.search(r"Due: <del>[^<]*, 00:30</del> → <ins>[^<]*, 01:30</ins>", line)


def test_a_line_has_one_clock_and_names_it_where_it_is_not_the_pages(
    world: World, post: Post, door: Door
) -> None:
    """What happened in another brand's zone is told on that brand's clock, the moment itself as well."""
    there = Brand.objects.create(workspace=world.workspace, name="Far", timezone="Pacific/Auckland")
    line = record(world.owner, "brand.change", there, before={"name": "Farther"}, after={"name": "Far"})
    assert line is not None
    page = shown(door(world.owner), f"of={there.pk}")
    assert f"{date_time(line.at, 'short', 'Pacific/Auckland')} · Auckland" in page
    ours = record(world.owner, "brand.change", world.brand, before={"name": "Old"}, after={"name": "Crumb"})
    page = shown(door(world.owner), f"of={world.brand.pk}")
    assert f"{date_time(ours.at, 'short', world.brand.zone)}</span>" in page


def test_each_thing_is_called_by_its_name_and_leads_to_its_page(world: World, post: Post, door: Door) -> None:
    approval = ask_approval(world.editor, post.pk)
    approve(world.approver, approval.pk)
    save_post(world.editor, post.pk, {"text": "Chiều nay bánh ra lò."}, post.version)
    void_after_edit(str(post.pk), str(world.editor.pk))
    brief = write_brief(world.manager, world.brand, title="Mùa lạnh")
    idea = add_ideas(world.manager, brief.pk, ["Ba vòng khuấy"])[0]
    shortlist(world.manager, idea.pk, on=True)
    _invitation, secret = invite(world.owner, email="lan@crumb.example", role="editor", language="en")
    page = shown(door(world.owner), "")
    for said, name, href in (
        ("asked for approval", "Bánh mì", f"/approvals/{approval.pk}/"),
        ("answered a request for approval", "Bánh mì", f"/approvals/{approval.pk}/"),
        ("voided an approval", "Bánh mì", f"/approvals/{approval.pk}/"),
        ("wrote a post", "Bánh mì", f"/posts/{post.pk}/"),
        ("wrote a brief", "Mùa lạnh", f"/briefs/{brief.pk}/"),
        ("added ideas", "Mùa lạnh", f"/briefs/{brief.pk}/"),
        ("changed the shortlist", "Ba vòng khuấy", f"/briefs/{brief.pk}/ideas/"),
        ("invited a person", "lan@crumb.example", "/settings/members/"),
    ):
        assert f'<a href="{href}">{name}</a>' in line_of(page, said), said
    assert secret not in page
    assert not re.search(r">[^<]*[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}[^<]*<", page)


def test_every_kind_of_thing_that_is_recorded_has_a_name() -> None:
    kinds = {
        model._meta.model_name for model in apps.get_models() if model.__module__.startswith("kitestring.")
    }
    assert set(NAMED) == set(ROWS)
    assert set(NAMED) <= kinds
    call = re.compile(r"\brecord\(\s*[\w.]+,\s*(?:\"[a-z_.]+\"|verb),\s*(?:\w+\.)?(\w+)")
    used = set()
    for source in Path(kitestring.__file__).parent.glob("domains/*/actions/**/*.py"):
        used |= set(call.findall(source.read_text("utf-8")))
    other = {
        "other": "member",
        "here": "report",
        "found": "brand",
        "kept": "account",
        "made": "post",
        "subject": "post",
        "locked": "post",
    }
    assert {other.get(name, name) for name in used} <= set(NAMED)


def test_files_are_named_and_an_account_that_left_is_told(world: World, post: Post, door: Door) -> None:
    red, blue = picture(world, world.brand, "red"), picture(world, world.brand, "blue")
    set_post_media(world.editor, post.pk, [(red.pk, "")], post.version)
    set_post_media(world.editor, post.pk, [(red.pk, "Một ổ bánh"), (blue.pk, "")], post.version + 1)
    variant = post.variants.get()
    line = line_of(shown(door(world.owner), ""), "Pictures and clips")
    assert f"<del>{red.name}</del> → <ins>{red.name}, {blue.name}</ins>" in line
    assert "Alternative text: Một ổ bánh" in line
    remove_variant(world.editor, variant.pk)
    line = line_of(shown(door(world.owner), ""), "Account:")
    assert f"<del>{variant.account.handle}</del>" in line
    assert f'<a href="/posts/{post.pk}/">Bánh mì</a>' in line


def test_long_words_show_where_they_differ(world: World, post: Post, door: Door) -> None:
    long = "Dòng này dài và không đổi. " * 20
    save_post(world.editor, post.pk, {"text": f"{long}Lúc 6 giờ."}, post.version)
    save_post(world.editor, post.pk, {"text": f"{long}Lúc 7 giờ."}, post.version + 1)
    line = line_of(shown(door(world.owner), ""), "Text:")
    assert re.sub(r'<span class="unseen">[^<]*</span>', "", line).count("<del>6</del><ins>7</ins>") == 1


def test_the_record_of_one_post_holds_all_that_belongs_to_it(world: World, post: Post, door: Door) -> None:
    other = write_post(world.editor, world.brand, title="Cà phê", text="Khuấy ba vòng.")
    ask_approval(world.editor, post.pk)
    client = door(world.owner)
    page = shown(client, f"of={post.pk}")
    assert "asked for approval" in page
    assert "Only what concerns this" in page
    assert "Cà phê" not in page
    assert f"of={post.pk}" in client.get(f"/posts/{post.pk}/revisions/").content.decode()
    assert f"of={post.pk}" not in door(world.editor).get(f"/posts/{post.pk}/revisions/").content.decode()
    assert "What this was about is gone" in shown(client, "of=01a2251e-4d7d-7aee-a8eb-d9f9a64d4d1d")
    assert str(other.pk) in shown(client, "of=nonsense")


def test_another_workspaces_things_are_not_named(
    world: World, post: Post, stranger: World, door: Door
) -> None:
    record(stranger.owner, "post.write", post)
    assert "Bánh mì" not in shown(door(stranger.owner), f"of={post.pk}")


def test_many_lines_ask_no_more_questions(
    world: World,
    post: Post,
    door: Door,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    for number in range(50):
        record(world.owner, "post.write", post, after={"title": f"Nr {number}"})
        record(world.owner, "brand.change", world.brand, after={"name": f"Nr {number}"})
    client = door(world.owner)
    shown(client, "")
    with django_assert_max_num_queries(25):
        shown(client, "")
