"""A real WordPress on loopback, new and empty for every run: an admin who is us, and a reader who is not."""

from __future__ import annotations

import base64
import json
import secrets
import shutil
import subprocess
from pathlib import Path
from typing import Any

from kitestring.sandbox.real import http, mariadb
from kitestring.sandbox.real.commands import run_as
from kitestring.sandbox.real.folders import RunFolder, unprivileged
from kitestring.sandbox.real.server import Server, free_port
from kitestring.sandbox.real.thrown_away import ThrownAway
from kitestring.sandbox.real.trouble import Absent

SOURCE = Path("/usr/share/wordpress")
FILES = Path(__file__).with_name("site")
MODULES = ("curl", "gd", "mbstring", "mysqli", "xml")
PHP = ("php", "-d", "sendmail_path=/bin/true", "-d", "upload_max_filesize=64M", "-d", "post_max_size=64M")
START_WITHIN = 60.0  # seconds; 6 on a quiet machine


class WordPressSite(ThrownAway):
    """url: such as http://127.0.0.1:41234, without a slash at the end; the API lies under /wp-json.

    user, application_password: the admin, for us. reader, reader_application_password: a subscriber, for the
    audience; what the reader says waits for approval (`hold`). Listens on 127.0.0.1 only.
    """

    name = "wordpress"
    url: str
    user = "admin"
    application_password: str
    reader = "reader"
    reader_application_password: str

    def require(self) -> None:
        mariadb.programs()
        php = shutil.which("php")
        if php is None or not (SOURCE / "wp-load.php").exists():
            raise Absent("Not installed: WordPress or PHP. Run bin/system-packages real.")
        said = subprocess.run([php, "-m"], capture_output=True, text=True, check=True, timeout=60)
        missing = sorted(set(MODULES) - set(said.stdout.split()))
        if missing:
            raise Absent(f"PHP lacks: {', '.join(missing)}. Run bin/system-packages real.")

    def call(self, method: str, path: str, *, reader: bool = False, **request: Any) -> http.Reply:
        """One call of the REST API, path such as `/wp/v2/posts`, by the admin or the reader; the rest as `http.ask`."""
        name = self.reader if reader else self.user
        password = self.reader_application_password if reader else self.application_password
        basic = base64.b64encode(f"{name}:{password}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", **request.pop("headers", {})}
        return http.ask(method, f"{self.url}/wp-json{path}", headers=headers, **request)

    def add_comment(self, post: int, text: str, parent: int = 0) -> int:
        """The reader comments on a post, or answers the comment `parent`; the new comment's id. It waits, `hold`."""
        body = {"post": post, "content": text, "parent": parent}
        made = self.call("POST", "/wp/v2/comments", reader=True, body=body).expect(201)
        return int(made.json()["id"])

    def approve(self, comment: int) -> None:
        """The admin lets a waiting comment through."""
        self.call("POST", f"/wp/v2/comments/{comment}", body={"status": "approved"}).expect(200)

    def _start_in(self, folder: RunFolder) -> None:
        user = unprivileged("mysql")  # nothing of it needs root, so nothing of it gets root
        socket = mariadb.start(folder, self._servers, user, "wordpress")
        pages = _pages(folder, user)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {
            "REAL_WP_SOCKET": str(socket),
            "REAL_WP_URL": self.url,
            "REAL_WP_SECRET": secrets.token_hex(32),
            "PHP_CLI_SERVER_WORKERS": "3",
            "PATH": "/usr/bin:/bin",
        }
        said = run_as(user, "install.php", [*PHP, "install.php"], pages, environment)
        made = json.loads(said.strip().splitlines()[-1])
        self.application_password, self.reader_application_password = made["admin"], made["reader"]
        command = [*PHP, "-q", "-S", f"127.0.0.1:{port}", "-t", str(pages), "router.php"]
        log = folder.path / "php.log"
        web = Server("WordPress", command, log=log, cwd=pages, environment=environment, user=user)
        self._servers.append(web)
        web.until(self._answers, START_WITHIN)

    def _answers(self) -> bool | None:
        try:
            return True if self.call("GET", "/wp/v2/users/me").status == 200 else None
        except OSError:
            return None


def _pages(folder: RunFolder, user: str | None) -> Path:
    """A copy of the distribution's WordPress with our files in it; only the uploads can be written."""
    tree = folder.sub("site", user) / "wordpress"
    pages = shutil.copytree(SOURCE, tree, symlinks=False)  # Debian's tree is full of links out of itself
    shutil.copytree(FILES, pages, dirs_exist_ok=True, copy_function=shutil.copyfile)
    uploads = pages / "wp-content/uploads"
    uploads.mkdir(exist_ok=True)
    if user is not None:
        shutil.chown(uploads, user)
    return pages
