"""The database's settings: small in memory, socket only, ours at every start.

An operator's own choices go in with `ALTER SYSTEM`; PostgreSQL reads those after this file.
"""

from __future__ import annotations

from pathlib import Path

# Sized for a machine with 1-2 GB that also runs web and worker; docs/decisions/0013 has the figures.
COMMON = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "io_method": "sync",  # the default keeps three worker processes only for read-ahead
    "jit": "off",
    "max_parallel_workers_per_gather": "1",
    "max_parallel_workers": "2",
    "autovacuum_max_workers": "2",
    "random_page_cost": "1.1",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "log_min_messages": "warning",
    "log_line_prefix": "'%m [%p] '",
    "max_logical_replication_workers": "0",
}
DURABLE = {"wal_compression": "on", "max_wal_size": "512MB"}
# For tests: nothing must survive a power cut, so nothing waits for the disk.
THROWAWAY = {
    "dynamic_shared_memory_type": "mmap",  # in the data folder, so that a killed run leaves nothing outside
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "1h",
    "max_connections": "150",
}


def text(sockets: Path, name: str, *, durable: bool) -> str:
    """The whole of postgresql.conf."""
    chosen = {
        **COMMON,
        **(DURABLE if durable else THROWAWAY),
        "unix_socket_directories": f"'{sockets}'",
        "cluster_name": f"'{name}'",
    }
    lines = [f"{key} = {value}" for key, value in chosen.items()]
    return (
        "# Written by Kitestring at every start. For changes of your own use ALTER SYSTEM.\n"
        + "\n".join(lines)
        + "\n"
    )
