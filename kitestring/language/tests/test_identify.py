"""The three languages of the house, also short and without marks."""

import pytest

from kitestring.language.identify import identify


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("一个人不是孤单，是不用等谁。", "zh"),
        ("iPhone 拍的", "zh"),
        ("Một mình không phải là cô đơn", "vi"),
        ("quan nay o dau vay ban oi, cho minh hoi gia", "vi"),
        ("Ask your dad how he made tea before he had a kettle", "en"),
        ("こんにちは", "ja"),
        ("👍👍", ""),
        ("", ""),
        ("\x00\u200b", ""),
    ],
)
def test_says_the_language(text: str, language: str) -> None:
    assert identify(text) == language
