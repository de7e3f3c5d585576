"""Tells a channel's own words from what our machines say to each other: nobody has to read of a class or an address."""

from __future__ import annotations

import re
from typing import Final

# Reasons whose words are never a channel's: they come from the connection, the disk, or from us.
OURS: Final = (
    "no_answer", "not_reached", "host_refused", "file_gone", "connector_broke", "not_started", "odd_id", "seal_broken",
    "look_up_unclear", "not_itself", "not_public",
)  # fmt: skip
# What was said about a connection stays with the row when a later reason is ours to word: "(TimeoutError)", "OSError: ...".
NAMED: Final = re.compile(
    r"\(\w*(?:[Ee]rror|Exception|Disconnected|Timeout|Refused)\)|^[A-Z]\w*(?:Error|Exception): "
    # The guarded client's own findings (`kit/http`).
    r"|(?:could not be reached|gave no whole answer) \(|^an answer of (?:more than )?\d+ bytes"
    r"|(?:does not lead to|is not) a public address|can be read in two ways"
)


def is_machine_talk(reason: str, said: str) -> bool:
    """Whether `said` is kept for whoever looks after the machine, and folded away from everybody else."""
    return bool(said) and (reason in OURS or NAMED.search(said) is not None)
