"""The whole line in a real browser, in each language: from an empty instance to a report on the boss's desk."""

from __future__ import annotations

import pytest

from kitestring.domains.workspaces.models import Role
from tests.journeys import after, before
from tests.journeys.conftest import Desk
from tests.journeys.engine import Engine
from tests.journeys.line import Line
from tests.journeys.looking import PHONE
from tests.journeys.platforms import Platforms
from tests.journeys.words import ALL, Words


@pytest.mark.parametrize("words", ALL, ids=[w.language for w in ALL])
def test_from_an_empty_instance_to_the_report(
    words: Words, live_server: object, desk: Desk, visitor: Desk, platforms: Platforms, engine: Engine
) -> None:
    line = Line(words, str(live_server), desk, visitor, platforms, engine)
    before.welcome(line)
    before.accounts(line)
    before.brief(line)
    before.ideas(line)
    before.decision(line)
    editor = desk(line.joins("Minh Quân", Role.EDITOR), f"/posts/{line.post}/")
    approver = desk(line.joins("周明珊", Role.APPROVER), "/")
    before.compose(line, editor)
    before.approval(line, editor, approver)
    after.schedule(line, editor)
    after.move(line, editor)
    after.first_hour(line)
    after.hand_off(line, desk(line.owner, "/", width=PHONE))
    after.deliver(line, editor)
    after.answer(line, editor)
    after.results(line, editor)
    after.report(line)
    assert line.wrong == []
