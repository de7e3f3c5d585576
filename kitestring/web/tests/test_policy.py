"""Every answer says that only our own files may run, the ones made before a view is asked too."""

from __future__ import annotations

from django.test import Client

from tests.world import World


def test_a_wrong_host_is_refused_under_the_policy(db: None) -> None:
    answer = Client(headers={"host": "evil.example"}).get("/account/login/")
    assert answer.status_code == 400
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_refused_form_and_a_missing_page_have_it(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    for answer in (strict.post("/language/", {"language": "vi"}), strict.get("/nowhere/"), strict.get("/")):
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
