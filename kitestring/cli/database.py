"""The instance's database for a command that needs it for a moment, whether `kitestring up` runs or not."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kitestring.cli.instance import Instance
from kitestring.cli.trouble import CommandFailed
from kitestring.kit.postgres import Cluster, url_of_running
from kitestring.kit.postgres.engine import wheel_engine


@contextmanager
def reachable(instance: Instance) -> Iterator[str]:
    """The address of a database that answers: the one named, the one running, or ours started for the while."""
    named = os.environ.get("DATABASE_URL") or url_of_running(instance.home)
    if named:
        yield named
        return
    with Cluster(instance.home) as cluster:
        yield cluster.url()


def name_of(url: str) -> str:
    return urlsplit(url).path.lstrip("/") or "kitestring"


def beside(url: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def run_tool(name: str, url: str, *words: str | Path) -> None:
    """Run pg_dump or pg_restore of our own PostgreSQL on the database at `url`; its complaint becomes ours.

    The password goes by the environment, which only our own user can read; a command line everybody can.
    """
    address = conninfo_to_dict(url)
    password = address.pop("password", None)
    surroundings = {**os.environ, "PGPASSWORD": str(password)} if password else None
    command = [wheel_engine().tool(name), "--dbname", make_conninfo("", **address), *words]
    done = subprocess.run(command, env=surroundings, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise CommandFailed(f"{name} did not succeed. It says:\n{done.stderr.strip()[-2000:]}")
