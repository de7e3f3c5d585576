"""No log line carries an address that still works."""

from __future__ import annotations

import logging

import pytest

from kitestring.config.redact import Redacted


@pytest.mark.parametrize(
    "path", ["/join/abc_DEF-1/", "/r/abc_DEF-1/sign", "/account/password/reset/key/1-abc/"]
)
def test_the_secret_is_left_out(path: str) -> None:
    line = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Not Found", path), None)
    assert Redacted().filter(line)
    assert "abc" not in line.getMessage()
    assert line.getMessage().startswith(f"Not Found: {path.split('abc')[0].removesuffix('1-')}")


def test_other_lines_stay_as_they_are() -> None:
    line = logging.LogRecord("any", logging.WARNING, "", 0, "%s of %s", ("one", "/posts/2/"), None)
    assert Redacted().filter(line)
    assert (line.msg, line.args) == ("%s of %s", ("one", "/posts/2/"))
