"""What was there before revisions has been read by somebody: it becomes revision 1, with its answer and its file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kitestring.domains.reports.models import ReportRevision
from kitestring.kit.clock import now
from tests.world import make_world

BEFORE, AFTER = [("reports", "0001_initial")], [("reports", "0002_words_and_revisions")]


def at(place: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(place)
    return MigrationExecutor(connection).loader.project_state(place).apps


@pytest.fixture
def before(transactional_db: None) -> Iterator[Any]:
    yield at(BEFORE)
    at(AFTER)


def test_a_report_of_before_is_shared_as_it_stood(before: Any) -> None:
    world = make_world()
    report = before.get_model("reports", "Report").objects.create(
        brand_id=world.brand.pk, title="Old", content={"title": "Old"}, secret="s" * 32, language="en",
        made_by_id=world.analyst.pk, starts_on=now().date(), ends_on=now().date(), pdf="reports/old.pdf",
    )  # fmt: skip
    before.get_model("reports", "ReportAnswer").objects.create(
        report=report, choice="leave", signed_as="林总", member_id=world.stakeholder.pk
    )
    at(AFTER)
    revision = ReportRevision.objects.get(report_id=report.pk)
    assert (revision.number, revision.content, revision.pdf) == (1, {"title": "Old"}, "reports/old.pdf")
    assert (revision.answer.signed_as, revision.shared_by) == ("林总", world.analyst)
    assert revision.shared_at == report.made_at
