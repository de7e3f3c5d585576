"""An ordinary user, in a home of strange name that only that user can enter, gets a whole instance too."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kitestring
from kitestring.cli.tests.conftest import Up

NOBODY = "nobody"


def python_of_theirs(who: pwd.struct_passwd) -> str:
    """An interpreter of our minor version that this user can run with our packages."""
    code = "import granian, psycopg, django, kitestring, sys; sys.exit(sys.version_info[:2] != (%d, %d))"
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            done = subprocess.run(
                [python, "-c", code % sys.version_info[:2]], env=paths(), cwd="/", check=False, capture_output=True,
                user=who.pw_uid, group=who.pw_gid, extra_groups=[],
            )  # fmt: skip
        except OSError:
            continue
        if done.returncode == 0:
            return python
    pytest.skip("this checkout's packages cannot be read by an ordinary user")


def paths() -> dict[str, str]:
    packages = Path(pytest.__file__).parent.parent
    return {"PYTHONPATH": f"{Path(kitestring.__file__).parent.parent}:{packages}"}


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test runs as an ordinary user then")
def test_an_ordinary_user_starts_and_stops_an_instance(home: Path, new_up: Callable[..., Up]) -> None:
    who = pwd.getpwnam(NOBODY)
    python = python_of_theirs(who)
    theirs = home.with_name("风筝 线, of ours")
    theirs.mkdir(mode=0o700)
    home.rename(theirs / "home")
    subprocess.run(["chown", "-R", f"{who.pw_uid}:{who.pw_gid}", theirs], check=True)
    up = new_up(theirs / "home", python=python, user=who.pw_uid, group=who.pw_gid, **paths()).wait_until_up()
    assert {child.username() for child in up.process.children(recursive=True)} == {NOBODY}
    assert up.ready()
    assert up.stop() == 0
    assert up.left() == []
