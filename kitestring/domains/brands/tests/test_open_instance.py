"""An empty instance leads everybody to one page, and that page works exactly once."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection, connections
from django.test import Client

from kitestring.domains.brands.actions.open_instance import open_instance
from kitestring.domains.brands.models import Brand
from kitestring.domains.workspaces.models import AuditEntry, Member, Role, User, Workspace
from kitestring.kit.refusals import Conflict
from tests.world import World

ANSWERS = {
    "name": "Lê Thu Hà",
    "email": "Ha@Crumb.Example",
    "password": "bread at four in the morning",
    "language": "vi",
    "workspace_name": "Crumb & Co",
    "brand_name": "Tiệm bánh Crumb",
    "brand_language": "vi",
    "timezone": "Asia/Saigon",
}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/settings/members/", "/account/login/", "/no-such-page/"])
def test_every_page_leads_to_the_first_one(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"] == "/welcome/"


@pytest.mark.django_db
def test_the_first_owner_is_made_whole_and_signed_in() -> None:
    client = Client()
    assert client.get("/welcome/").status_code == 200
    answer = client.post("/welcome/", ANSWERS)
    assert answer.status_code == 302
    owner = Member.objects.get()
    assert (owner.role, owner.language, owner.user.email) == (Role.OWNER, "vi", "ha@crumb.example")
    brand = Brand.objects.get()
    assert (brand.name, brand.timezone) == ("Tiệm bánh Crumb", "Asia/Ho_Chi_Minh")
    assert client.get("/settings/").status_code == 200
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"workspace.open", "brand.add"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("password", "short"),
        ("password", "1234567890123"),
        ("email", "nobody"),
        ("timezone", "Mars/Olympus"),
        ("brand_name", "   "),
        ("workspace_name", ""),
        ("name", "‏ "),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(field: str, value: str) -> None:
    answer = Client().post("/welcome/", {**ANSWERS, field: value})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="id_{field}-err"' in page
    assert ANSWERS["brand_name" if field != "brand_name" else "name"] in page
    assert ANSWERS["password"] not in page
    assert not User.objects.exists()
    assert not Workspace.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"), [("timezone", "亚特兰蒂斯"), ("password", "short"), ("name", "")]
)
def test_after_a_refusal_the_focus_is_where_the_mistake_is(field: str, value: str) -> None:
    page = Client().post("/welcome/", {**ANSWERS, field: value}).content.decode()
    (focused,) = [tag for tag in re.findall(r"<input[^>]*>", page) if " autofocus" in tag]
    assert f'name="{field}"' in focused


@pytest.mark.django_db
def test_a_city_is_taken_as_the_list_writes_it() -> None:
    Client(headers={"accept-language": "zh-hans"}).post("/welcome/", {**ANSWERS, "timezone": "上海"})
    assert Brand.objects.get().timezone == "Asia/Shanghai"


@pytest.mark.django_db
def test_the_browsers_zone_counts_where_ours_was_left() -> None:
    client = Client(headers={"accept-language": "en"})
    client.post("/welcome/", {**ANSWERS, "timezone": "UTC", "zone_guess": "Asia/Calcutta"})
    assert Brand.objects.get().timezone == "Asia/Kolkata"


@pytest.mark.django_db
def test_a_city_is_understood() -> None:
    Client().post("/welcome/", {**ANSWERS, "timezone": "new york"})
    assert Brand.objects.get().timezone == "America/New_York"


def test_the_page_works_only_once(world: World) -> None:
    answer = Client().get("/welcome/")
    assert answer.status_code == 200
    assert "first owner" in answer.content.decode()
    people = User.objects.count()
    Client().post("/welcome/", ANSWERS)
    assert User.objects.count() == people
    assert Client().get("/settings/")["Location"].startswith("/account/login/")


@pytest.mark.django_db(transaction=True)
def test_of_two_first_owners_at_once_one_wins() -> None:
    told: list[str] = []
    start = threading.Barrier(2)

    def go(email: str) -> None:
        try:
            start.wait(5)
            open_instance(**{**ANSWERS, "email": email})
            told.append("won")
        except Conflict:
            told.append("conflict")
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=go, args=(f"{n}@crumb.example",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["conflict", "won"]
    assert (User.objects.count(), Workspace.objects.count(), Brand.objects.count()) == (1, 1, 1)
    assert connection.vendor == "postgresql"
