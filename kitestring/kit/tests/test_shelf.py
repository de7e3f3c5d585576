"""A shelf keeps what it was given through a crash, for this user alone, and gives back nothing it cannot open."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitestring.kit.crypto import Vault, new_key
from kitestring.kit.ids import uuid7
from kitestring.kit.shelf import Shelf, ShelfBroken


def test_what_is_put_is_there_sealed_until_it_is_dropped(tmp_path: Path) -> None:
    shelf, key = Shelf(tmp_path / "grants", Vault([new_key()])), uuid7()
    assert (list(shelf.keys()), shelf.get(key)) == ([], None)
    shelf.put(key, {"token": "phở"})
    shelf.put(key, {"token": "phở bò"})
    (kept,) = shelf.folder.iterdir()
    assert (kept.stat().st_mode & 0o777, shelf.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "token" not in kept.read_text("utf-8")
    assert (list(shelf.keys()), shelf.get(key)) == ([key], {"token": "phở bò"})
    shelf.drop(key)
    shelf.drop(key)
    assert list(shelf.keys()) == []


def test_what_cannot_be_opened_is_told_and_left(tmp_path: Path) -> None:
    shelf, key = Shelf(tmp_path, Vault([new_key()])), uuid7()
    shelf.put(key, {"token": "t"})
    with pytest.raises(ShelfBroken):
        Shelf(tmp_path, Vault([new_key()])).get(key)
    assert shelf.get(key) == {"token": "t"}
    (tmp_path / f"{uuid7()}.kept").write_text("half a")
    (tmp_path / "note.kept").write_text("no id")
    assert len(list(shelf.keys())) == 2


def test_sealed_anew_it_outlives_the_old_key(tmp_path: Path) -> None:
    old, new, key = new_key(), new_key(), uuid7()
    Shelf(tmp_path, Vault([old])).put(key, {"token": "t"})
    (tmp_path / f"{uuid7()}.kept").write_text("half a")
    Shelf(tmp_path, Vault([new, old])).seal_anew()
    assert Shelf(tmp_path, Vault([new])).get(key) == {"token": "t"}
