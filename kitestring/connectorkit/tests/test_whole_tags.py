"""What never ends is read as words, in one pass."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from kitestring.connectorkit.articles import to_text
from kitestring.connectorkit.pasting import read
from kitestring.connectorkit.whole_tags import whole_tags


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<p>Trà <b>sen</b></p>", "<p>Trà <b>sen</b></p>"),
        ("a<!-- b <p> -->c", "ac"),
        (
            '<!DOCTYPE html><a title="1>0" href="https://x.test/">x</a>',
            '<a title="1>0" href="https://x.test/">x</a>',
        ),
        ("<![if !supportLists]>1.<![endif]>Trà", "1.Trà"),
        ("3 < 5 <3", "3 &lt; 5 &lt;3"),
        ("Trà <a href='x", "Trà &lt;a href='x"),
        ("Trà <!-- ngon", "Trà &lt;!-- ngon"),
        ("</ x>Trà", "Trà"),
    ],
)
def test_tags_are_closed_and_words_stay(given: str, kept: str) -> None:
    assert whole_tags(given) == kept


@pytest.mark.parametrize("unit", ["<a ", "<!--", "<![CDATA[", "<![if ", "</ ", "<", "<?", '<a "', "<p>x</p>"])
def test_nothing_is_left_that_would_be_looked_through_again(unit: str) -> None:
    """What the parser cannot place yet it keeps, and begins anew with at every step: there is no such rest."""
    reader = HTMLParser()
    reader.feed(whole_tags(unit * 20_000))
    assert len(reader.rawdata) < 100
    assert to_text(f"Trà {unit * 20_000}").startswith("Trà")
    assert read(f"<p>Trà</p>{unit * 2_000}").text.startswith("Trà")
