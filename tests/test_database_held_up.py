"""Nobody waits for long for a process that stands still: the server ends its transaction, and what it held is free."""

from __future__ import annotations

import time

import psycopg
import pytest
from asgiref.sync import async_to_sync
from django.db import OperationalError, connection, transaction
from procrastinate.contrib.django.utils import connector_params

from kitestring.config import environment
from kitestring.domains.publishing.actions.database import on_database
from kitestring.domains.publishing.models import Delivery
from kitestring.kit.jobs import enqueue, wake

pytestmark = pytest.mark.django_db(transaction=True)
SHOWN = "SHOW idle_in_transaction_session_timeout"


def test_every_connection_is_ended_by_the_server_when_it_stands_still() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SHOWN)
        assert cursor.fetchone() == ("30s",)
    with psycopg.connect(**connector_params()) as queue:
        assert queue.execute(SHOWN).fetchone() == ("30s",)


def test_a_name_that_somebody_holds_and_does_not_give_back_is_waited_for_no_longer_than_that() -> None:
    """One worker asked for a look in a transaction and then stood still: all others ask under the same name each second."""
    stopped = psycopg.connect(**connector_params())
    stopped.execute("SET idle_in_transaction_session_timeout = '500ms'")
    stopped.commit()
    stopped.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('delivery', 'publishing.drain', 'held up')"
    )
    begun = time.monotonic()
    enqueue("publishing.drain", once="held up")
    assert time.monotonic() - begun >= 0.4  # it did wait: the name was taken
    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        stopped.execute("SELECT 1")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = 'held up'")
        assert cursor.fetchone() == (1,)


def test_a_look_does_not_wait_for_somebody_who_stands_still_in_the_middle_of_the_same() -> None:
    with psycopg.connect(**connector_params()) as other:
        other.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock)"
            " VALUES ('delivery', 'publishing.drain', 'drain')"
        )
        begun = time.monotonic()
        assert not wake("publishing.drain", "drain")
        assert time.monotonic() - begun < 10  # half of what the server itself would wait, on a busy machine
        other.rollback()
    assert wake("publishing.drain", "drain")
    assert wake("publishing.drain", "drain")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE queueing_lock = 'drain'")
        assert cursor.fetchone() == (1,)
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


def _stand_still() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '50ms'")
        time.sleep(0.3)
        cursor.execute("SELECT 1")


def test_a_worker_that_was_ended_so_takes_it_for_a_database_that_went_away() -> None:
    """It has asked nothing of anybody by then, waits, and goes on over a new connection."""
    with pytest.raises(OperationalError):
        async_to_sync(on_database)(_stand_still)
    assert async_to_sync(on_database)(lambda: Delivery.objects.count()) == 0


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("postgresql://one:two@host.example/name", {"tcp_user_timeout": "25000", "connect_timeout": "10"}),
        ("postgresql:///name?host=/run/pg&connect_timeout=3", {"connect_timeout": "3"}),
        (
            "postgresql:///name?options=-c%20work_mem%3D9MB&sslmode=require",
            {"options": "-c idle_in_transaction_session_timeout=30s -c work_mem=9MB", "sslmode": "require"},
        ),
    ],
)
def test_what_the_address_says_comes_before_what_we_would_ask_for(url: str, wanted: dict[str, str]) -> None:
    found = environment.database(url)["OPTIONS"]
    assert {name: found[name] for name in wanted} == wanted
    assert "host" not in found
