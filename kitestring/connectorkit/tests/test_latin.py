"""A name as people spell it in a handle."""

from __future__ import annotations

import pytest

from kitestring.connectorkit.emulation import latin


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("Hiên Cà Phê", "hien_ca_phe"),
        ("Đặng Hoàng Nguyễn Phước", "dang_hoang_nguyen_phuoc"),
        ("Bếp nhỏ của Phương!", "bep_nho_cua_phuong"),
        ("青岚茶事 Qinglan", "qinglan"),
        ("青岚茶事", ""),
    ],
)
def test_a_handle_is_spelt_in_latin_letters(name: str, spelt: str) -> None:
    assert latin(name) == spelt
