"""A step that fails is named, with what was missing; the steps after it are not walked."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from kitestring.sandbox.addresses import Addresses
from kitestring.sandbox.once import __main__ as once
from kitestring.sandbox.once.door import Page
from kitestring.sandbox.once.stage import NotReached, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path, "http://127.0.0.1:1", Addresses({}), tmp_path)


def test_the_failed_step_is_named(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    walked: list[str] = []
    room = ModuleType("room")

    def fine(stage: Stage) -> str:
        walked.append("fine")
        return "as it should be"

    def broken(stage: Stage) -> str:
        raise NotReached("a comment did not come about within 90 s")

    room.fine, room.broken = fine, broken
    monkeypatch.setattr(once, "STEPS", (("x", "fine", "1 a"), ("x", "broken", "2 b"), ("x", "fine", "3 c")))
    monkeypatch.setattr(once.importlib, "import_module", lambda name: room)
    assert once._walk(stage) == "step 2 b: a comment did not come about within 90 s"
    assert walked == ["fine"]


def test_waiting_says_what_did_not_come(stage: Stage) -> None:
    with pytest.raises(NotReached, match="a reply did not come about within 0 s"):
        stage.until("a reply", lambda: None, within=0)


def test_a_pages_links_are_paths_with_those_of_its_parts() -> None:
    text = (
        b'<a href="/briefs/1/?a=1&amp;b=2">x</a><div hx-get="/posts/2/deliveries/" hx-trigger="load"></div>'
    )
    assert Page(200, "http://h/x/", text).links() == {"/briefs/1/", "/posts/2/deliveries/"}
