"""A cluster starts from nothing and again, under any name of folder, and leaves no process behind."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from kitestring.kit.postgres import Busy, Cluster, Trouble, url_of_running

NewCluster = Callable[..., Cluster]


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def tell(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


def test_the_first_start_makes_the_database_and_the_next_finds_it(
    open_folder: Path, new_cluster: NewCluster
) -> None:
    cluster = new_cluster(open_folder / "home", fresh=True, durable=True)
    cluster.start()
    assert ask(cluster.url(), "SELECT current_database()") == "kitestring"
    assert ask(cluster.url(), "SHOW server_encoding") == "UTF8"
    assert ask(cluster.url(), "SELECT lower('ĐỒNG') || upper('ß é')") == "đồngß É"
    assert ask(cluster.url(), "SHOW fsync") == "on"
    tell(cluster.url(), "CREATE TABLE kept AS SELECT 42 AS n")
    pid = cluster.pid
    cluster.stop()
    assert pid is not None
    assert not psutil.pid_exists(pid)
    cluster.start()
    assert ask(cluster.url(), "SELECT n FROM kept") == 42


def test_it_listens_on_a_private_socket_only(open_folder: Path, new_cluster: NewCluster) -> None:
    cluster = new_cluster(open_folder / "home")
    cluster.start()
    assert ask(cluster.url(), "SHOW listen_addresses") == ""
    assert cluster.sockets.stat().st_mode & 0o777 == 0o700
    assert cluster.place.data.stat().st_mode & 0o777 == 0o700
    assert cluster.pid is not None
    assert not [c for c in psutil.Process(cluster.pid).net_connections() if c.status == psutil.CONN_LISTEN]


@pytest.mark.parametrize(
    "name",
    ["with spaces", "风筝线 的数据", 'it\'s, "so"', "long " + "a-rather-long-name/" * 6 + "end"],
    ids=["spaces", "chinese", "quotes", "over-90"],
)
def test_any_name_of_folder_will_do(open_folder: Path, new_cluster: NewCluster, name: str) -> None:
    cluster = new_cluster(open_folder / name)
    cluster.start()
    assert len(str(cluster.sockets / ".s.PGSQL.5432").encode()) <= 107
    assert ask(cluster.url(), "SELECT 1") == 1
    assert url_of_running(open_folder / name) == cluster.url()
    sockets = cluster.sockets
    cluster.stop()
    assert not sockets.exists()
    assert url_of_running(open_folder / name) is None


def test_a_second_owner_is_told_who_is_first(open_folder: Path, new_cluster: NewCluster) -> None:
    new_cluster(open_folder / "home").start()
    with pytest.raises(Busy, match="Another Kitestring"):
        Cluster(open_folder / "home").start()


def test_an_early_address_is_the_later_one(open_folder: Path, new_cluster: NewCluster) -> None:
    cluster = new_cluster(open_folder / "home")
    url = cluster.prepare()
    cluster.start()
    assert url == cluster.url()


def test_the_tools_are_there(open_folder: Path, new_cluster: NewCluster) -> None:
    cluster = new_cluster(open_folder / "home")
    cluster.start()
    tell(cluster.url(), "CREATE TABLE kite (colour text)")
    dump = subprocess.run(
        [cluster.tool("pg_dump"), "-d", cluster.url()], check=True, capture_output=True, text=True
    )
    assert "CREATE TABLE public.kite" in dump.stdout


def test_a_broken_or_foreign_folder_is_left_alone(open_folder: Path, new_cluster: NewCluster) -> None:
    cluster = new_cluster(open_folder / "home")
    cluster.start()
    cluster.stop()
    stamp = cluster.place.data / "PG_VERSION"
    stamp.write_text("16\n")
    with pytest.raises(Trouble, match="made by PostgreSQL 16"):
        cluster.start()
    stamp.unlink()
    with pytest.raises(Trouble, match="not a whole database"):
        cluster.start()
    stamp.write_text("18\n")
    cluster.start()
