"""The pages: their address answers or is free, and the built assets are there."""

from __future__ import annotations

from collections.abc import Iterator

from kitestring.cli.checks.finding import Finding, well, wrong
from kitestring.cli.fingerprint import PACKAGE
from kitestring.cli.instance import Address, Instance
from kitestring.cli.ready import answers, port_is_free
from kitestring.kit.postgres import Busy

MANIFEST = PACKAGE / "ui" / "static" / "ui" / "manifest.json"


def look(instance: Instance, address: Address) -> Iterator[Finding]:
    if MANIFEST.exists():
        yield well("The pages' assets are there.")
    else:
        yield wrong(
            "The pages' assets are missing, so pages come without style.",
            "install the released wheel; in a checkout build them with `npm --prefix frontend run build`",
        )
    if _is_up(instance):
        if answers(address):
            yield well(f"The pages answer on {address.url}.")
        else:
            yield wrong(f"The pages do not answer on {address.url}.", f"see {instance.logs / 'web.log'}")
    elif not port_is_free(address):
        yield wrong(
            f"{address.url} is in use by another program.", "stop that program, or use kitestring up --bind"
        )
    else:
        yield well(f"{address.url} is free.")


def _is_up(instance: Instance) -> bool:
    if not instance.lock.path.exists():
        return False
    try:
        instance.lock.take()
    except Busy:
        return True
    instance.lock.drop()
    return False
