"""The tests' own ground: nothing leaves this machine, and every run has a data folder and a database of its own."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from django.conf import settings

from tests.database import FIXED, KEPT


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_no_connection_leaves_this_machine(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outward, pytest.raises(AssertionError, match="only this machine"):
        outward.connect(address)


def test_no_name_is_looked_up() -> None:
    with pytest.raises(AssertionError, match="look up"):
        socket.getaddrinfo("kitestring.example", 443)


def test_loopback_is_open() -> None:
    with socket.socket() as listening, socket.socket() as calling:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        calling.connect(("localhost", listening.getsockname()[1]))


def test_the_data_folder_is_this_runs_own() -> None:
    assert Path(os.environ["KITESTRING_HOME"]).resolve() == settings.HOME
    assert "ks-test-" in str(settings.HOME)
    assert settings.SECRET_KEY.startswith("only-for-tests")


def test_what_a_shell_holds_does_not_steer_the_tests() -> None:
    ours = {name for name in os.environ if name.startswith("KITESTRING_")}
    assert ours <= KEPT | set(FIXED) | {"KITESTRING_HOME"}
