"""Numbers as people write them: with separators, as prices, dates, times and telephone numbers, in three languages.

Only where one begins and ends matters here, so that it is never cut; not what it says.
"""

from __future__ import annotations

import regex

_BLANK = r"[ \xA0\u2009\u202F]"
_BETWEEN = r"[.,:/\-–·٫٬'’]"
_CODES = r"VND|VNĐ|USD|EUR|GBP|CNY|RMB|JPY|KRW|SGD|HKD|TWD|THB"
_SYMBOLS = r"(?:US|HK|NT|S)?\$|[€£¥￥₫₩฿₹]"

# 1 234 567,89; +84 912 345 678; (028) 3822 1234; 138 1234 5678. Few groups: a row of numbers in a table may part.
_THOUSANDS = rf"\p{{Nd}}{{1,3}}(?:{_BLANK}\p{{Nd}}{{3}}){{1,5}}"
_ABROAD = r"\+\p{Nd}{1,3}(?:[ \-.\xA0]?\(?\p{Nd}{1,4}\)?){1,6}"
_BRACKETED = r"\(\p{Nd}{2,5}\)(?:[ \-.\xA0]?\p{Nd}{2,4}){1,5}"
_GROUPS = (
    rf"\p{{Nd}}{{3,4}}(?:{_BLANK}\p{{Nd}}{{3,4}}){{1,3}}|0\p{{Nd}}{{1,3}}(?:{_BLANK}\p{{Nd}}{{2,4}}){{1,5}}"
)
# 2026年11月30日; 9点30分; 9h30
_CHINESE = r"(?:\p{Nd}{1,4}[年月日号點点时時分秒]){1,6}"
_HOURS = r"\p{Nd}{1,2}[hHgG]\p{Nd}{2}"

_UNIT = (
    rf"{_BLANK}?(?:[%‰]|{_SYMBOLS}|(?:{_CODES}|[đĐ]|[aApP]\.?[mM]\.?|triệu|nghìn|ngàn|tỷ|tr|[kK])(?![\p{{Latin}}\p{{M}}])"
    r"|[万萬亿億]?(?:[元块塊圆圓円]|日元|美元|港币|人民币)|[万萬亿億])"
)
FIGURE = regex.compile(
    rf"(?:(?:{_SYMBOLS}|(?<!\p{{Latin}})(?:{_CODES})){_BLANK}?|[#＃№]|(?<![\p{{Latin}}\p{{N}}\-−])[\-−])?"
    rf"(?:(?:{_ABROAD}|{_BRACKETED}|{_THOUSANDS}|{_GROUPS}|{_CHINESE}|{_HOURS})(?!\p{{Nd}})|\p{{Nd}}++)"
    rf"(?:{_BETWEEN}\p{{Nd}}++)*+(?:{_UNIT})?"
)
