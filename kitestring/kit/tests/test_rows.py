"""Hand-written statements give whole objects, and models with converted columns are refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.kit.clock import now
from kitestring.kit.rows import objects, rows

pytestmark = pytest.mark.django_db
PAIR = (
    "SELECT {a}, {b} FROM django_session a JOIN django_session b ON b.session_key <> a.session_key"
    " WHERE a.session_key = %s"
)


@pytest.fixture(autouse=True)
def two_rows(db: None) -> None:
    for key in ("one", "two"):
        Session.objects.create(
            session_key=key, session_data=f"of {key}", expire_date=now() + timedelta(days=1)
        )


def test_objects_are_what_the_usual_way_gives() -> None:
    ((first, second),) = objects(PAIR, "one", a=Session, b=Session)
    for found, key in ((first, "one"), (second, "two")):
        usual = Session.objects.get(pk=key)
        for field in Session._meta.concrete_fields:
            assert getattr(found, field.attname) == getattr(usual, field.attname)
    first.session_data = "changed"
    first.save()
    assert rows("SELECT session_data FROM django_session WHERE session_key = %s", "one") == [("changed",)]


def test_values_are_never_part_of_the_statement() -> None:
    assert objects(PAIR, "' OR true --", a=Session, b=Session) == []


def test_a_converted_column_is_refused() -> None:
    with pytest.raises(TypeError, match="args"):
        objects("SELECT {j} FROM procrastinate_jobs j", j=ProcrastinateJob)
