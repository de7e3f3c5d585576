"""The code on the desk's screen opens one hand-off on a phone nobody is signed in on: only that, not for long, recorded."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from kitestring.domains.library.actions.add_asset import add_asset
from kitestring.domains.library.models import Asset
from kitestring.domains.publishing.models import Delivery
from kitestring.domains.publishing.queries.phone_link import link_for
from kitestring.domains.publishing.rules import phone_link
from kitestring.domains.publishing.tests.conftest import Harbour
from kitestring.domains.publishing.tests.harbour.manifests import FACT, connector, text
from kitestring.domains.workspaces.actions.change_member import change_role, remove_member
from kitestring.domains.workspaces.models import AuditEntry, Member
from kitestring.kit import clock
from kitestring.ui import codes
from tests.world import World

Door = Callable[[Member], Client]
SIGNED_OUT = "/account/login/"


@pytest.fixture
def waiting(harbour: Harbour) -> Delivery:
    delivery = harbour.delivery("by_hand")
    harbour.work(1)
    delivery.refresh_from_db()
    assert delivery.state == "handed_off"
    return delivery


@pytest.fixture
def phone() -> Client:
    return Client(enforce_csrf_checks=True)


def link(harbour: Harbour, delivery: Delivery) -> str:
    return reverse("publishing:on_phone", args=[link_for(harbour.world.editor, delivery)])


def body(answer: Any) -> bytes:
    """All of a file's answer: read to its end it closes what it holds."""
    return b"".join(answer.streaming_content)


def sent(phone: Client, address: str, **form: str) -> Any:
    """What a form of the page sends, with the page's own token."""
    page = phone.get(address.partition("/on-phone/")[0] + re.match(r"/on-phone/[^/]+/", address)[0])
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())
    assert token, page.content.decode()
    return phone.post(address, {"csrfmiddlewaretoken": token[1], **form})


def test_the_whole_way_on_a_phone_nobody_is_signed_in_on(
    harbour: Harbour, waiting: Delivery, phone: Client
) -> None:
    address = link(harbour, waiting)
    page = phone.get(address)
    assert page.status_code == 200
    assert "A warm cup" in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert sent(phone, f"{address}take/").status_code == 302
    waiting.refresh_from_db()
    assert waiting.carried_by == harbour.world.editor
    wrong = sent(phone, f"{address}proof/", url="打开看看 https://elsewhere.test/1")
    assert wrong.status_code == 422
    assert "does not lie on harbour.test" in wrong.content.decode()
    assert "打开看看 https://elsewhere.test/1" in wrong.content.decode(), "what was pasted is kept"
    assert sent(phone, f"{address}proof/", url="看看 https://harbour.test/p/1 ！").status_code == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.remote_url) == ("published", "https://harbour.test/p/1")
    assert "The proof is kept" in phone.get(address).content.decode()
    verbs = AuditEntry.objects.filter(subject_id=waiting.pk, member=harbour.world.editor).values_list("verb")
    assert [verb for (verb,) in verbs.order_by("at", "id")][-4:] == [
        "delivery.take", "delivery.phone", "delivery.prove", "delivery.phone",
    ]  # fmt: skip


def test_it_opens_nothing_else_of_the_house(harbour: Harbour, waiting: Delivery, phone: Client) -> None:
    phone.get(link(harbour, waiting))
    for name in ("publishing:delivery", "publishing:hand_off"):
        answer = phone.get(reverse(name, args=[waiting.pk]))
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, SIGNED_OUT)
    assert phone.get("/").headers["Location"].startswith(SIGNED_OUT)
    assert "sessionid" not in phone.cookies


def test_a_post_without_the_pages_token_is_refused(
    harbour: Harbour, waiting: Delivery, phone: Client
) -> None:
    address = link(harbour, waiting)
    phone.get(address)
    assert phone.post(f"{address}proof/", {"url": "https://harbour.test/p/1"}).status_code == 403
    waiting.refresh_from_db()
    assert waiting.state == "handed_off"


def test_after_ten_minutes_only_the_phone_that_opened_it_goes_on(
    harbour: Harbour, waiting: Delivery, phone: Client
) -> None:
    address = link(harbour, waiting)
    assert phone.get(address).status_code == 200
    harbour.pass_(601)
    assert phone.get(address).status_code == 200
    late = Client().get(address)
    assert late.status_code == 404
    assert "Scan the code" in late.content.decode()
    assert phone_link.cookie_name(waiting.pk) not in late.cookies
    harbour.pass_(12 * 3600)
    assert phone.get(address).status_code == 404


def test_another_hand_offs_cookie_opens_nothing(harbour: Harbour, waiting: Delivery, phone: Client) -> None:
    other = Delivery.objects.get(pk=waiting.pk)
    other.pk, other.key, other.subject_id = UUID(int=7), UUID(int=8), UUID(int=9)
    other.save(force_insert=True)
    phone.get(link(harbour, waiting))
    address = link(harbour, other)
    harbour.pass_(601)
    (kept,) = [value for name, value in phone.cookies.items() if name.startswith("hand_off_")]
    phone.cookies[phone_link.cookie_name(other.pk)] = kept.value
    assert phone.get(address).status_code == 404


@pytest.mark.parametrize("broken", ["", "x", "x.y", "é", ".", "A" * 56 + "." + "B" * 43])
def test_a_guessed_link_opens_nothing(waiting: Delivery, phone: Client, broken: str) -> None:
    assert phone.get(f"/on-phone/{broken}/").status_code == 404


def test_a_link_is_not_a_cookie_and_a_cookie_no_link(
    harbour: Harbour, waiting: Delivery, phone: Client
) -> None:
    secret = link_for(harbour.world.editor, waiting)
    read = phone_link.read("link", secret)
    assert read is not None
    assert (read.delivery, read.member) == (waiting.pk, harbour.world.editor.pk)
    assert phone_link.read("cookie", secret) is None
    body, _dot, seal = secret.partition(".")
    assert phone_link.read("link", f"{'B' if body[0] == 'A' else 'A'}{body[1:]}.{seal}") is None


def _new_password(member: Member, _owner: Member) -> None:
    member.user.set_password("another-long-one-26")
    member.user.save()


def _removed(member: Member, owner: Member) -> None:
    remove_member(owner, member.pk)


def _lowered(member: Member, owner: Member) -> None:
    change_role(owner, member.pk, "analyst")


def _inactive(member: Member, _owner: Member) -> None:
    member.user.is_active = False
    member.user.save()


@pytest.mark.parametrize("becomes", [_new_password, _removed, _lowered, _inactive])
def test_it_ends_with_the_members_right(
    harbour: Harbour, waiting: Delivery, phone: Client, becomes: Callable[[Member, Member], None]
) -> None:
    address = link(harbour, waiting)
    assert phone.get(address).status_code == 200
    becomes(harbour.world.editor, harbour.world.owner)
    assert phone.get(address).status_code == 404


def test_who_is_signed_in_there_goes_by_the_usual_page(
    harbour: Harbour, waiting: Delivery, door: Door, stranger: World
) -> None:
    address, usual = link(harbour, waiting), reverse("publishing:hand_off", args=[waiting.pk])
    answer = door(harbour.world.manager).get(address)
    assert (answer.status_code, answer.headers["Location"]) == (302, usual)
    assert door(stranger.owner).get(address).status_code == 200, "theirs is another workspace: by the link"


def test_it_speaks_the_members_language(harbour: Harbour, waiting: Delivery, phone: Client) -> None:
    harbour.world.editor.language = "vi"
    harbour.world.editor.save()
    assert 'lang="vi"' in phone.get(link(harbour, waiting)).content.decode()


def test_what_does_not_wait_any_more_says_so(harbour: Harbour, waiting: Delivery, phone: Client) -> None:
    address = link(harbour, waiting)
    Delivery.objects.update(state="held", reason="held_by_person")
    assert "does not wait to be published by hand" in phone.get(address).content.decode()
    phone.cookies["csrftoken"] = "a" * 32
    answer = phone.post(
        f"{address}proof/", {"csrfmiddlewaretoken": "a" * 32, "url": "https://harbour.test/1"}
    )
    assert answer.status_code == 422
    waiting.refresh_from_db()
    assert waiting.state == "held"


class TestCode:
    def page(self, harbour: Harbour, door: Door, delivery: Delivery, **extra: Any) -> str:
        client = door(harbour.world.editor)
        answer = client.get(reverse("publishing:hand_off", args=[delivery.pk]), **extra)
        assert "no-store" in answer.headers["Cache-Control"]
        return str(answer.content.decode())

    def test_the_code_is_the_link(
        self, harbour: Harbour, waiting: Delivery, door: Door, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.PUBLIC_URL = "https://desk.example"
        fixed = clock.now()
        monkeypatch.setattr(clock, "now", lambda: fixed)
        monkeypatch.setattr("kitestring.domains.publishing.queries.phone_link.now", lambda: fixed)
        told = self.page(harbour, door, waiting)
        drawn = codes.qr(
            f"https://desk.example{link(harbour, waiting)}", "Code that opens this hand-off on a phone"
        )
        assert str(drawn) in told

    @pytest.mark.parametrize(
        ("public", "host", "shown"),
        [
            ("http://127.0.0.1:8420", "localhost", False),
            ("http://0.0.0.0:8420", "[::1]", False),
            ("http://127.0.0.1:8420", "192.168.1.5:8420", True),
            ("https://desk.example", "localhost", True),
        ],
    )
    def test_it_is_shown_where_a_phone_can_open_it(
        self,
        harbour: Harbour,
        waiting: Delivery,
        door: Door,
        settings: Any,
        public: str,
        host: str,
        shown: bool,
    ) -> None:
        settings.PUBLIC_URL, settings.ALLOWED_HOSTS = public, ["*"]
        settings.SECURE_SSL_REDIRECT = False
        told = self.page(harbour, door, waiting, HTTP_HOST=host)
        assert ('class="qr"' in told) is shown
        assert ("A phone cannot reach this server" in told) is not shown

    def test_it_is_made_anew_and_leads_away_when_all_is_done(
        self, harbour: Harbour, waiting: Delivery, door: Door, settings: Any
    ) -> None:
        settings.PUBLIC_URL = "https://desk.example"
        client, address = door(harbour.world.editor), reverse("publishing:phone_code", args=[waiting.pk])
        first = client.get(address).content
        harbour.pass_(61)
        assert client.get(address).content != first
        Delivery.objects.update(state="published")
        answer = client.get(address)
        away = reverse("publishing:delivery", args=[waiting.pk])
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, away)

    def test_who_may_not_settle_gets_none(self, harbour: Harbour, waiting: Delivery, door: Door) -> None:
        client = door(harbour.world.stakeholder)
        page = client.get(reverse("publishing:hand_off", args=[waiting.pk])).content.decode()
        assert "On your phone" not in page
        assert client.get(reverse("publishing:phone_code", args=[waiting.pk])).status_code == 403


class TestFiles:
    @pytest.fixture
    def two(self, harbour: Harbour, waiting: Delivery, settings: Any, tmp_path: Path) -> list[Asset]:
        settings.MEDIA_ROOT = tmp_path
        made = []
        for name, colour, kind in (("b/ly trà: 1.png", "red", "PNG"), ("a.webp", "blue", "WEBP")):
            drawn = io.BytesIO()
            Image.new("RGB", (64, 48), colour).save(drawn, kind)
            made.append(add_asset(harbour.world.editor, harbour.world.brand, name, [drawn.getvalue()]))
        waiting.payload = {
            **waiting.payload, "media": [{"asset": str(a.pk), "sha256": a.sha256, "alt": ""} for a in made],
        }  # fmt: skip
        waiting.save()
        return made

    def test_they_are_numbered_in_their_order(
        self, harbour: Harbour, waiting: Delivery, two: list[Asset], phone: Client, door: Door
    ) -> None:
        desk = reverse("publishing:hand_off", args=[waiting.pk])
        for client, base in ((phone, link(harbour, waiting)), (door(harbour.world.editor), desk)):
            page = client.get(base).content.decode()
            for number in (1, 2):
                assert f'{base}files/{number}/"' in page
                small = client.get(f"{base}files/{number}/thumb/")
                assert small.headers["Content-Type"] in ("image/jpeg", "image/png")
                assert Image.open(io.BytesIO(body(small))).size == (64, 48)
            first, second = (client.get(f"{base}files/{number}/") for number in (1, 2))
            assert body(first)
            assert "01%20ly%20tr%C3%A0%201.png" in first.headers["Content-Disposition"]
            assert second.headers["Content-Disposition"] == 'attachment; filename="02 a.webp"'
            assert Image.open(io.BytesIO(body(second))).size == (64, 48)
            assert client.get(f"{base}files/3/").status_code == 404
            assert client.get(f"{base}files/0/").status_code == 404

    def test_they_are_saved_as_the_channel_takes_them(
        self, harbour: Harbour, waiting: Delivery, two: list[Asset], door: Door, channels: dict[str, Any]
    ) -> None:
        kind = {"key": "post", "label": text("Post"), "text": {"limit": 300, "unit": "codepoint", **FACT}}
        media = {"count": 9, "mimes": ["image/jpeg"], **FACT}
        channels[waiting.account.channel] = connector("by_hand", kinds=[{**kind, "media": media}])
        base = reverse("publishing:hand_off", args=[waiting.pk])
        answer = door(harbour.world.editor).get(f"{base}files/2/")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="02 a.jpg"'
        assert Image.open(io.BytesIO(body(answer))).format == "JPEG"


@pytest.mark.parametrize(
    ("links", "answers", "in_words", "note"),
    [("none", False, False, True), ("clickable", False, True, False), ("clickable", True, False, False)],
)
def test_the_link_goes_with_the_words_only_where_it_can(
    harbour: Harbour,
    waiting: Delivery,
    door: Door,
    channels: dict[str, Any],
    links: str,
    answers: bool,
    in_words: bool,
    note: bool,
) -> None:
    kind = {"key": "post", "label": text("Post"), "text": {"limit": 300, "unit": "codepoint", **FACT}}
    by_hand = {
        "steps": [text("Open it.")],
        "proof_hosts": ["harbour.test"],
        "open_url": "https://harbour.test/new",
    }
    if answers:
        by_hand["open_urls"] = {"post": "{link}"}
    channels[waiting.account.channel] = connector(
        "by_hand", kinds=[{**kind, "links": links}], hand_off=by_hand
    )
    waiting.payload = {**waiting.payload, "link": "https://harbour.test/q/7"}
    waiting.save()
    page = door(harbour.world.editor).get(reverse("publishing:hand_off", args=[waiting.pk])).content.decode()
    copied = page.partition('id="copy-text"')[2].partition("</textarea>")[0]
    assert ("https://harbour.test/q/7" in copied) is in_words
    assert ("The link of the post is left out" in page) is note
    assert ('href="https://harbour.test/q/7"' in page) is answers
    assert ('href="https://harbour.test/new"' in page) is not answers


def test_what_was_declared_and_who_has_it_stand_on_the_page(
    harbour: Harbour, waiting: Delivery, door: Door
) -> None:
    address = reverse("publishing:hand_off", args=[waiting.pk])
    editor = door(harbour.world.editor)
    before = editor.get(address).content.decode()
    assert "Declared: set it in the app too" not in before
    assert "You have this." not in before
    assert waiting.revision is not None
    waiting.revision.content = {**waiting.revision.content, "about": {"paid": "yes"}}
    waiting.revision.save(update_fields=["content"])
    Delivery.objects.filter(pk=waiting.pk).update(carried_by=harbour.world.editor)
    page = editor.get(address).content.decode()
    assert "Declared: set it in the app too" in page
    assert ">Advertising<" in page
    assert "You have this." in page
    assert "You have this." not in door(harbour.world.manager).get(address).content.decode()
