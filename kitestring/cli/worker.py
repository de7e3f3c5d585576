"""`kitestring worker`: one worker on the database of an instance; any number may run, here or on other machines.

One that is killed is back within a tenth of a second (see `keeper`). When the database goes away the worker ends with exit
code 1, and whoever started it starts it again: a worker that is gone loses nothing, because what is owed stands in the
ledger.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import django
import psycopg
import uvloop
from django.db import connections
from procrastinate import exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from kitestring.cli.instance import SETTINGS, Instance
from kitestring.cli.keeper import Keeper
from kitestring.cli.trouble import CommandFailed
from kitestring.connectorkit import registry
from kitestring.kit import heap, http
from kitestring.kit.beat import beat_on, leaving
from kitestring.kit.postgres import url_of_running

CONCURRENCY = 16  # jobs at once in one process; most of their time is waiting for others
POLL = 2.0  # seconds; a job whose time has come sends no notification
WAIT_FOR_DATABASE = 3.0  # seconds for a connection before the worker gives up
QUEUE_NAME = "kitestring queue"  # how the queue's own connections are named on the server
SPARE_THREADS = 8  # so that a name can be looked up while every job is busy
TAKE_TURNS = 0.002  # seconds; the threads that speak to the database and to the channels take short steps beside a busy loop
GRACE = 3.0  # seconds a running job has when the worker is asked to stop; what is sent has its last words after that


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--concurrency", type=int, default=CONCURRENCY, help="jobs at once (default %(default)s)"
    )
    parser.add_argument("--queues", default="", help="only these queues, separated by commas")


def run(arguments: argparse.Namespace) -> int:
    url = os.environ.get("DATABASE_URL") or url_of_running(Instance().home)
    if not url:
        raise CommandFailed(
            "There is no database to work on: this instance is not running here and DATABASE_URL is not set. "
            "Start it with `kitestring up`, which brings a worker, or set DATABASE_URL."
        )
    os.environ["DATABASE_URL"] = url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    load()
    queues = [name for name in arguments.queues.split(",") if name]
    return Keeper(partial(work_once, queues, arguments.concurrency)).keep()


def load() -> None:
    """Everything that a worker goes on using, so that a fork of this process has it at once."""
    registry.connectors()
    heap.settle()


def work_once(queues: list[str], concurrency: int) -> int:
    """One life of the worker; its exit code."""
    try:
        asked_to_stop = uvloop.run(work(queues, concurrency))
    except (psycopg.OperationalError, exceptions.ConnectorException) as error:
        print(f"The database went away: {error}", file=sys.stderr)
        return 1
    return 0 if asked_to_stop else 1


def give_back(call_next: Callable[[], Any], _context: object, _worker: object) -> Any:
    """A plain job runs in a thread, and a thread keeps its database connection: close it when the job is done.

    Otherwise a burst leaves one open for every thread there ever was, and a server of a hundred is soon full. Opening
    one anew costs a few milliseconds; the ledger's own jobs are asynchronous, share one, and are not touched.
    """
    try:
        return call_next()
    finally:
        connections.close_all()


async def work(queues: list[str], concurrency: int) -> bool:
    """Work until asked to stop (True) or until the database is lost (False, or the driver's error)."""
    # Plain jobs, names that are looked up and pictures share these threads: bounded by the jobs at once, not by cores.
    threads = ThreadPoolExecutor(concurrency + SPARE_THREADS, thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(threads)
    kwargs = {**connector_params(), "application_name": QUEUE_NAME}
    connector = PsycopgConnector(kwargs=kwargs, min_size=1, max_size=8, timeout=WAIT_FOR_DATABASE)
    with app.replace_connector(connector):
        # Connections to the channels are kept between jobs, and what speaks over them is loaded before the first is due.
        async with app.open_async(), http.hold():
            working = asyncio.create_task(
                app.run_worker_async(
                    # None is all queues; the engine's own annotation forgets to say so.
                    queues=queues or None,  # type: ignore[arg-type]  # see above
                    concurrency=concurrency,
                    fetch_job_polling_interval=POLL,
                    shutdown_graceful_timeout=GRACE,
                    delete_jobs="successful",
                    task_middleware=[give_back],
                    install_signal_handlers=False,
                )
            )
            heap.settle()
            sys.setswitchinterval(TAKE_TURNS)
            beating = asyncio.create_task(beat_on())
            try:
                return await _until_asked(working)
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)


async def _until_asked(working: asyncio.Task[None]) -> bool:
    """The engine stops alike for a signal and for a lost database; here we remember which it was."""
    asked = asyncio.Event()

    def ask() -> None:
        if not asked.is_set():
            asked.set()
            leaving()
            working.cancel()  # the engine takes this as a request to finish what runs

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ask)
    try:
        await working
    except asyncio.CancelledError:
        if not asked.is_set():
            raise
    return asked.is_set()
