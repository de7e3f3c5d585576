"""Hours as people type them: the brand's own clock, its nights of change, and what is no hour at all."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from kitestring.domains.publishing.forms import moment_from
from kitestring.kit.refusals import Refusal

SAIGON, BERLIN, NEW_YORK = (
    ZoneInfo(name) for name in ("Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York")
)


def test_nine_there_is_nine_there() -> None:
    moment = moment_from({"day": "2027-03-01", "time": "09:00"}, SAIGON)
    assert moment.isoformat() == "2027-03-01T02:00:00+00:00"


def test_an_hour_that_is_skipped_is_refused_and_one_that_comes_twice_is_its_first() -> None:
    with pytest.raises(Refusal) as refused:
        moment_from({"day": "2027-03-28", "time": "02:30"}, BERLIN)
    assert (refused.value.field, refused.value.reason) == ("due_at", "no_such_hour")
    twice = moment_from({"day": "2027-10-31", "time": "02:30"}, BERLIN)
    assert twice.isoformat() == "2027-10-31T00:30:00+00:00"


@pytest.mark.parametrize(
    ("day", "time", "zone"),
    [
        ("", "", SAIGON),
        ("2027-02-30", "10:00", SAIGON),
        ("2027-02-03", "25:00", SAIGON),
        ("2027-02-03\x00", "10:00", SAIGON),
        ("0001-01-01", "00:00", SAIGON),
        ("9999-12-31", "23:59", NEW_YORK),
    ],
)
def test_what_is_no_hour_is_refused_beside_the_field(day: str, time: str, zone: ZoneInfo) -> None:
    with pytest.raises(Refusal) as refused:
        moment_from({"day": day, "time": time}, zone)
    assert (refused.value.field, refused.value.reason) == ("due_at", "no_time")
