"""Sees to it that the HTTP library is loaded by the process's main thread, which lives as long as the process.

Its memory allocator takes the thread that loads it for the main one. When that thread ends and another one is given its
place in memory, the next call ends the process with a segmentation fault (pyreqwest 0.15.1 with mimalloc).
"""

from __future__ import annotations

import threading

if threading.current_thread() is not threading.main_thread():
    raise RuntimeError("kitestring.kit.http must be loaded by the main thread, before any other needs it.")
