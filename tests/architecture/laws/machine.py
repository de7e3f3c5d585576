"""The tree knows no machine: no absolute path of somebody's disk, no package registry's address."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from tests.architecture.laws.findings import Finding

# Written in pieces, or this file would be its own first finding.
FOLDERS = re.compile(r"(?<![\w.~/-])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me")) + r")/[\w.-]+")
REGISTRIES = ("files.python" + "hosted.org", "registry." + "npmjs.org", "registry." + "yarnpkg.com")
REGISTRIES += ("pypi.org/" + "simple", "--index" + "-url ", "--extra-index" + "-url ")
PUBLIC = {"pypi.org", "www.npmjs.com", "npmjs.com", "localhost", "127.0.0.1"}


def local_registries() -> set[str]:
    """Host names this machine fetches packages from, as pip, uv and npm are told."""
    said = [value for key, value in os.environ.items() if re.search(r"INDEX_URL|npm_config_registry", key)]
    for tool in (["pip", "config", "list"], ["npm", "config", "get", "registry"]):
        try:
            told = subprocess.run(tool, capture_output=True, text=True, timeout=60, check=False).stdout
        except OSError:
            continue
        said += re.findall(r"[a-z]+://[^\s'\"]+", told)
    hosts = {urlsplit(address).hostname or "" for address in said}
    return {host for host in hosts if "." in host} - PUBLIC - {"registry." + "npmjs.org"}


def traces(files: Iterable[tuple[str, str]], hosts: Iterable[str] = ()) -> Iterator[Finding]:
    """Lines that name a folder of a machine or a registry."""
    names = (*REGISTRIES, *hosts)
    for path, text in files:
        for number, line in enumerate(text.splitlines(), start=1):
            folder = FOLDERS.search(line)
            if folder:
                yield Finding(path, number, f"names a folder of a machine: {folder[0]}")
            for name in names:
                if name in line:
                    yield Finding(path, number, f"names a registry: {name.strip()}")


def resolved(path: str, text: str) -> Iterator[Finding]:
    """npm locks that say where a package was fetched from, or lack its digest."""
    for name, entry in json.loads(text).get("packages", {}).items():
        if "resolved" in entry:
            yield Finding(path, 0, f"{name} says where it was fetched from")
        if name and not entry.get("link") and "integrity" not in entry and not entry.get("inBundle"):
            yield Finding(path, 0, f"{name} has no integrity")
