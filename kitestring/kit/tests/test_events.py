"""What an event's fields become in the job that tells of it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from kitestring.kit import events
from kitestring.kit.events import announce, ids_in, subscribe
from kitestring.kit.ids import uuid7

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Told:
    ids: tuple[object, ...]
    words: tuple[str, ...] = ()


def test_ids_are_one_text_and_words_stay_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_subscribers", {})
    subscribe(Told, "tests.told")
    ids = tuple(uuid7() for _ in range(3))
    announce(Told(ids, ("m12", "m1 2")))
    announce(Told(()))
    first, second = ProcrastinateJob.objects.filter(task_name="tests.told").order_by("id")
    assert ids_in(first.args["ids"]) == list(ids)
    assert first.args["words"] == ["m12", "m1 2"]
    assert ids_in(second.args["ids"]) == []
    assert ids_in([str(one) for one in ids]) == list(ids), "what an older job holds"
