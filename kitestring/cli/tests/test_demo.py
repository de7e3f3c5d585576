"""What the demo says when it is there: who may sign in, in which role and language, also from what an older one noted."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitestring.cli import demo


def test_who_is_who(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KITESTRING_HOME", str(tmp_path))
    people = {"name": "Anh Tuấn", "role": "analyst", "email": "tuan@demo.example", "password": "swordfish"}
    demo._greet([people | {"language": "Tiếng Việt"}, people | {"name": "Lan"}])
    told = capsys.readouterr().out
    assert "swordfish" in told
    assert "both brands" in told
    assert "tuan@demo.example    analyst      Tiếng Việt   Anh Tuấn" in told
    assert told.rstrip().endswith("Lan")
