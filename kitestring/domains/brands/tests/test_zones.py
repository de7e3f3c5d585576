"""Time zones are found by city, by old names, and read in three languages."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kitestring.domains.brands.queries import database_knows
from kitestring.domains.brands.rules import city, offset_text, zone_named, zones

WINTER = datetime(2026, 1, 10, tzinfo=UTC)


def test_all_offered_zones_exist_once() -> None:
    assert len(set(zones())) == len(zones()) > 300
    for name in zones():
        ZoneInfo(name)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
        ("ho chi minh", "Asia/Ho_Chi_Minh"),
        ("asia/shanghai", "Asia/Shanghai"),
        ("PRC", "Asia/Shanghai"),
        ("america/argentina/buenos aires", "America/Argentina/Buenos_Aires"),
        ("utc", "UTC"),
        ("杭州", "Asia/Shanghai"),
        ("xi'an", "Asia/Shanghai"),
        ("hà nội", "Asia/Ho_Chi_Minh"),
        ("da nang", "Asia/Ho_Chi_Minh"),
        ("上海", "Asia/Shanghai"),
        (" 胡志明市 ", "Asia/Ho_Chi_Minh"),
        ("thượng hải", "Asia/Shanghai"),
        ("Thu\u031bo\u031b\u0323ng Ha\u0309i", "Asia/Shanghai"),
        ("TP Hồ Chí Minh", "Asia/Ho_Chi_Minh"),
        ("Ho Chi Minh City", "Asia/Ho_Chi_Minh"),
        ("上海, UTC+8", "Asia/Shanghai"),
        ("亚特兰蒂斯", None),
        ("Atlantis", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_a_zone_is_found_by_what_people_type(text: str, zone: str | None) -> None:
    assert zone_named(text) == zone


@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_every_line_of_the_list_is_understood_when_it_is_typed(language: str) -> None:
    for name in zones():
        shown = city(name, language)
        meant = zone_named(shown)
        assert meant is not None, shown
        assert city(meant, language) == shown or zone_named(meant.rpartition("/")[2]) == meant
    for name in zones():
        assert zone_named(name) == name


def test_the_city_is_said_in_the_readers_language() -> None:
    assert city("Asia/Shanghai", "zh-hans") == "上海"
    assert city("Asia/Shanghai", "vi") == "Thượng Hải"
    assert city("Asia/Ho_Chi_Minh", "zh-hans") == "胡志明市"
    assert offset_text("Asia/Kolkata", WINTER) == "UTC+5:30"
    assert offset_text("America/St_Johns", WINTER) == "UTC-3:30"


@pytest.mark.django_db
def test_a_zone_that_only_python_knows_is_no_brands() -> None:
    assert not database_knows("Moon/Tycho")
    assert all(database_knows(name) for name in zones())
