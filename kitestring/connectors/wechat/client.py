"""The WeChat Official Account API: one call by access token, and what its error codes mean."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from kitestring.connectorkit import calls, shapes
from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater
from kitestring.connectorkit.manifest import load
from kitestring.kit.http import Client, Part

MANIFEST = load(Path(__file__).parent)
BEIJING = timezone(timedelta(hours=8))

# The token is not (or no longer) the one WeChat knows; another call may have brought a newer one.
STALE = frozenset({40001, 40014, 42001})
# Codes as in the official error list and the pages named in the manifest: outcome, field, reason.
ENDED: dict[int, str] = {
    40013: "app_id_wrong",
    40125: "app_secret_wrong",
    41004: "app_secret_wrong",
    40243: "app_secret_frozen",
    40164: "ip_not_allowed",
    61004: "ip_not_allowed",
    50002: "account_blocked",
}
WAITS: dict[int, tuple[str, float]] = {
    # An administrator must let this server's address in, or has just said no to it.
    89501: ("address_awaits_yes", 600),
    89503: ("address_awaits_yes", 600),
    89506: ("address_refused", 86400),
    89507: ("address_refused", 3600),
    45009: ("api_quota", 3600),
    45011: ("busy", 60),
    45066: ("busy", 70),
    53501: ("busy", 60),
}
REFUSALS: dict[int, tuple[str, str]] = {
    45028: ("kind", "mass_quota_used"),
    48001: ("kind", "not_permitted"),
    # One interface, or the publishing of articles, is blocked: the others go on, so the consent has not ended.
    48004: ("account", "interface_blocked"),
    53500: ("account", "interface_blocked"),
    40007: ("media", "draft_gone"),
    40004: ("media", "media_refused"),
    40005: ("media", "media_refused"),
    40006: ("media", "media_refused"),
    40009: ("media", "media_refused"),
    40113: ("media", "media_refused"),
    40137: ("media", "media_refused"),
    45001: ("media", "media_refused"),
    45002: ("text", "text_refused"),
    45008: ("text", "text_refused"),
    45166: ("text", "text_refused"),
    87014: ("text", "text_refused"),
    45159: ("options.tag", "tag_gone"),
    40050: ("options.tag", "tag_gone"),
    40036: ("options.template", "template_gone"),
    40037: ("options.template", "template_gone"),
    43116: ("options.template", "template_blocked"),
    47003: ("options.template", "template_field_refused"),
    45056: ("", "tags_used_up"),
    45057: ("", "tag_too_large"),
    45058: ("", "tag_fixed"),
    45059: ("", "person_has_enough_tags"),
    45157: ("name", "tag_name_taken"),
    45158: ("name", "tag_name_refused"),
    49003: ("reply_to", "person_gone"),
    45003: ("title", "title_refused"),
    45004: ("digest", "digest_refused"),
    45110: ("author", "author_refused"),
    53502: ("", "gone"),
    53503: ("text", "draft_check_failed"),
    53504: ("text", "draft_check_failed"),
    53505: ("text", "draft_check_failed"),
    40059: ("", "gone"),
    61501: ("", "date_range"),
    40003: ("reply_to", "person_gone"),
    43004: ("reply_to", "person_gone"),
    43019: ("reply_to", "person_blocked"),
    45015: ("reply_to", "reply_window_over"),
    45047: ("reply_to", "answers_used_up"),
    40016: ("", "menu_refused"),
    40017: ("", "menu_refused"),
    40018: ("", "menu_name_refused"),
    40019: ("", "menu_refused"),
    40020: ("", "menu_address_refused"),
    40023: ("", "menu_refused"),
    40024: ("", "menu_refused"),
    40025: ("", "menu_name_refused"),
    40026: ("", "menu_refused"),
    40027: ("", "menu_address_refused"),
    40054: ("", "menu_address_refused"),
    40055: ("", "menu_address_refused"),
    65301: ("", "menu_gone"),
    65303: ("", "menu_first_for_all"),
    65305: ("", "menus_used_up"),
    65306: ("", "menu_of_some_not_here"),
    65309: ("", "menu_of_some_off"),
    65312: ("", "menu_addresses_too_many"),
    65316: ("", "menu_addresses_too_many"),
    65317: ("", "menu_address_refused"),
    88000: ("account", "no_comments_here"),
    88001: ("", "gone"),
    88002: ("reply_to", "article_limited"),
    88003: ("", "too_many_elected"),
    88004: ("reply_to", "comment_gone"),
    88005: ("reply_to", "already_replied"),
    88007: ("text", "reply_length"),
    88008: ("reply_to", "comment_gone"),
    88009: ("reply_to", "comment_gone"),
}


class App:
    """An official account by its app id. A token that went stale is asked for once more, then the consent has ended.

    Only `stable_token` is used: it hands every caller the same token, so asking kills nobody's.
    """

    def __init__(self, http: Client, base: str, app_id: str, app_secret: str, token: str = "") -> None:
        self.http = http
        self.base = base
        self.app_id = app_id
        self.app_secret = app_secret
        self.token = token

    async def fetch_token(self) -> float:
        """Take the present token and give back how many seconds it holds."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.app_secret,
            "force_refresh": False,
        }
        answer = await calls.send(
            self.http, "POST", f"{self.base}/cgi-bin/stable_token", write=False, json=asked
        )
        body = calls.settled(answer, write=False)
        if not body.get("access_token"):
            raise refusal(body, write=False, headers=answer.headers)
        self.token = str(body["access_token"])
        return float(body.get("expires_in") or 7200)

    async def call(
        self,
        path: str,
        payload: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        accept: Sequence[int] = (),
        parts: Sequence[Part] | None = None,
        **query: str,
    ) -> dict[str, Any]:
        """The answer's JSON, for errcode 0 or one of `accept`. Raises the four outcomes and nothing else."""
        if not self.token:
            await self.fetch_token()
        for last in (False, True):
            body, headers = await self._once(path, payload, write, parts, query)
            code = int(body.get("errcode") or 0)
            if code == 0 or code in accept:
                return body
            if code not in STALE or last:
                break
            await self.fetch_token()
        raise refusal(body, write=write, headers=headers)

    async def _once(
        self,
        path: str,
        payload: Mapping[str, Any] | None,
        write: bool,
        parts: Sequence[Part] | None,
        query: Mapping[str, str],
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        more: dict[str, Any] = {"params": {"access_token": self.token, **query}}
        if parts is not None:
            more["parts"] = parts
        elif payload is not None:
            # As UTF-8, never \u escapes: WeChat stores those as they stand.
            more["content"] = json.dumps(payload, ensure_ascii=False).encode()
            more["headers"] = {"Content-Type": "application/json; charset=utf-8"}
        method = "GET" if payload is None and parts is None else "POST"
        try:
            answer = await calls.send(self.http, method, f"{self.base}{path}", write=write, **more)
            body = calls.settled(answer, write=write)
        except ConnectorError as error:
            error.hide(self.token)
            raise
        if not isinstance(body, dict):
            raise calls.unclear(write, "not_itself", str(body)[:200])
        return body, answer.headers


def listed(told: Mapping[str, Any], name: str, count: str) -> list[Mapping[str, Any]]:
    """The list called `name`; where WeChat leaves it out, `count` must say that there is nothing. Raises
    RetryLater("not_itself") where the answer says neither."""
    if name not in told and told.get(count) == 0:
        return []
    return shapes.rows(told, name)


def named(told: Mapping[str, Any], name: str) -> str:
    """What WeChat called a file or a draft that no reader sees. Raises RetryLater("not_itself") where it gave no name: one
    that lies there unnamed is a waste and no harm."""
    if not told.get(name):
        raise shapes.odd(told)
    return str(told[name])


def app(session: Session) -> App:
    """The session's official account."""
    held = session.grant.secrets
    return App(
        session.http, session.urls["api"], held["app_id"], held["app_secret"], held.get("access_token", "")
    )


def refusal(body: Mapping[str, Any], *, write: bool, headers: Mapping[str, str]) -> ConnectorError:
    """What an errcode other than 0 means."""
    code, said = int(body.get("errcode") or 0), f"{body.get('errcode')} {body.get('errmsg', '')}".strip()
    if code == -1:
        return Ambiguous("broken", said=said) if write else RetryLater("busy", said=said)
    if code in STALE:
        return GrantExpired("app_secret_wrong", said=said)
    if code in ENDED:
        return GrantExpired(ENDED[code], said=said, params=_address(said))
    if code in WAITS:
        reason, wait = WAITS[code]
        return RetryLater(reason, after=calls.retry_after(headers) or wait, said=said)
    field, reason = REFUSALS.get(code, ("", "refused"))
    return Rejected(field, reason, said=said)


def _address(said: str) -> dict[str, str | int]:
    """The address of this server that WeChat names where it is on no allow-list ("invalid ip 1.2.3.4, not in whitelist")."""
    found = re.search(r"\bip[ :]+([0-9a-f]*:[0-9a-f:.]+|[0-9][0-9.]+)", said, re.IGNORECASE)
    return {"ip": found[1].rstrip(".")} if found else {}


def today(moment: datetime) -> str:
    """The day in Beijing, where WeChat's days, months and statistics are counted."""
    return moment.astimezone(BEIJING).date().isoformat()
