"""Backup and restore through the command: what was there comes back, and nothing is ever lost on the way."""

from __future__ import annotations

import errno
import io
import json
import shutil
import socket
import stat
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest

from kitestring.cli.archive import add_text, unpack
from kitestring.cli.database import run_tool
from kitestring.cli.main import main
from kitestring.cli.trouble import CommandFailed
from kitestring.kit.postgres import Cluster


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "KITESTRING_SECRET_KEY", "KITESTRING_CRYPTO_KEYS"):
        monkeypatch.delenv(name, raising=False)


def do(home: Path, statement: str) -> list[tuple[object, ...]]:
    with Cluster(home) as cluster, psycopg.connect(cluster.url()) as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


@pytest.fixture
def filled(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance with a row and a file that somebody made."""
    do(home, "CREATE TABLE work AS SELECT 'grüße 风筝' AS text")
    (home / "media" / "a").mkdir(parents=True)
    (home / "media" / "a" / "图.png").write_bytes(b"\x89PNG")
    monkeypatch.setenv("KITESTRING_HOME", str(home))
    return home


@pytest.fixture
def backup(filled: Path) -> Path:
    file = filled.parent / "backup.tar"
    assert main(["backup", str(file)]) == 0
    return file


def test_a_backup_comes_back_in_an_empty_place(
    backup: Path, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    other = filled.parent / "other place"
    monkeypatch.setenv("KITESTRING_HOME", str(other))
    assert main(["restore", str(backup)]) == 0
    assert do(other, "SELECT text FROM work") == [("grüße 风筝",)]
    assert do(other, "SELECT count(*) FROM pg_database WHERE datname LIKE 'kitestring%'") == [(1,)]
    assert (other / "media" / "a" / "图.png").read_bytes() == b"\x89PNG"
    assert (other / "secrets.json").read_text() == (filled / "secrets.json").read_text()


LEDGER = """DROP TABLE publishing_delivery CASCADE; DROP TABLE channels_account CASCADE;
CREATE TABLE channels_account AS SELECT * FROM (VALUES (1, 'bluesky'), (2, 'telegram')) AS v(id, channel);
CREATE TABLE publishing_delivery AS SELECT * FROM (VALUES
    ('past', 1, 'scheduled', '', ks_now() - interval '1 minute'), ('future', 1, 'scheduled', '', ks_now() + interval '1 day'),
    ('unseen', 2, 'scheduled', '', ks_now() + interval '1 day'), ('going', 1, 'sending', '', ks_now()),
    ('by hand', 1, 'held', 'held_by_person', ks_now() - interval '1 minute'),
    ('out', 1, 'published', '', ks_now() - interval '1 minute')) AS v(name, account_id, state, reason, due_at),
    (VALUES (NULL::timestamptz, NULL::timestamptz, NULL::timestamptz, NULL::uuid, NULL::timestamptz, NULL::timestamptz,
        NULL::timestamptz, '', '{}'::jsonb, '', 0))
    AS w(backup_at, doubt_since, changed_at, owner, lease_until, not_before, processing_until, waits_for, reason_params,
        said, attempts)"""


def test_what_may_have_gone_out_since_is_doubted(filled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    do(filled, LEDGER)
    file = filled.parent / "ledger.tar"
    assert main(["backup", str(file)]) == 0
    assert main(["restore", "--replace", str(file)]) == 0
    assert "4 deliveries may have gone out" in capsys.readouterr().out
    asked = "SELECT name, state, reason, attempts, doubt_since IS NULL, backup_at IS NULL FROM publishing_delivery"
    assert sorted(do(filled, asked)) == [
        ("by hand", "needs_attention", "restored", 1, False, False),
        ("future", "scheduled", "", 1, True, False),
        ("going", "unknown", "restored", 1, False, False),
        ("out", "published", "", 0, True, True),
        ("past", "unknown", "restored", 1, False, False),
        ("unseen", "needs_attention", "restored", 0, False, False),
    ]


def test_what_is_restored_over_is_kept(
    backup: Path, filled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do(filled, "UPDATE work SET text = 'newer'")
    (filled / "media" / "newer.txt").write_text("newer")
    key = json.loads((filled / "secrets.json").read_text())["crypto_keys"][0]
    (filled / "secrets.json").write_text(json.dumps({"secret_key": "newer", "crypto_keys": ["newer-key"]}))
    assert main(["restore", str(backup)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert do(filled, "SELECT text FROM work") == [("newer",)]

    assert main(["restore", "--replace", str(backup)]) == 0
    assert do(filled, "SELECT text FROM work") == [("grüße 风筝",)]
    [(kept,)] = do(filled, "SELECT datname FROM pg_database WHERE datname LIKE 'kitestring_before_%'")
    assert str(kept) in capsys.readouterr().out
    with Cluster(filled) as cluster, psycopg.connect(cluster.url(str(kept))) as connection:
        assert connection.execute("SELECT text FROM work").fetchone() == ("newer",)
    [media] = filled.glob("media.before-*")
    assert (media / "newer.txt").read_text() == "newer"
    # Grants sealed before and since both open.
    assert json.loads((filled / "secrets.json").read_text())["crypto_keys"] == [key, "newer-key"]
    assert [*filled.glob(".restore-*")] == []


@pytest.mark.parametrize("form", ["a link", "a mount point"])
def test_media_may_be_a_link_or_a_mount_point(
    backup: Path, filled: Path, form: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    other = filled.with_name("other disk")
    (filled / "media").rename(other)
    if form == "a link":
        (filled / "media").symlink_to(other)
    else:
        (filled / "media").mkdir()
        if subprocess.run(["mount", "--bind", other, filled / "media"], capture_output=True).returncode:
            pytest.skip("mounting is not allowed here")
        request.addfinalizer(lambda: subprocess.run(["umount", filled / "media"], check=True))
    (other / "newer.txt").write_text("newer")
    assert main(["restore", "--replace", str(backup)]) == 0
    assert [path.name for path in other.iterdir()] == ["a"]
    assert (filled / "media" / "a" / "图.png").read_bytes() == b"\x89PNG"
    [aside] = filled.glob("media.before-*")
    assert (aside / "newer.txt").read_text() == "newer"
    assert str(aside) in capsys.readouterr().out


@pytest.mark.parametrize("breaks", ["the restored media", "the secrets", "the database in use"])
def test_a_restore_that_breaks_leaves_the_instance_as_it_was(
    backup: Path,
    filled: Path,
    breaks: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    do(filled, "UPDATE work SET text = 'newer'")
    (filled / "media" / "newer.txt").write_text("newer")
    newer = json.dumps({"secret_key": "newer", "crypto_keys": ["newer-key"]})
    (filled / "secrets.json").write_text(newer)
    with Cluster(filled) as cluster:
        monkeypatch.setenv("DATABASE_URL", cluster.url())
        with ExitStack() as during:
            if breaks == "the restored media":
                move, left = shutil.move, [3]

                def full(source: Path, target: Path) -> object:
                    left[0] -= 1
                    if left[0] == 0:
                        raise OSError(errno.ENOSPC, "No space left on device", str(target))
                    return move(source, target)

                monkeypatch.setattr(shutil, "move", full)
            elif breaks == "the secrets":
                (filled / "secrets.new").mkdir()
            else:
                during.enter_context(psycopg.connect(cluster.url()))
            assert main(["restore", "--replace", str(backup)]) == 1
        said = capsys.readouterr().err
        with psycopg.connect(cluster.url()) as connection:
            assert connection.execute("SELECT text FROM work").fetchone() == ("newer",)
            bases = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'kitestring%'")
            assert bases.fetchall() == [("kitestring",)]
    assert "Everything was put back" in said or "Nothing was changed" in said
    assert json.loads((filled / "secrets.json").read_text()) == json.loads(newer)
    assert (filled / "media" / "newer.txt").read_text() == "newer"
    assert (filled / "media" / "a" / "图.png").read_bytes() == b"\x89PNG"
    assert not [*filled.glob("*.before-*"), *filled.glob(".restore-*")]


def test_a_file_that_is_no_backup_changes_nothing(
    filled: Path, capsys: pytest.CaptureFixture[str], backup: Path
) -> None:
    broken = filled.parent / "broken.tar"
    broken.write_bytes(backup.read_bytes()[:2000])
    for file in (broken, filled.parent / "absent.tar"):
        assert main(["restore", "--replace", str(file)]) == 1
    assert do(filled, "SELECT text FROM work") == [("grüße 风筝",)]
    said = capsys.readouterr().err
    assert "not a whole backup" in said
    assert "There is no file" in said


@pytest.mark.parametrize("name", ["../outside", "media/../../outside", "/tmp/outside", "else.txt", "media"])
def test_a_backup_cannot_write_outside(filled: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    evil = filled.parent / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        entry = tarfile.TarInfo(name)
        entry.size = 4
        tar.addfile(entry, io.BytesIO(b"evil"))
    assert main(["restore", "--replace", str(evil)]) == 1
    assert "does not belong there" in capsys.readouterr().err
    assert not (filled.parent / "outside").exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"media/a": b"a file", "media/a/b": b"and a folder"},
        {"about.json": b"[]"},
        {"about.json": b'{"form": 1}'},
        {"secrets.json": b"[]"},
        {"secrets.json": b"\xff"},
        {"media/" + "n" * 300: b"a name too long"},
    ],
)
def test_an_odd_backup_is_refused_before_anything_is_changed(
    filled: Path, odd: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    whole = {"about.json": b'{"form": 1, "made_at": "today"}', "database.dump": b"PGDMP", **odd}
    file = filled.parent / "odd.tar"
    with tarfile.open(file, "w") as tar:
        for name, content in whole.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    assert main(["restore", "--replace", str(file)]) == 1
    assert "Nothing was changed." in capsys.readouterr().err
    assert do(filled, "SELECT text FROM work") == [("grüße 风筝",)]


@pytest.mark.parametrize(("version", "newer"), [("99.1", True), ("0.0.9", False), ("checkout", False)])
def test_a_newer_versions_backup_is_refused(
    version: str, newer: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kitestring.cli.version.version", lambda name: "0.10.0")
    file, about = tmp_path / "other.tar", {"form": 1, "version": version, "made_at": "today"}
    with tarfile.open(file, "w") as tar:
        add_text(tar, "about.json", json.dumps(about))
        add_text(tar, "database.dump", "PGDMP")
    (tmp_path / "into").mkdir()
    if newer:
        with pytest.raises(CommandFailed, match=r"newer Kitestring \(99\.1; this is 0\.10\.0\)"):
            unpack(file, tmp_path / "into")
    else:
        assert unpack(file, tmp_path / "into").about == about


def test_an_existing_file_is_never_overwritten(backup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = backup.read_bytes()
    assert main(["backup", str(backup)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert backup.read_bytes() == before


def test_the_keys_that_count_are_in_the_backup(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = json.loads((filled / "secrets.json").read_text())
    monkeypatch.setenv("KITESTRING_CRYPTO_KEYS", "rotated,older")
    file = filled.parent / "effective.tar"
    assert main(["backup", str(file)]) == 0
    assert "of the environment (KITESTRING_CRYPTO_KEYS)" in capsys.readouterr().out
    with tarfile.open(file) as tar:
        inside = json.load(tar.extractfile("secrets.json"))
    assert inside == {"secret_key": kept["secret_key"], "crypto_keys": ["rotated", "older"]}


@pytest.mark.parametrize("tool", ["pg_dump", "pg_restore"])
def test_the_databases_password_is_on_no_command_line(tool: str, tmp_path: Path) -> None:
    """A server that accepts and says nothing holds the tool still while we look at it as every user of the machine can."""
    password, lines, rights = "kite 'string' 26/%", [], []
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as pool:
        url = f"postgresql://mira:{quote(password, safe='')}@127.0.0.1:{server.getsockname()[1]}/work"
        running = pool.submit(run_tool, tool, url, *_words(tool, tmp_path))
        caller, _ = server.accept()
        for process in psutil.Process().children(recursive=True):
            if process.name() == tool:
                lines.append(" ".join(process.cmdline()))
                rights.append(process.environ().get("PGPASSWORD"))
        caller.close()
        with pytest.raises(CommandFailed):
            running.result(30)
    assert len(lines) == 1
    assert "mira" in lines[0]
    assert "kite" not in lines[0]
    assert rights == [password]


def _words(tool: str, folder: Path) -> list[str | Path]:
    if tool == "pg_dump":
        return ["--format=custom"]
    dump = folder / "empty.sql.tar"
    dump.write_bytes(b"PGDMP\x01\x0f\x00\x04\x08\x01" + b"\x00" * 400)
    return [dump]


def test_secrets_stay_out_when_asked(filled: Path) -> None:
    file = filled.parent / "bare.tar"
    assert main(["backup", "--without-secrets", str(file)]) == 0
    with tarfile.open(file) as tar:
        assert "secrets.json" not in tar.getnames()
