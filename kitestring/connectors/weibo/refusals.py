"""What Weibo's refusals mean to us, by the number in `error_code`. It answers {"error", "error_code", "request"}.

Source: open.weibo.com/wiki/Error_code, as copied at shuzhiduo.com and in public client libraries; of the OAuth numbers wjhsh.net.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal


@dataclass(frozen=True)
class Row:
    """An outcome: "no" (Rejected at `field`), "later" (RetryLater), "ended" (GrantExpired), or "unclear": nobody knows
    whether it was stored. `after` in seconds; None: at the next full hour, when Weibo's counts begin anew.
    """

    what: Literal["no", "later", "ended", "unclear"]
    reason: str
    field: str = ""
    after: float | None = None


# Numbers that tell of an end of the hour's or day's allowance.
USED_UP: Final = (10022, 10023, 10024)
PARAMETER: Final = 10017
DUPLICATES: Final = (20017, 20019, 20111)
# The post is live, only not to be seen yet: "发布成功，目前服务器可能会有延迟，请耐心等待1-2分钟".
SLOW: Final = 20032

CODES: Mapping[int, Row] = {
    10001: Row("unclear", "broken"),
    10002: Row("unclear", "broken"),
    10003: Row("unclear", "broken"),
    10004: Row("no", "server_not_allowed"),
    10005: Row("no", "app_not_allowed"),
    10006: Row("ended", "grant_expired"),
    10007: Row("no", "picture_refused", "media"),
    10009: Row("later", "busy", after=60),
    10010: Row("unclear", "broken"),
    10011: Row("unclear", "broken"),
    10013: Row("ended", "account_gone"),
    10014: Row("no", "app_not_allowed"),
    10018: Row("no", "picture_refused", "media"),
    10020: Row("no", "version_retired"),
    **dict.fromkeys(USED_UP, Row("later", "calls_used")),
    20003: Row("ended", "account_gone"),
    20005: Row("no", "picture_refused", "media"),
    20006: Row("no", "picture_refused", "media"),
    20007: Row("no", "picture_refused", "media"),
    20008: Row("no", "text_required", "text"),
    20012: Row("no", "too_long_there", "text"),
    20013: Row("no", "too_long_there", "text"),
    20015: Row("no", "blocked_for_now"),
    20016: Row("later", "too_often", after=600),
    **dict.fromkeys(DUPLICATES, Row("no", "duplicate", "text")),
    20018: Row("no", "link_refused", "text"),
    20020: Row("no", "looks_like_advertising", "text"),
    20021: Row("no", "content_refused", "text"),
    20022: Row("no", "blocked_for_now"),
    20031: Row("ended", "checkpoint"),
    SLOW: Row("unclear", "slow_there"),
    20101: Row("no", "not_there"),
    20102: Row("no", "not_ours"),
    20104: Row("no", "content_refused", "text"),
    20201: Row("no", "not_there"),
    20202: Row("no", "content_refused", "text"),
    20203: Row("no", "not_ours"),
    21301: Row("ended", "grant_expired"),
    21314: Row("ended", "grant_expired"),
    21315: Row("ended", "grant_expired"),
    21316: Row("ended", "app_removed"),
    21317: Row("ended", "grant_expired"),
    21319: Row("ended", "app_removed"),
    21321: Row("no", "app_unreviewed"),
    21324: Row("no", "app_keys_wrong", "client_secret"),
    21327: Row("ended", "grant_expired"),
    21332: Row("ended", "grant_expired"),
    21337: Row("no", "app_not_allowed"),
}


def code_of(body: object) -> int:
    """The number of an error body, told as a number or as a text; 0 when it is none."""
    told = body.get("error_code") if isinstance(body, Mapping) else None
    return int(str(told)) if str(told or "").isdecimal() else 0


def said(body: Mapping[str, Any]) -> str:
    """Weibo's own words with its number."""
    text = str(body.get("error_description") or body.get("error") or "").strip()
    return f"{text} ({code_of(body)})".strip()


def row_of(body: Mapping[str, Any]) -> Row | None:
    """What it means; None for a number we do not know."""
    if code_of(body) == PARAMETER and "bind domain" in str(body.get("error")):
        return Row("no", "domain_not_bound", "text")
    return CODES.get(code_of(body))
