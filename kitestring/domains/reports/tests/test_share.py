"""What was shared is a revision that never changes; a signature stays with the revision that was read."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from kitestring.domains.reports.actions.answer_report import answer_as_member, answer_by_link
from kitestring.domains.reports.actions.make_report import make_report
from kitestring.domains.reports.actions.save_words import save_words
from kitestring.domains.reports.actions.share_report import share_report
from kitestring.domains.reports.models import Report, ReportAnswer, ReportRevision
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit.refusals import Conflict, Refusal
from tests.world import World

Door = Callable[[Member], Client]


@pytest.fixture
def made(world: World, past: Any, days: Callable[[], dict[str, Any]]) -> Report:
    there = past.account()
    for n in range(8):
        past.post(there, 10 + n % 3, age=20 - n)
    past.post(there, 120, age=3, title="Bánh mì")
    return make_report(world.analyst, world.brand, **days(), language="vi")


def titled(member: Member, report: Report, title: str) -> None:
    here = Report.objects.get(pk=report.pk)
    assert save_words(member, report.pk, {"title": title}, {"title": here.title}).whole


def test_a_draft_is_seen_by_who_makes_reports_only(world: World, made: Report, door: Door) -> None:
    for path in (f"/r/{made.secret}/", f"/r/{made.secret}/paper.pdf"):
        assert Client().get(path).status_code == 404
    assert door(world.stakeholder).get(f"/reports/{made.pk}/").status_code == 404
    assert door(world.stakeholder).get(f"/reports/{made.pk}/paper.pdf").status_code == 404
    assert "Bánh mì" not in door(world.stakeholder).get("/reports/").content.decode()
    assert door(world.manager).get(f"/reports/{made.pk}/").status_code == 200
    assert door(world.manager).get(f"/reports/{made.pk}/paper.pdf").content.startswith(b"%PDF")
    with pytest.raises(Refusal, match="not shared"):
        answer_as_member(world.stakeholder, made, "leave")


def test_only_who_makes_reports_words_and_shares(world: World, made: Report, door: Door) -> None:
    share_report(world.analyst, made.pk)
    for member in (world.editor, world.approver, world.stakeholder):
        for form in ({"title": "x", "was-title": made.title}, {"do": "share"}, {"do": "anew"}):
            assert door(member).post(f"/reports/{made.pk}/words/", form).status_code == 403
        assert 'name="title"' not in door(member).get(f"/reports/{made.pk}/").content.decode()
    assert Report.objects.get().words == {}


def test_shared_twice_is_once_and_an_edit_makes_the_next(world: World, made: Report, door: Door) -> None:
    first = share_report(world.analyst, made.pk)
    assert share_report(world.analyst, made.pk).pk == first.pk
    titled(world.manager, made, "Tựa của chị")
    assert "Tựa của chị" not in Client().get(f"/r/{made.secret}/").content.decode()
    assert "Tựa của chị" not in door(world.stakeholder).get(f"/reports/{made.pk}/").content.decode()
    assert share_report(world.manager, made.pk).number == 2
    page = Client().get(f"/r/{made.secret}/").content.decode()
    assert "Tựa của chị" in page
    assert "Bản sửa 2" in page
    old = Client().get(f"/r/{made.secret}/1/").content.decode()
    assert "Tựa của chị" not in old
    assert "<form" not in old
    assert AuditEntry.objects.filter(verb="report.share", after__revision=2).exists()


def test_what_was_signed_stays_readable_as_it_was(world: World, made: Report, door: Door) -> None:
    share_report(world.analyst, made.pk)
    answer_by_link(made.secret, "as_proposed", "", "林总", 1)
    before = ReportRevision.objects.get().content
    titled(world.manager, made, "Tựa khác")
    share_report(world.manager, made.pk)
    assert ReportRevision.objects.get(number=1).content == before
    newest = Client().get(f"/r/{made.secret}/").content.decode()
    assert f"/r/{made.secret}/1/" in newest
    assert 'name="choice"' in newest
    signed = Client().get(f"/r/{made.secret}/1/").content.decode()
    assert "林总" in signed
    assert "Tựa khác" not in signed
    assert Client().get(f"/r/{made.secret}/1/paper.pdf").content.startswith(b"%PDF")
    assert Client().get(f"/r/{made.secret}/9/").status_code == 404
    answer_as_member(world.stakeholder, made, "leave", "", 2)
    assert [a.revision.number for a in ReportAnswer.objects.order_by("at")] == [1, 2]


def test_the_signature_is_for_what_was_read(world: World, made: Report) -> None:
    share_report(world.analyst, made.pk)
    titled(world.manager, made, "Tựa khác")
    share_report(world.manager, made.pk)
    late = {"choice": "leave", "note": "Để sau", "signed_as": "林总", "revision": "1"}
    page = Client().post(f"/r/{made.secret}/", late)
    assert page.status_code == 409
    assert "Để sau" in page.content.decode()
    with pytest.raises(Conflict):
        answer_as_member(world.stakeholder, made, "leave", "", 1)
    assert not ReportAnswer.objects.exists()


def test_a_signature_that_names_no_revision_is_for_the_first(world: World, made: Report, door: Door) -> None:
    share_report(world.analyst, made.pk)
    titled(world.manager, made, "Tựa khác")
    share_report(world.manager, made.pk)
    form = {"choice": "leave", "note": "Để sau", "signed_as": "林总"}
    for revision in ({}, {"revision": "newest"}):
        for client, address in (
            (Client(), f"/r/{made.secret}/"),
            (door(world.stakeholder), f"/reports/{made.pk}/answer/"),
        ):
            page = client.post(address, form | revision)
            assert page.status_code == 409
            assert "Để sau" in page.content.decode()
    with pytest.raises(Conflict, match="Revision 2 was shared while you read"):
        answer_by_link(made.secret, "leave", "", "林总")
    assert not ReportAnswer.objects.exists()


def test_the_page_saves_while_typing_and_says_what_stood_in_the_way(
    world: World, made: Report, door: Door
) -> None:
    address, client = f"/reports/{made.pk}/words/", door(world.manager)
    saved = client.post(address, {"title": "Một", "was-title": made.title, "version": "1"})
    assert saved.status_code == 200
    assert 'id="was-title" name="was-title" value="Một"' in saved.content.decode()
    empty = client.post(address, {"title": "", "was-title": "Một", "version": "2"})
    assert empty.status_code == 422
    both = door(world.owner).post(address, {"title": "Hai", "was-title": made.title, "version": "1"})
    assert both.status_code == 409
    assert "Một" in both.content.decode()
    stopped = client.post(address, {"title": "", "was-title": "Một", "do": "share", "version": "2"})
    assert stopped.status_code == 422
    assert not ReportRevision.objects.exists()
    shared = client.post(address, {"title": "Ba", "was-title": "Một", "do": "share", "version": "2"})
    assert shared.headers["HX-Redirect"] == f"/reports/{made.pk}/"
    assert ReportRevision.objects.get().content["title"] == "Ba"


def test_one_person_in_two_tabs_the_later_is_told_and_nothing_is_lost(
    world: World, made: Report, door: Door
) -> None:
    client, address = door(world.manager), f"/reports/{made.pk}/"
    one, two = (
        re.findall(r'name="page" value="([^"]+)"', client.get(address).content.decode())[0] for _tab in "12"
    )
    assert one != two

    def types(page: str, title: str, was: str = made.title, **more: str) -> tuple[int, str]:
        form = {"title": title, "was-title": was, "version": "1", "page": page} | more
        answer = client.post(f"{address}words/", form)
        return answer.status_code, answer.content.decode()

    assert types(one, "Một")[0] == 200
    status, late = types(two, "Hai", remark="Ghi thêm", **{"was-remark": ""})
    assert status == 409
    assert "You wrote here meanwhile" in late
    assert "“Một”" in late
    here = Report.objects.get()
    assert (here.title, here.words["lines"]["remark"]["text"]) == ("Một", "Ghi thêm")
    assert types(one, "Một rưỡi")[0] == 200, "a save of the same page that overtook another is no meeting"
    assert types(two, "Hai", do="over:title")[0] == 200
    assert Report.objects.get().title == "Hai"
    assert types(one, "Ba", was="Một rưỡi")[0] == 409
    assert types("", "Ba", was="Một rưỡi")[0] == 409
    assert Report.objects.get().title == "Hai"
    assert AuditEntry.objects.filter(before={"title": "Một rưỡi"}, after={"title": "Hai"}).exists()
