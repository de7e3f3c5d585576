"""Reddit's full names: t1_ a comment, t2_ a person, t3_ a post, t4_ a private message, each with its number in base 36."""

from __future__ import annotations

import re
from typing import Final

POST: Final = re.compile(r"t3_[a-z0-9]+")
SAID: Final = re.compile(r"t[13]_[a-z0-9]+")  # what can be answered in public
MESSAGE: Final = re.compile(r"t4_[a-z0-9]+")
IN_ADDRESS: Final = re.compile(r"/comments/([a-z0-9]+)(?:[/?#]|$)")


def short(name: str) -> str:
    """The number without its kind."""
    return name.partition("_")[2] or name


def post_in(address: str) -> str:
    """The post an address leads to; "" when it leads to none."""
    found = IN_ADDRESS.search(address)
    return f"t3_{found[1]}" if found else ""
