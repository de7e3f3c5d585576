"""Numbers as people write them: with separators, units, as prices, dates, times and telephone numbers, in three languages.

Only where one begins and ends matters here, so that it is never cut; not what it says.
"""

from __future__ import annotations

import unicodedata

import regex


def _either(*words: str) -> str:
    """Any of the words, the longest first, with their marks joined or apart, in capitals or not."""
    forms = {unicodedata.normalize(form, word) for word in words for form in ("NFC", "NFD")}
    return f"(?i:{'|'.join(regex.escape(form) for form in sorted(forms, key=lambda f: (-len(f), f)))})"


_BLANK = r"[ \xA0\u2009\u202F]"
# Full-width signs part figures only where those are full-width too; the comma only before thousands: else it closes a clause.
_WIDE = r"[\uFF10-\uFF19]"
_BETWEEN = rf"(?:[.,:/\-–·٫٬'’]|(?<={_WIDE})(?:[．：／－](?={_WIDE})|，(?={_WIDE}{{3}}(?!{_WIDE}))))"
_CODES = r"VND|VNĐ|USD|EUR|GBP|CNY|RMB|JPY|KRW|SGD|HKD|TWD|THB"
_SYMBOLS = r"(?:US|HK|NT|S)?\$|[€£¥￥￡＄₫₩฿₹]"

# 1 234 567,89; +84 912 345 678; (028) 3822 1234; 090 123 45 67; 021-6543 2100. Few groups: a row of numbers in a table may part.
_THOUSANDS = rf"\p{{Nd}}{{1,3}}(?:{_BLANK}\p{{Nd}}{{3}}){{1,5}}"
_ABROAD = r"\+\p{Nd}{1,3}(?:[ \-.\xA0]?\(?\p{Nd}{1,4}\)?){1,6}"
_BRACKETED = r"[(（]\p{Nd}{2,5}[)）](?:[ \-.\xA0]?\p{Nd}{2,4}){1,5}"
_DIALLED = rf"0\p{{Nd}}{{1,3}}(?:{_BLANK}\p{{Nd}}{{2,4}}){{1,5}}|0\p{{Nd}}{{2,3}}-\p{{Nd}}{{3,4}}{_BLANK}\p{{Nd}}{{4}}"
_GROUPS = rf"\p{{Nd}}{{3,4}}(?:{_BLANK}\p{{Nd}}{{3,4}}){{1,3}}"
# 2026年11月30日; 9点30分; 9h30
_CHINESE = r"(?:\p{Nd}{1,4}[年月日号號點点時时分秒]){1,6}"
_HOURS = r"\p{Nd}{1,2}[hHgG]\p{Nd}{2}"
_GROUPED = rf"(?:{_ABROAD}|{_BRACKETED}|{_DIALLED}|{_THOUSANDS}|{_GROUPS}|{_CHINESE}|{_HOURS})(?!\p{{Nd}})"

# Behind figures, and behind what multiplies them: 2,5 triệu đồng; 1tr5; 300 nghìn; 5 kg; 60 km/h.
_NO_LETTER = r"(?![\p{Latin}\p{M}])"
_TIMES = (
    rf"{_either('triệu', 'nghìn', 'ngàn', 'tỷ', 'tỉ', 'tr', 'k')}(?:\p{{Nd}}{{1,3}}(?!\p{{Nd}})|{_NO_LETTER})"
)
_MEASURES = _either(
    "kg", "g", "mg", "km", "m", "dm", "cm", "mm", "m2", "m3", "m²", "m³", "km2", "km²", "ha", "ml", "cl", "l", "lít", "lạng",
    "cân", "tạ", "tấn", "mét", "km/h", "m/s", "w", "kw", "kwh", "v", "mah", "kb", "mb", "gb", "tb", "hz", "mhz", "ghz", "px",
    "inch", "ft", "lb", "lbs", "oz", "kcal", "cal", "giờ", "phút", "giây", "ngày", "tuần", "tháng", "năm", "tuổi", "độ",
)  # fmt: skip
_MONEY = _either("vnd", "vnđ", "đồng", "đ")
_SPACED = rf"(?:{_CODES}|{_MONEY}|[aApP]\.?[mM]\.?|{_MEASURES}){_NO_LETTER}|[%‰％℃℉]|°[CFcf]?{_NO_LETTER}|{_SYMBOLS}"
_AFTER = rf"(?:{_BLANK}?{_TIMES})?(?:{_BLANK}?(?:{_SPACED}))?"

# 3千万元; 5000多元; 10几万; 5公斤; 三百五十元; 二〇二六年; 百分之三十
_TENS = "十百千万萬亿億兆"
_HAN_UNIT = (
    "[元块塊圆圓円]|日元|美元|欧元|港币|港元|台币|人民币|越南盾|公斤|千克|毫克|[克斤两]|公里|千米|厘米|毫米|平方米|平米|[米升吨度]|"
    "毫升|小时|小時|分钟|分鐘|秒钟|秒|年|个?月|周年|周|天|日|岁|歲|折|倍|[个個人位名件杯份盒包瓶袋只条张家]"
)
_ABOUT = rf"[多余餘来來几幾][{_TENS}]"
_AFTER_HAN = (
    rf"{_BLANK}?(?:[{_TENS}]{{0,4}}(?:{_ABOUT}{{0,2}})?(?:{_HAN_UNIT})|[{_TENS}]{{0,4}}{_ABOUT}{{1,2}}"
    rf"|[{_TENS}]{{1,4}}[多余餘]?)"
)
_NUMERAL = rf"[〇零一二三四五六七八九两兩{_TENS}]"
_IN_WORDS = (
    rf"百分之(?:{_NUMERAL}++|\p{{Nd}}++(?:[.．]\p{{Nd}}++)?)"
    rf"|(?:{_NUMERAL}++[年月日号號點点時时分秒])++(?:{_NUMERAL}++(?:{_HAN_UNIT})?|半)?"
    rf"|{_NUMERAL}++(?:{_ABOUT}{{0,2}})?(?:{_HAN_UNIT})|{_NUMERAL}++{_ABOUT}{{1,2}}|{_NUMERAL}{{2,}}+"
)

FIGURE = regex.compile(
    rf"(?:(?:{_SYMBOLS}|(?<!\p{{Latin}})(?:{_CODES})){_BLANK}?|[#＃№]|(?<![\p{{Latin}}\p{{N}}\-−])[\-−])?"
    rf"(?:{_GROUPED}|\p{{Nd}}++)(?:{_BETWEEN}(?:{_GROUPED}|\p{{Nd}}++))*+"
    rf"(?:[转轉]\p{{Nd}}{{1,6}}|{_AFTER_HAN}|{_AFTER})|{_IN_WORDS}"
)
