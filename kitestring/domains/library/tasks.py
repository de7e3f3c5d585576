"""Worker doors of the library: what is wanted of files is made beside the jobs, and takes no place among them."""

from __future__ import annotations

from functools import partial

from procrastinate.contrib.django import app

from kitestring.domains.library.actions.look_again import look_again
from kitestring.domains.library.actions.make_open import aside, leave, make_open
from kitestring.domains.library.queries.looked import video_to_look_into
from kitestring.domains.library.queries.making import anything_open
from kitestring.kit.beat import at_leaving, beside, each

NAMES = {False: "making pictures", True: "making videos"}
at_leaving(leave)


@each(5.0)
async def make_now() -> None:
    """Whatever the queue forgot, and what a worker left that is gone."""
    for moving, name in NAMES.items():
        if await aside(anything_open, moving):
            beside(name, partial(make_open, moving))


@each(60.0)
async def look_now() -> None:
    """Videos that came in when less was looked for."""
    if await aside(video_to_look_into) is not None:
        beside("looking into videos", look_again)


@app.task(name="library.make", queueing_lock="library.make")
async def make() -> None:
    """The same at once."""
    await make_now()
