"""Samples as CSV lines, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final

from kitestring.domains.analytics.models import AccountSample, Sample
from kitestring.domains.analytics.queries.titles import title_of

HEAD: Final = (
    "post",
    "account",
    "channel",
    "published_at",
    "metric",
    "value",
    "field",
    "at",
    "read_at",
    "why",
    "typed_by",
)
ACCOUNT_HEAD: Final = ("account", "channel", "day", "metric", "value", "field", "at", "read_at", "why")
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
MARK: Final = "\ufeff"


def _cell(text: object) -> str:
    """A spreadsheet takes a text that begins with one of `FORMULA` for a formula; an apostrophe says it is none."""
    word = "" if text is None else str(text)
    return f"'{word}" if word.startswith(FORMULA) else word


def lines(samples: Iterable[Sample]) -> Iterator[str]:
    """One line a sample, the head first; moments in UTC, missing values empty with their reason."""
    yield MARK + _line(HEAD)
    for sample in samples:
        delivery = sample.delivery
        published = delivery.published_at.isoformat() if delivery.published_at else ""
        known = [_cell(title_of(delivery)), _cell(delivery.account.name), delivery.account.channel, published]
        value = "" if sample.value is None else f"{sample.value:g}"
        read = [sample.metric, value, _cell(sample.field), sample.at.isoformat(), sample.read_at.isoformat()]
        yield _line([*known, *read, sample.why, _cell(sample.typed_by.name if sample.typed_by else "")])


def account_lines(samples: Iterable[AccountSample]) -> Iterator[str]:
    """One line a number and day, the head first; moments in UTC, missing values empty with their reason."""
    yield MARK + _line(ACCOUNT_HEAD)
    for one in samples:
        value = "" if one.value is None else f"{one.value:g}"
        known = [_cell(one.account.name), one.account.channel, one.day.isoformat(), one.metric, value]
        yield _line([*known, _cell(one.field), one.at.isoformat(), one.read_at.isoformat(), one.why])


def _line(cells: Iterable[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(list(cells))
    return buffer.getvalue()
