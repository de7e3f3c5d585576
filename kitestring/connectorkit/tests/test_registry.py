"""Channels are found, not listed; a stranger's broken package harms nobody."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from pydantic import ValidationError

from kitestring.connectorkit import registry
from kitestring.connectorkit.manifest import load

MANIFEST = """
slug = "{slug}"
provider = "p"
mode = "{mode}"
duplicate_safety = "{safety}"
kinds = []
name = {{ en = "A", zh-hans = "A", vi = "A" }}
auth = {{ kind = "none" }}
look = {{ shape = "feed", colour = "#000" }}
"""


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    registry.connectors.cache_clear()
    yield
    registry.connectors.cache_clear()


def package(folder: Path, name: str, text: str) -> EntryPoint:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text("")
    (folder / name / "manifest.toml").write_text(text, "utf-8")
    return EntryPoint(name, name, registry.ENTRY_POINTS)


def sound(slug: str, mode: str = "api", safety: str = "none") -> str:
    return MANIFEST.format(slug=slug, mode=mode, safety=safety)


def test_strangers_join_and_broken_ones_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ours = next(iter(registry.connectors()))
    registry.connectors.cache_clear()
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    points = [
        package(tmp_path, "stranger_sound", sound("zz-stranger")),
        package(tmp_path, "stranger_torn", "slug = "),
        package(tmp_path, "stranger_wrong", sound("wrong", mode="teleport")),
        package(tmp_path, "stranger_thief", sound(ours)),
        EntryPoint("gone", "no_such_package_here", registry.ENTRY_POINTS),
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    found = registry.connectors()
    assert found["zz-stranger"].package == "stranger_sound"
    assert found[ours].package.startswith(registry.HOME)
    assert "wrong" not in found
    for name in ("stranger_torn", "stranger_wrong", "stranger_thief", "no_such_package_here"):
        assert name in caplog.text
    assert list(found) == sorted(found)


def test_a_power_is_there_because_its_file_is(tmp_path: Path) -> None:
    package(tmp_path, "bare", sound("bare"))
    bare = registry.Connector(load(tmp_path / "bare"), "bare", tmp_path / "bare")
    assert bare.publishing is None
    assert bare.inbox is None
    assert not bare.can("metrics")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (sound("a", mode="hand_off"), "go together"),
        (sound("a", safety="read_back"), "settle time"),
        (sound("a") + "\nwhat = 1\n", "Extra inputs"),
    ],
)
def test_a_manifest_that_does_not_hang_together_is_refused(tmp_path: Path, text: str, why: str) -> None:
    package(tmp_path, "odd", text)
    with pytest.raises(ValidationError, match=why):
        load(tmp_path / "odd")


def test_what_comes_only_by_a_call_is_brought_by_it(tmp_path: Path) -> None:
    hooks = """
[hooks]
steps = []
brings = ["comment"]
only_so = ["message"]
source = "ours"
checked_on = 2026-11-21
"""
    package(tmp_path, "odd", f"{sound('a')}{hooks}")
    with pytest.raises(ValidationError, match="only_so names what is not brought: message"):
        load(tmp_path / "odd")


BY_HAND = """
slug = "by_hand"
provider = ""
mode = "hand_off"
duplicate_safety = "none"
name = {{ en = "A", zh-hans = "A", vi = "A" }}
auth = {{ kind = "none" }}
look = {{ shape = "feed", colour = "#000" }}

[[kinds]]
key = "article"
label = {{ en = "A", zh-hans = "A", vi = "A" }}
text = {{ limit = 10, unit = "codepoint", source = "ours", checked_on = 2026-11-21 }}

[[kinds]]
key = "answer"
links = "clickable"
label = {{ en = "A", zh-hans = "A", vi = "A" }}
text = {{ limit = 10, unit = "codepoint", source = "ours", checked_on = 2026-11-21 }}

[hand_off]
open_url = "https://by-hand.example/write"
open_urls = {{ answer = "{{link}}" }}
proof_hosts = ["by-hand.example"]
steps = [
  {{ en = "1", zh-hans = "1", vi = "1" }},
  {{ en = "2", zh-hans = "2", vi = "2", kinds = ["{kind}"] }},
]
app = {{ url = "{app}", source = "ours", checked_on = 2026-11-21, verified = false }}
"""


def by_hand(kind: str = "answer", app: str = "byhand://") -> str:
    return BY_HAND.format(kind=kind, app=app)


def test_a_hand_off_has_its_steps_and_its_page_by_kind(tmp_path: Path) -> None:
    package(tmp_path, "by_hand", by_hand())
    hand_off = load(tmp_path / "by_hand").hand_off
    assert hand_off is not None
    assert [step.en for step in hand_off.steps_for("article")] == ["1"]
    assert [step.en for step in hand_off.steps_for("answer")] == ["1", "2"]
    asked = "https://by-hand.example/q/7"
    assert hand_off.opens("article", asked) == "https://by-hand.example/write"
    assert hand_off.opens("answer", asked) == asked
    assert hand_off.opens("answer", "javascript:alert(1)") == hand_off.opens("answer") == hand_off.open_url


@pytest.mark.parametrize(
    "app", ["https://by-hand.example", "javascript://x", "byhand:", "by hand://", "data://x"]
)
def test_an_apps_address_is_a_scheme_of_its_own(tmp_path: Path, app: str) -> None:
    package(tmp_path, "by_hand", by_hand(app=app))
    with pytest.raises(ValidationError, match="opens no app"):
        load(tmp_path / "by_hand")


def test_a_step_for_a_kind_that_is_not_there_is_refused(tmp_path: Path) -> None:
    package(tmp_path, "by_hand", by_hand(kind="reel"))
    with pytest.raises(ValidationError, match="unknown kinds: reel"):
        load(tmp_path / "by_hand")


def test_sentences_may_stand_apart_but_none_twice(tmp_path: Path) -> None:
    package(tmp_path, "apart", sound("apart"))
    said = 'en = "Closed."\nzh-hans = "已关闭。"\nvi = "Đã đóng."\n'
    (tmp_path / "apart" / "sentences.toml").write_text(f"[closed]\n{said}", "utf-8")
    assert load(tmp_path / "apart").sentences["closed"].vi == "Đã đóng."
    with (tmp_path / "apart" / "manifest.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[sentences.closed]\n{said}")
    with pytest.raises(ValueError, match="closed"):
        load(tmp_path / "apart")
