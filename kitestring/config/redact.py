"""Keeps one-time addresses out of the logs: whoever reads a log must not be able to use a link that still works."""

from __future__ import annotations

import logging
import re
from typing import Final

SECRET: Final = re.compile(r"(/(?:join|r|password/reset/key)/)[^/\s?\"']+")


class Redacted(logging.Filter):
    """Takes the secret out of a line's address; never drops a line."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if SECRET.search(said):
            record.msg, record.args = SECRET.sub(r"\1...", said), ()
        return True
