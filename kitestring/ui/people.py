"""A person's initials, the name they are greeted by, and a steady tint for the avatar."""

from __future__ import annotations

import re
import unicodedata
from zlib import crc32

TINTS = 6
# Vietnamese names begin with one of few family names, or carry letters that no other language of ours has.
SURNAMES = frozenset({
    "Nguyễn", "Nguyen", "Trần", "Tran", "Lê", "Phạm", "Pham", "Hoàng", "Huỳnh", "Huynh", "Phan", "Vũ", "Võ",
    "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Đoàn", "Trịnh", "Mai", "Đào", "Trương", "Lâm",
    "Phùng", "Hà", "Tô", "Tạ", "Thái", "Châu", "Cao", "Lương", "Quách", "Tôn",
})  # fmt: skip
MARKS = frozenset("ăđơưấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữựảạẻẹỉịỏọủụỷỵ")


def initials(name: str) -> str:
    """Two letters, or one Chinese character. Of three words the last two: Lê Thu Hà is TH."""
    words = [w for w in re.split(r"[\s._@…-]+", unicodedata.normalize("NFC", name.strip())) if w]
    if not words:
        return "?"
    if "一" <= words[0][0] <= "鿿":
        return words[0][0]
    if len(words) == 1:
        return words[0][:2].upper()
    first, second = (words[-2], words[-1]) if len(words) == 3 else (words[0], words[1])
    return (first[0] + second[0]).upper()


def tint(name: str) -> int:
    """A number from 1 to 6, the same for the same name everywhere."""
    return crc32(name.encode("utf-8")) % TINTS + 1


def given_name(name: str, language: str = "en") -> str:
    """What a person is greeted by: Chinese by the whole name, Vietnamese by the last word, others by the first."""
    words = unicodedata.normalize("NFC", name).split()
    if len(words) < 2 or any("一" <= letter <= "鿿" for letter in name):
        return " ".join(words)
    if words[0] in SURNAMES or MARKS & set(name.lower()):
        return words[-1]
    return words[-1] if _syllables(words, marked=not language.startswith("vi")) else words[0]


def _syllables(words: list[str], *, marked: bool) -> bool:
    """Whether every word is one syllable, as in Vietnamese names; with `marked` one of them must have a mark too."""
    plain = [unicodedata.normalize("NFD", word.lower()) for word in words]
    has_mark = any(unicodedata.combining(letter) for word in plain for letter in word)
    bare = ["".join(letter for letter in word if letter.isalpha()) for word in plain]
    return (has_mark or not marked) and all(len(re.findall("[aeiouy]+", word)) == 1 for word in bare)
