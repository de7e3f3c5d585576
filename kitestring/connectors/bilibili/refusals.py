"""What each of Bilibili's numbers means to us. They come as 200 with {"code": 127001, "message": ...}.

Sources: apifox.com/apidoc/docs-site/1106400/doc-895951 (状态码); open.bilibili.com, 接口签名实现标准和状态码, as public code
of 2026-07-23 tells it. Numbers below zero are those of the site itself, as others note them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from kitestring.connectorkit import calls
from kitestring.connectorkit.errors import ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.kit.http import Answer

GONE: Final = "not_there"
TITLE_REPEATED: Final = "title_repeated"
FILE_LOST: Final = "file_lost"
HOURS: Final = 3600.0


@dataclass(frozen=True)
class Row:
    """`means`: "ended" the consent, "later" surely nothing happened, "unclear" it may have, "refused" it is said why."""

    means: Literal["ended", "later", "unclear", "refused"]
    reason: str
    field: str = ""
    after: float | None = None


def _refused(reason: str, field: str, *codes: int) -> dict[int, Row]:
    return dict.fromkeys(codes, Row("refused", reason, field))


def _later(reason: str, after: float | None, *codes: int) -> dict[int, Row]:
    return dict.fromkeys(codes, Row("later", reason, after=after))


def _unclear(reason: str, *codes: int) -> dict[int, Row]:
    return dict.fromkeys(codes, Row("unclear", reason))


ROWS: Final[dict[int, Row]] = {
    127001: Row("ended", "grant_expired"),
    -101: Row("ended", "grant_expired"),
    122007: Row("ended", "renewal_refused"),
    **_later("busy", None, 127306, -412, -509, 122009, 122010),
    **_later("busy", HOURS, 127009),
    **_later("busy", 30.0, 123026),
    **_later("busy", 10.0, 123028, 123053, 123054, 123055, 123056),
    **_later("busy", HOURS / 2, 123023, 123044),
    **_later("uploads_used", 4 * HOURS, 123029, 123036),
    **_later("clock_off", 600.0, 4003),
    **_unclear("broken", 4010, 4011, 123002, 127200, -500, -503),
    **_unclear("busy", 123039, 127201),
    **_unclear("no_answer", 4004),
    **_refused("version_retired", "", 4005, 4006),
    **_refused("app_keys_wrong", "client_secret", 122001, 4002, 127002),
    **_refused("app_keys_wrong", "client_id", 122000, 122008, 127004),
    **_refused("code_refused", "", 122002),
    **_refused("company_unverified", "", 127005),
    **_refused("app_unverified", "", 127006),
    **_refused("not_on_the_list", "", 127007, 127304, 127305, 127010),
    **_refused("scope_missing", "", 127011),
    **_refused("account_may_not", "", 123001, 123037, 127003, 127008),
    **_refused(FILE_LOST, "media", 127022, 123040, 123041),
    **_refused(GONE, "", 123004, 123005, 127107, 127124, -404),
    **_refused("archive_locked", "", 123007),
    **_refused("media_unreadable", "media", 123006, 127102),
    **_refused("cover_refused", "media", 123038, 129004),
    **_refused("category_refused", "options.category", 123003, 123009, 123010, 127207),
    **_refused("tags_refused", "options.tags", 123012, 123022, 129003),
    **_refused("title_refused", "title", 123013, 123030, 123033, 129005),
    **_refused(TITLE_REPEATED, "title", 123015),
    **_refused("source_missing", "options.source", 123016),
    **_refused("words_refused", "text", 123014, 123017, 123018, 123019, 123020, 123021, 123024),
    **_refused("rules_refused", "", 123052),
    **_refused("asks_for_a_person", "", 123042, 123050, 123051),
    **_refused("values_refused", "", 4000, 4001, 4007, 4008, 4009, 4012, 123008, 127000, 127100, -400),
}


def refusal(code: int, said: str, answer: Answer, *, write: bool) -> ConnectorError:
    """What the number means. `write`: whether the call could have put something up for review."""
    row = ROWS.get(code, Row("refused", "refused"))
    words = f"{said} ({code})".strip()
    if row.means == "ended":
        return GrantExpired(row.reason, said=words)
    if row.means == "later":
        after = calls.retry_after(answer.headers)
        return RetryLater(row.reason, after=after if after is not None else row.after, said=words)
    if row.means == "unclear":
        return calls.unclear(write, row.reason, words)
    return Rejected(row.field, row.reason, said=words)
