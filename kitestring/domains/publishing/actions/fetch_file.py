"""Lets a channel have a file of what is on its way to it, by the ticket that was handed to it."""

from __future__ import annotations

from kitestring.domains.publishing.queries.files import is_under_way
from kitestring.domains.publishing.rules.fetched import Ticket, read


def fetch_file(token: str) -> Ticket | None:
    """None for what we did not write, what is too old, and what is not under way any more."""
    ticket = read(token)
    return ticket if ticket is not None and is_under_way(ticket.delivery) else None
