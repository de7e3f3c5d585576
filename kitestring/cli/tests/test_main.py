"""The command line itself: what it understands, and what it leaves unloaded."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kitestring.cli.instance import Address, Instance, read_address
from kitestring.cli.main import COMMANDS, load, main
from kitestring.cli.tests.conftest import surroundings
from kitestring.cli.trouble import CommandFailed


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert all(name in said for name in COMMANDS)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "manage"])
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    assert COMMANDS[name] in capsys.readouterr().out
    assert callable(load(name).run)


def test_the_supervisor_stays_small() -> None:
    """It waits for months beside what it started: no Django, no database driver in it."""
    code = (
        "import kitestring.cli.up, sys; sys.exit(bool({'django', 'psycopg', 'aiohttp'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "host", "port", "url"),
    [
        ("127.0.0.1:8420", "127.0.0.1", 8420, "http://127.0.0.1:8420"),
        ("9000", "127.0.0.1", 9000, "http://127.0.0.1:9000"),
        ("[::1]:80", "::1", 80, "http://[::1]:80"),
        ("0.0.0.0:80", "0.0.0.0", 80, "http://127.0.0.1:80"),  # noqa: S104 - only read, nothing listens there
    ],
)
def test_addresses(text: str, host: str, port: int, url: str) -> None:
    assert read_address(text) == Address(host, port)
    assert read_address(text).url == url


@pytest.mark.parametrize("text", ["", "host:", "host:99999", "host:http"])
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(CommandFailed, match="is not an address"):
        read_address(text)


def test_secrets_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KITESTRING_SECRET_KEY")
    instance = Instance(tmp_path / "home")
    instance.make_folders()
    assert instance.make_secrets()
    first = instance.read_secrets()
    assert not instance.make_secrets()
    assert instance.read_secrets() == first
    assert len(str(first["secret_key"])) >= 50


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandFailed, match="KITESTRING_HOME"):
        Instance(tmp_path / "file" / "home").make_folders()


def test_manage_runs_djangos_commands_on_the_instance(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kitestring.cli", "manage", "showmigrations", "--plan", "-v", "0"],
        env=surroundings(home), check=False, capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "[X]  procrastinate." in done.stdout
    assert "[ ]" not in done.stdout


def test_the_database_can_be_looked_into(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kitestring.cli", "manage", "dbshell", "--", "-Atc", "SELECT current_database()"],
        env=surroundings(home), check=False, capture_output=True, text=True, cwd="/",
    )  # fmt: skip
    assert done.stdout.strip() == "kitestring", done.stderr
