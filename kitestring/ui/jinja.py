"""The Jinja2 environment of all pages: formats in the reader's language, components, icons, built assets."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import linebreaks
from jinja2 import Environment, Undefined
from markupsafe import Markup

from kitestring.ui import assets, codes, elements, formats, locales, marks, numbers, pieces, sources, speech
from kitestring.ui.components import Components


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named page. Raises NoReverseMatch when there is none."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def url_if(name: str, *args: Any, **kwargs: Any) -> str | None:
    """The address of a named page, or None where this instance has no such page."""
    try:
        return url(name, *args, **kwargs)
    except NoReverseMatch:
        return None


def lang_of(text: object) -> str:
    """The `lang` of a short text by its script: zh-Hans for Chinese characters, vi for Vietnamese marks, else empty."""
    for sign in str(text):
        if "一" <= sign <= "鿿":
            return "zh-Hans"
        if sign in "ăâđêôơưĂÂĐÊÔƠƯ" or "ạ" <= sign <= "ỹ":
            return "vi"
    return ""


FILTERS: dict[str, Any] = {
    "date": formats.date,
    "until": formats.days,
    "time": formats.time,
    "datetime": formats.date_time,
    "relative": formats.relative,
    "duration": formats.duration,
    "number": numbers.number,
    "compact": numbers.compact,
    "percent": numbers.percent,
    "money": numbers.money,
    "bytes": numbers.size,
    "lang_of": lang_of,
    "tag_of": locales.tag_of,
    "account_name": marks.account_name,
    "person_name": marks.person_name,
    "language_name": locales.language_name,
    "source_parts": sources.source_parts,
    "paragraphs": lambda text: Markup(linebreaks(str(text), autoescape=True)),  # noqa: S704 - Django escapes the words there
}
GLOBALS: dict[str, Any] = {
    "url": url,
    "url_if": url_if,
    "static": static,
    "asset_url": assets.asset_url,
    "stylesheets": assets.stylesheets,
    "script": assets.script,
    "island": assets.island,
    "piece": pieces.piece,
    "icon": elements.icon,
    "icon_of": elements.icon,  # for macros whose own parameter is called icon
    "shape": elements.shape,
    "state_word": elements.state_word,
    "kite": elements.kite,
    "state_chip": elements.state_chip,
    "avatar": elements.avatar,
    "html_attrs": elements.attributes,
    "qr": codes.qr,
    "channel_mark": marks.channel_mark,
    "channel_name": marks.channel_name,
    "account_name": marks.account_name,
    "account_choices": marks.account_choices,
    "account_names": marks.account_names,
    "left_tone": formats.left_tone,
    "language_tag": locales.language_tag,
    "week_start": locales.week_start,
    "weekdays": locales.weekdays,
}


def environment(**options: Any) -> Environment:
    """An environment for Django's Jinja2 backend; `options` are the backend's own."""
    options.setdefault("trim_blocks", True)
    options.setdefault("lstrip_blocks", True)
    options["extensions"] = [*options.get("extensions", []), "jinja2.ext.i18n", "jinja2.ext.do"]
    env = Environment(**{"undefined": Undefined, "autoescape": True, **options})  # noqa: S701 - autoescape is on
    env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        gettext=speech.gettext, ngettext=speech.ngettext, pgettext=speech.pgettext, newstyle=False
    )
    env.filters.update(FILTERS)
    env.globals.update(GLOBALS)
    env.globals["_"] = speech.gettext
    env.globals["ui"] = Components(env)
    return env
