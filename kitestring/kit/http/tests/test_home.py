"""The HTTP library is at home in the main thread: what threads come and go afterwards call safely."""

from __future__ import annotations

import subprocess
import sys

LOADED_IN_A_THREAD = """
from threading import Thread
def load():
    try:
        import kitestring.kit.http
    except RuntimeError as error:
        print(error)
one = Thread(target=load)
one.start()
one.join()
"""

# Each thread is given the place in memory of the one before it: that is where it went wrong.
THREADS_THAT_COME_AND_GO = """
import asyncio
from threading import Thread, get_ident
from kitestring.kit.http import Client, NotSent
places, told = set(), []
async def call():
    async with Client(("127.0.0.1",), allow_loopback=True) as client:
        try:
            await client.request("POST", "http://127.0.0.1:1/", json={"text": "x" * 5000})
        except NotSent:
            told.append(get_ident())
def work():
    asyncio.run(call())
for _ in range(40):
    one = Thread(target=work)
    one.start()
    one.join()
print(len(told), len(set(told)) < len(told))
"""


def said(program: str) -> str:
    # What was said counts, not how the process ended: on a busy machine a thread of the library's that lets the lock go
    # while the interpreter is being taken down aborts it, after all is done (pyreqwest 0.15.1; seen about one time in fifteen).
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def test_it_is_not_loaded_by_a_thread_that_may_end() -> None:
    assert "must be loaded by the main thread" in said(LOADED_IN_A_THREAD)


def test_threads_that_come_and_go_may_call() -> None:
    assert said(THREADS_THAT_COME_AND_GO) == "40 True"


def test_django_loads_it_at_its_start() -> None:
    loaded = "import sys, django; django.setup(); print('pyreqwest' in sys.modules)"
    assert said(loaded) == "True"
