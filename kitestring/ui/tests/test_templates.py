"""Every template compiles, every component draws, and the error page needs nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from jinja2 import Environment

from kitestring.ui import components

Draw = Callable[..., str]
TEMPLATES = Path(__file__).parent.parent / "templates"
GUIDE = Path(__file__).parents[3] / "docs" / "contributors" / "interface.md"


def test_every_template_compiles(env: Environment) -> None:
    for path in TEMPLATES.rglob("*.html"):
        env.get_template(str(path.relative_to(TEMPLATES)))


@pytest.mark.parametrize("name", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
@pytest.mark.parametrize("language", ["en", "zh-hans", "vi"])
def test_error_pages_need_no_member_and_no_database(name: str, language: str) -> None:
    with translation.override(language):
        page = get_template(name).template.render({})
    assert "<h1>" in page
    assert 'href="/"' in page


def test_the_frame_stands_without_its_context(env: Environment) -> None:
    page = env.from_string('{% extends "ui/base.html" %}{% block content %}here{% endblock %}').render()
    assert "here" in page


def test_the_style_guide_shows_all(env: Environment) -> None:
    page = env.get_template("ui/styleguide.html").render(request=RequestFactory().get("/"))
    assert "style=" not in page, "our own pages need no inline styles"
    assert "onclick" not in page


def test_the_guide_names_every_component(env: Environment) -> None:
    text = GUIDE.read_text("utf-8")
    told = set(re.findall(r"`(\w+)\(", text))
    for file in components.FILES:
        module = env.get_template(f"{components.FOLDER}{file}.html").module
        drawn = {name for name in vars(module) if not name.startswith("_")}
        assert drawn <= told, f"interface.md does not tell of {sorted(drawn - told)}"


class Sample(forms.Form):
    title = forms.CharField(max_length=5, help_text="Short.")
    text = forms.CharField(widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")])
    way = forms.ChoiceField(choices=[("a", "First"), ("b", "Second")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    sure = forms.BooleanField(required=False)
    password = forms.CharField(widget=forms.PasswordInput)


def test_a_forms_errors_stand_beside_their_fields(draw: Draw) -> None:
    form = Sample(
        {"title": "too long", "text": "<i>x", "kind": "b", "way": "b", "many": ["b"], "password": "secret"}
    )
    out = draw("{% for f in form %}{{ ui.form_field(f) }}{% endfor %}", form=form)
    assert 'aria-invalid="true" aria-describedby="id_title-err id_title-help"' in out
    assert 'id="id_title-err"' in out
    assert "&lt;i&gt;x" in out
    assert '<option value="b" selected>Second' in out
    assert 'name="way" value="b" checked' in out
    assert 'name="many" value="b" checked' in out
    assert 'name="many" value="a" checked' not in out
    assert "secret" not in out, "a password is never written back into a page"


def test_every_field_has_a_label_of_its_own(draw: Draw) -> None:
    out = draw("{% for f in form %}{{ ui.form_field(f) }}{% endfor %}", form=Sample())
    ids = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', out))
    labelled = set(re.findall(r'for="([^"]+)"', out))
    assert {"id_title", "id_text", "id_kind", "id_sure", "id_password"} <= ids & labelled


def test_pages_say_where_one_is(draw: Draw) -> None:
    page = Paginator(range(95), 50).page(2)
    out = draw('{{ ui.pages(page, "?page=") }}', page=page)
    assert "51 to 95 of 95" in out
    assert 'href="?page=1"' in out
    assert "?page=3" not in out


def test_translated_texts_fill_and_escape(draw: Draw) -> None:
    out = draw(
        '{{ _("%(name)s: %(n)s", name=name, n=3) }}|{{ _("%(name)s") % {"name": name} }}|{{ _("61 %") }}',
        name="<Hà>",
    )
    assert out == "&lt;Hà&gt;: 3|&lt;Hà&gt;|61 %"


def test_a_missing_component_says_where_the_list_is(draw: Draw) -> None:
    with pytest.raises(Exception, match=r"interface\.md"):
        draw("{{ ui.carousel() }}")


def test_a_field_that_may_stay_empty_says_so_where_the_form_marks_them(draw: Draw) -> None:
    class Relays(forms.Form):
        first = forms.CharField(label="Relay")
        second = forms.CharField(label="Second relay", required=False)

    marked = draw("{% for f in form %}{{ ui.form_field(f, mark=True) }}{% endfor %}", form=Relays())
    assert marked.count("optional") == 1
    assert marked.index("Second relay") < marked.index("optional")
    assert "optional" not in draw("{% for f in form %}{{ ui.form_field(f) }}{% endfor %}", form=Relays())
