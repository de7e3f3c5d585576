"""An older program leaves a newer schema alone and says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg

from kitestring.cli.tests.conftest import Up
from kitestring.kit.postgres import Cluster

FUTURE = (
    "INSERT INTO django_migrations (app, name, applied) VALUES ('brands', '0099_of_the_future', ks_now())"
)
NOTED = "SELECT fingerprint FROM kitestring_schema"


def test_a_newer_schema_is_refused_and_left_as_it_is(home: Path, new_up: Callable[..., Up]) -> None:
    with Cluster(home) as cluster, psycopg.connect(cluster.url()) as connection:
        connection.execute(FUTURE)
        connection.execute("UPDATE kitestring_schema SET fingerprint = 'newer'")
    up = new_up(home)
    assert up.process.wait(60) == 1
    assert "made by a newer version" in up.words
    assert "brands.0099_of_the_future" in up.words
    assert "Traceback" not in up.words
    with Cluster(home) as cluster, psycopg.connect(cluster.url()) as connection:
        assert connection.execute(NOTED).fetchone() == ("newer",)


def test_an_older_schema_is_brought_up(home: Path, new_up: Callable[..., Up]) -> None:
    with Cluster(home) as cluster, psycopg.connect(cluster.url()) as connection:
        (before,) = connection.execute(NOTED).fetchone() or ("",)
        connection.execute("UPDATE kitestring_schema SET fingerprint = 'older'")
    up = new_up(home).wait_until_up()
    assert up.stop() == 0
    with Cluster(home) as cluster, psycopg.connect(cluster.url()) as connection:
        assert connection.execute(NOTED).fetchone() == (before,)
