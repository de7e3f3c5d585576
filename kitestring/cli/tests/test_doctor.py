"""The doctor says what is wrong in words, with the cure, and its exit code agrees."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from kitestring.cli.main import main
from kitestring.cli.tests.conftest import Up, until
from kitestring.kit.postgres import url_of_running


@pytest.fixture
def doctor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    for name in ("DATABASE_URL", "KITESTRING_SECRET_KEY", "KITESTRING_CRYPTO_KEYS"):
        monkeypatch.delenv(name, raising=False)

    def ask(home: Path, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("KITESTRING_HOME", str(home))
        code = main(["doctor", *words])
        return code, capsys.readouterr().out

    return ask


def test_before_the_first_start(tmp_path: Path, doctor: Callable[..., tuple[int, str]]) -> None:
    code, said = doctor(tmp_path / "nowhere")
    assert code == 1
    assert "There is no data folder" in said
    assert "do: kitestring up" in said
    assert not (tmp_path / "nowhere").exists()


def test_secrets_that_others_can_read_and_broken_ones(
    home: Path, doctor: Callable[..., tuple[int, str]]
) -> None:
    (home / "secrets.json").chmod(0o644)
    assert f"do: chmod 600 {home / 'secrets.json'}" in doctor(home)[1]
    (home / "secrets.json").write_text("{")
    assert "cannot be read" in doctor(home)[1]
    (home / "secrets.json").unlink()
    assert "The secrets are not there." in doctor(home)[1]


def test_an_address_somebody_else_has(home: Path, doctor: Callable[..., tuple[int, str]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = doctor(home, "--bind", f"127.0.0.1:{taken.getsockname()[1]}")
    assert code == 1
    assert "in use by another program" in said


def test_a_database_that_does_not_answer(
    home: Path, doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@127.0.0.1:9/nothing")
    assert "see that it runs and that DATABASE_URL is right" in doctor(home)[1]


def test_a_running_instance(
    home: Path, doctor: Callable[..., tuple[int, str]], new_up: Callable[..., Up]
) -> None:
    up = new_up(home).wait_until_up()
    bind = ("--bind", f"127.0.0.1:{up.address.port}")
    until(lambda: "A worker is alive" in doctor(home, *bind)[1], "the worker never said that it lives", 20)
    said = doctor(home, *bind)[1]
    for line in ("The database answers", "The schema is the one", f"The pages answer on {up.address.url}"):
        assert f"ok     {line}" in said
    url = url_of_running(home)
    assert url is not None
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '2 hours'"
        )
    assert "The last sign of life of a worker is 7" in doctor(home, *bind)[1]
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE kitestring_schema SET fingerprint = 'older'")
    code, said = doctor(home, *bind)
    assert code == 1
    assert "The schema is not the one this version wants." in said


def test_videos_can_be_converted_or_it_is_said(
    home: Path, doctor: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ok     Videos are converted by ffmpeg version" in doctor(home)[1]
    monkeypatch.setenv("KITESTRING_FFMPEG", str(home / "nowhere"))
    said = doctor(home)[1]
    assert "note   There is no ffmpeg here, so videos cannot be converted." in said
    assert "do: install ffmpeg, or name it in KITESTRING_FFMPEG" in said
