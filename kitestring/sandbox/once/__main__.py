"""`python -m kitestring.sandbox.once [--real] [--out FOLDER]`: the eleven steps, one line each; exit 1 names the failed one."""

from __future__ import annotations

import argparse
import importlib
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from kitestring.sandbox.once.reals import real_servers
from kitestring.sandbox.once.stage import Stage, database_of, staged

STEPS = (
    ("opening", "open_house", "the house"),
    ("opening", "connect_accounts", "accounts"),
    ("thinking", "brief", "1 brief"),
    ("thinking", "ideas", "2 ideas, votes, decision"),
    ("writing", "variants", "3 variants"),
    ("writing", "approval", "4 approval"),
    ("writing", "calendar", "5 calendar"),
    ("sending", "delivery", "6 delivery"),
    ("sending", "channels", "7 channels"),
    ("everywhere", "everywhere", "7 every other channel"),
    ("listening", "conversation", "8 conversation"),
    ("listening", "metrics", "9 metrics"),
    ("telling", "report", "10 report"),
    ("telling", "links", "11 links"),
)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/demo --once", description="Walk the whole line once.")
    parser.add_argument("--real", action="store_true", help="against a real Bluesky and a real WordPress")
    parser.add_argument("--out", type=Path, default=Path("out"), help="where the report's file goes")
    asked = parser.parse_args(words)
    begun = time.monotonic()
    # Asked to end, it still cleans up after itself.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with ExitStack() as stack:
        real = stack.enter_context(real_servers()) if asked.real else {}
        urls = {slug: one.urls for slug, one in real.items()}
        stage = stack.enter_context(staged(asked.out.absolute(), real, urls))
        say("up", f"{stage.base}, data in {stage.home}", time.monotonic() - begun)
        _meet(stage)
        failed = _walk(stage)
    took = time.monotonic() - begun
    say(
        "FAILED" if failed else "done",
        failed or f"the whole line in {took:.0f} s; report: {stage.ids['file']}",
        took,
    )
    return 1 if failed else 0


def _meet(stage: Stage) -> None:
    """Have Django look at this instance's database; models can be loaded from here on."""
    os.environ["KITESTRING_HOME"] = str(stage.home)
    os.environ["DATABASE_URL"] = database_of(stage.home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kitestring.config.settings"
    importlib.import_module("django").setup()


def _walk(stage: Stage) -> str:
    """Every step in turn; the name of the one that failed, with why, or ""."""
    for room, verb, name in STEPS:
        step: Callable[[Stage], str] = getattr(
            importlib.import_module(f"kitestring.sandbox.once.{room}"), verb
        )
        begun = time.monotonic()
        try:
            told = step(stage)
        except Exception as trouble:
            if os.environ.get("KITESTRING_DEBUG"):
                raise
            return f"step {name}: {trouble or type(trouble).__name__}"
        say(name, told, time.monotonic() - begun)
    return ""


def say(name: str, told: str, seconds: float) -> None:
    sys.stdout.write(f"{name:26} {seconds:6.1f} s  {told}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
