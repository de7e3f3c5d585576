"""Takes the documentation's pictures: makes a demo in a temporary folder, signs in, photographs pages, cleans up."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import sync_playwright

# file name: (who, page)
PICTURES = {"today.png": ("ha@demo.example", "/")}
PASSWORD = "kite-string-26"  # noqa: S105 - the demo's, printed by bin/demo
WIDE, HIGH = 1280, 860
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COLOURS = 128  # enough for flat surfaces; a quarter of the bytes
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def main() -> None:
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="kitestring-pictures-"))
    home.chmod(0o711)
    port = subprocess.run(
        [sys.executable, "bin/lib/free_port.py", "18420"], check=True, capture_output=True, text=True
    ).stdout.strip()
    # Nothing new happens while the picture is taken.
    surroundings = {
        **os.environ, "KITESTRING_HOME": str(home), "KITESTRING_BIND": f"127.0.0.1:{port}",
        "KITESTRING_SANDBOX_SPEED": "0",
    }  # fmt: skip
    subprocess.run([sys.executable, "-m", "kitestring.cli", "demo"], check=True, env=surroundings)
    process = subprocess.Popen([sys.executable, "-m", "kitestring.cli", "up", "--demo"], env=surroundings)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait(base)
        _photograph(base, target)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _wait(base: str) -> None:
    for _ in range(600):
        try:
            with urlopen(f"{base}/health", timeout=2):  # noqa: S310 - our own instance
                return
        except (URLError, OSError):
            time.sleep(0.1)
    sys.exit("The demo did not start.")


def _photograph(base: str, target: Path) -> None:
    browser_path = os.environ.get("KITESTRING_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=QUIET)
        for name, (email, path) in PICTURES.items():
            page = browser.new_page(viewport={"width": WIDE, "height": HIGH})
            page.goto(f"{base}/account/login/")
            page.fill("input[name=login]", email)
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_load_state("networkidle")
            page.goto(f"{base}{path}")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=target / name)
            page.close()
            _lighten(target / name)
        browser.close()


def _lighten(file: Path) -> None:
    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(file, optimize=True)


if __name__ == "__main__":
    main()
