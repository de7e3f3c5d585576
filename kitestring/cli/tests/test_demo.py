"""What the demo says when it is there: who may sign in, in which role and language, also from what an older one noted."""

from __future__ import annotations

import pytest

from kitestring.cli import demo


def test_who_is_who(capsys: pytest.CaptureFixture[str]) -> None:
    people = {"name": "Anh Tuấn", "role": "analyst", "email": "tuan@demo.example", "password": "swordfish"}
    demo._greet(
        [people | {"language": "Tiếng Việt"}, people | {"language": "简体中文"}, people | {"name": "Lan"}]
    )
    told = capsys.readouterr().out
    assert "swordfish" in told
    assert "both brands" in told
    assert "tuan@demo.example    analyst      Tiếng Việt   Anh Tuấn" in told
    assert "analyst      简体中文     Anh Tuấn" in told  # under the other: each letter is two places wide
    assert told.rstrip().endswith("Lan")
