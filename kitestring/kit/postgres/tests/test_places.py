"""Root, closed folders and strangers: the database goes where its owner can reach, or one sentence says why not."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

import kitestring
from kitestring.kit.postgres import Cluster, Trouble, engine, folders, place
from kitestring.kit.postgres.owner import Owner

NewCluster = Callable[..., Cluster]
only_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root has to hand the database to somebody else"
)


@pytest.fixture
def own_bases(open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    base = open_folder / "shared"
    monkeypatch.setattr(folders, "SHARED_BASES", (base,))
    return base


@only_root
def test_a_closed_home_keeps_its_database_elsewhere_and_finds_it_again(
    tmp_path: Path, own_bases: Path, new_cluster: NewCluster
) -> None:
    home = tmp_path / "instance"
    before = [parent.stat().st_mode for parent in home.parents]
    cluster = new_cluster(home, fresh=True)
    cluster.start()
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    cluster.stop()
    assert own_bases in cluster.place.folder.parents
    assert json.loads((home / "postgres" / "place.json").read_text()) == {"folder": str(cluster.place.folder)}
    again = new_cluster(home, fresh=True)
    again.start()
    with psycopg.connect(again.url()) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    assert [parent.stat().st_mode for parent in home.parents] == before


@only_root
def test_a_lost_place_is_said_and_never_replaced_by_an_empty_one(
    tmp_path: Path, own_bases: Path, new_cluster: NewCluster
) -> None:
    cluster = new_cluster(tmp_path / "instance", fresh=True)
    cluster.start()
    cluster.stop()
    shutil.rmtree(cluster.place.folder)
    with pytest.raises(Trouble, match="that folder is gone"):
        cluster.start()


@only_root
def test_programs_in_a_closed_folder_are_copied_once(
    tmp_path: Path,
    own_bases: Path,
    open_folder: Path,
    new_cluster: NewCluster,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wheel = engine.wheel_engine().root
    closed = tmp_path / "site-packages"
    shutil.copytree(
        wheel, closed / engine.PACKAGE / wheel.name, copy_function=os.link, ignore=engine.UNNEEDED
    )
    libraries = wheel.parent.parent / engine.LIBRARIES
    shutil.copytree(libraries, closed / engine.LIBRARIES, copy_function=os.link)
    monkeypatch.setattr(engine, "wheel_engine", lambda: engine.Engine(closed / engine.PACKAGE / wheel.name))
    cluster = new_cluster(open_folder / "home")
    cluster.start()
    programs = cluster.engine.root
    assert own_bases in programs.parents
    assert programs.stat().st_uid == 0
    assert not programs.stat().st_mode & 0o022
    made = cluster.tool("postgres").stat().st_mtime_ns
    cluster.stop()
    cluster.start()
    assert cluster.tool("postgres").stat().st_mtime_ns == made


@only_root
def test_without_any_place_one_sentence_names_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "SHARED_BASES", (tmp_path / "closed-too",))
    with pytest.raises(Trouble, match="DATABASE_URL"):
        Cluster(tmp_path / "instance").start()


@only_root
def test_a_base_that_others_may_write_is_not_trusted(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = open_folder / "shared"
    base.mkdir()
    base.chmod(0o777)
    monkeypatch.setattr(folders, "SHARED_BASES", (base,))
    nobody = pwd.getpwnam("nobody")
    assert folders.shared_base(Owner(nobody.pw_uid, nobody.pw_gid, "nobody")) is None


def test_a_taken_socket_folder_is_left_to_its_taker(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = Owner(os.geteuid(), os.getegid(), "me")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(open_folder))
    spot = place.Place(open_folder / ("long-" * 30), me)
    spot.folder.mkdir()
    first = place.sockets(spot)
    assert first.parent == open_folder
    first.chmod(0o777)
    second = place.sockets(spot)
    assert second.parent != open_folder
    second.rmdir()


def reachable_python(who: pwd.struct_passwd) -> str:
    """An interpreter that this user can run, of at least 3.11; the environment's own may be in a closed folder."""
    asks = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [python, "-c", asks], user=who.pw_uid, group=who.pw_gid, extra_groups=[], cwd="/", check=False
            )
        except OSError:
            continue
        if done.returncode == 0:
            return python
    pytest.skip("no Python that an ordinary user can run")


def test_an_ordinary_user_keeps_everything_in_the_home(
    open_folder: Path, stranger: pwd.struct_passwd
) -> None:
    """The whole life of a cluster as somebody who is not root, in a home only that user can enter."""
    python = reachable_python(stranger)
    home = open_folder / "theirs"
    home.mkdir(mode=0o700)
    os.chown(home, stranger.pw_uid, stranger.pw_gid)
    # Plain Python: the package alone, copied to where that user can read.
    code = open_folder / "code" / "kitestring" / "kit"
    shutil.copytree(Path(kitestring.__file__).parent / "kit" / "postgres", code / "postgres")
    for name in ("kit/__init__.py", "kit/tether.py", "__init__.py"):
        shutil.copy(Path(kitestring.__file__).parent / name, code.parent / name)
    script = (
        "from pathlib import Path; import sys; from kitestring.kit.postgres import Cluster\n"
        "for _ in range(2):\n"
        "    with Cluster(Path(sys.argv[1])) as cluster: print(cluster.place.folder, cluster.alive())\n"
    )
    packages = engine.wheel_engine().root.parent.parent
    done = subprocess.run(
        [python, "-c", script, str(home)],
        user=stranger.pw_uid, group=stranger.pw_gid, extra_groups=[], cwd="/", check=False,
        capture_output=True, text=True, env={"PYTHONPATH": f"{code.parent.parent}:{packages}"},
    )  # fmt: skip
    if "cannot be reached" in done.stderr or "not installed" in done.stderr:
        pytest.skip("this checkout is in a folder ordinary users cannot read")
    assert done.stdout.splitlines() == [f"{home / 'postgres'} True"] * 2, done.stderr
    assert (home / "postgres" / "data").stat().st_uid == stranger.pw_uid
