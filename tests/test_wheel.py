"""The wheel: it holds all that running needs and nothing else, and it runs where there is no Node and no checkout."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest

from kitestring.cli.tests.conftest import Up, until
from tests.database import roomy

ROOT = Path(__file__).resolve().parents[1]
NODE = {"node", "nodejs", "npm", "npx", "corepack", "yarn", "pnpm"}
EVERY_MODULE = """
import pkgutil, django, kitestring
django.setup()
for module in pkgutil.walk_packages(kitestring.__path__, "kitestring."):
    if not module.name.endswith(("__main__", ".migrate", ".sandboxed")):
        __import__(module.name)
print(kitestring.__file__)
"""


def _builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bin_lib_wheel", ROOT / "bin/lib/wheel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILDER = _builder()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as bin/wheel builds it, from the assets and catalogues that bin/test made; its builder looks into it."""
    return Path(BUILDER.build(tmp_path_factory.mktemp("wheel")))


def test_the_wheel_is_whole(wheel: Path) -> None:
    with ZipFile(wheel) as packed:
        names = packed.namelist()
    for needed in (
        "kitestring/ui/static/ui/manifest.json",
        "kitestring/ui/templates/ui/base.html",
        "kitestring/locale/zh_Hans/LC_MESSAGES/django.mo",
        "kitestring/locale/vi/LC_MESSAGES/django.mo",
        "kitestring/connectors/bluesky/manifest.toml",
        "kitestring/connectors/bluesky/icon.svg",
        "kitestring/sandbox/serve.py",
    ):
        assert needed in names
    assert [name for name in names if name.endswith(".woff2")]
    assert not [name for name in names if "/tests/" in name or "node_modules" in name]
    assert wheel.stat().st_size < 40e6


def test_a_wheel_that_lacks_or_drags_something_is_refused(wheel: Path, tmp_path: Path) -> None:
    lame = tmp_path / "lame.whl"
    with ZipFile(wheel) as whole, ZipFile(lame, "w") as copy:
        for name in whole.namelist():
            if not name.endswith(
                ("manifest.json", "bluesky/manifest.toml", "vi/LC_MESSAGES/django.mo", "NOTICE")
            ):
                copy.writestr(name, b"")
        copy.writestr("kitestring/kit/tests/test_it.py", b"")
        copy.writestr("frontend/package.json", b"")
    found = "\n".join(BUILDER.faults(lame))
    for said in (
        "bluesky/manifest.toml is not in it",
        "vi/LC_MESSAGES/django.mo is not in it",
        "would come without style",
        "NOTICE is not among its licences",
        "kitestring/kit/tests/test_it.py is in it",
        "frontend/package.json is in it",
    ):
        assert said in found


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for a whole installation, gone at the end; root's database must be able to walk in."""
    folder = Path(tempfile.mkdtemp(prefix="ks-wheel-", dir=roomy()))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _bare(place: Path) -> dict[str, str]:
    """Surroundings as on a machine without Node, without a language, and without this checkout."""
    programs = place / "programs"
    programs.mkdir()
    for folder in ("/usr/local/bin", "/usr/bin", "/bin"):
        for program in Path(folder).glob("*"):
            link = programs / program.name
            if program.name not in NODE and not link.is_symlink():
                link.symlink_to(program)
    path = f"{place / 'venv/bin'}:{programs}"
    assert not [name for name in NODE if shutil.which(name, path=path)]
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return {**kept, "PATH": path, "HOME": os.environ.get("HOME", "/")}


def _installed(wheel: Path, place: Path, surroundings: dict[str, str]) -> Path:
    """A new environment with exactly what the runtime lock names, each file checked by its hash, and the wheel."""

    def run(*words: str | Path) -> None:
        done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=place, env=surroundings)
        assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"

    python = place / "venv/bin/python"
    run(sys.executable, "-m", "venv", place / "venv")
    pip = (python, "-m", "pip", "install", "-qq", "--no-deps", "--no-compile")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock")
    run(*pip, "--no-index", wheel)
    run(python, "-m", "pip", "check")
    return python


def _get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    base, _, path = url.removeprefix("http://").partition("/")
    with closing(HTTPConnection(base, timeout=30)) as connection:
        connection.request("GET", f"/{path}", headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def _looks_right(base: str) -> None:
    """The first page has its style, its script, its type and its words; built files are kept for good."""
    status, _, page = _get(f"{base}/welcome/", Accept_Language="en")
    assert status == 200
    named = re.findall(r'(?:href|src)="(/static/ui/assets/[^"#]+)', page.decode())
    styles = [name for name in named if name.endswith(".css")]
    assert styles
    assert [name for name in named if name.endswith(".js")]
    fonts = re.findall(r"/static/ui/assets/[^)\"']+\.woff2", _get(base + styles[0])[2].decode())
    for name in {*named, fonts[0]}:
        status, headers, body = _get(base + name)
        assert (status, bool(body)) == (200, True), name
        assert "immutable" in str(headers["Cache-Control"]), name
    assert _get(base + styles[0], Accept_Encoding="br")[1]["Content-Encoding"] == "br"
    titles = {
        language: _get(f"{base}/welcome/", Accept_Language=language)[2] for language in ("en", "vi", "zh-CN")
    }
    told = {re.sub(r"\s+", " ", _heading(page)) for page in titles.values()}
    assert len(told) == 3, told


def _heading(page: bytes) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.decode(), re.DOTALL)
    assert found
    return found[1]


def test_an_installed_wheel_runs_without_node(wheel: Path, place: Path) -> None:
    bare = _bare(place)
    python = _installed(wheel, place, bare)
    settings = {
        "DJANGO_SETTINGS_MODULE": "kitestring.config.settings",
        "KITESTRING_HOME": str(place / "none"),
    }
    words = [python, "-W", "ignore", "-c", EVERY_MODULE]
    done = subprocess.run(
        words,
        check=False,
        capture_output=True,
        text=True,
        cwd=place,
        env={**bare, **settings, "KITESTRING_TESTING": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(place))

    up = Up(
        place / "home",
        python=str(python),
        PATH=bare["PATH"],
        PYTHONPATH="",
        VIRTUAL_ENV="",
        LANG="",
        LC_ALL="",
    )
    try:
        up.wait_until_up()
        _looks_right(up.address.url)
        doctor = [python.with_name("kitestring"), "doctor", "--bind", f"127.0.0.1:{up.address.port}"]
        heard: list[str] = []

        def calm() -> bool:
            """The worker needs a moment to say that it lives."""
            asked = {**bare, "KITESTRING_HOME": str(place / "home")}
            done = subprocess.run(doctor, check=False, capture_output=True, text=True, cwd=place, env=asked)
            heard[:] = [done.stdout + done.stderr]
            return done.returncode == 0

        until(calm, f"the doctor is not calm: {heard}")
        assert "Everything is well." in heard[0]
        assert "WRONG" not in heard[0]
    finally:
        assert up.stop() == 0, up.words
    assert up.left() == []
