"""Whether the world can reach this Kitestring, for channels that fetch files themselves."""

from __future__ import annotations

from django.conf import settings


def public_address() -> str:
    """The https address others reach us by; "" where there is none. Where calls to this machine itself are let through (the
    demo, tests), its own address will do."""
    address = str(settings.PUBLIC_URL)
    return address if address.startswith("https://") or settings.ALLOW_LOOPBACK else ""
