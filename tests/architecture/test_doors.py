"""Laws 1, 4 and 5: one door to read a row, one verb to change it, no signals, jobs by name."""

from __future__ import annotations

import pytest
from django.apps import apps

from tests.architecture.laws import doors
from tests.architecture.laws.findings import keep
from tests.architecture.laws.tree import Source, sources

# The entrance reads these to find out who is coming in.
BEFORE_THERE_IS_A_MEMBER = {"arrival", "instance_is_empty", "kept_session", "user_by_email"}


def test_rows_are_read_through_queries() -> None:
    keep(
        doors.managers(sources()),
        right="a function in the domain's queries.py that starts from the member or workspace: "
        "`posts.visible_to(member)`. `Model.objects` stands in queries and models only.",
    )


def related_managers() -> set[str]:
    """The names under which our rows give others: many-to-many fields and the far ends of foreign keys."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("kitestring.")]
    fields = [field for model in ours for field in model._meta.get_fields()]
    many = [field for field in fields if field.many_to_many or field.one_to_many]
    return {field.get_accessor_name() if field.auto_created else field.name for field in many}


def test_views_write_no_rows() -> None:
    keep(
        doors.writes_in_views(sources(), related_managers()),
        right="the view calls an action, `schedule_delivery(member, ...)`, which permits, writes, audits and "
        "announces. (For a plain dict use `|`, not `.update(`.)",
    )


def test_no_signals() -> None:
    keep(
        doors.signals(sources()),
        right="the action that changes the row also does or enqueues what follows, in the same transaction.",
    )


def test_jobs_are_enqueued_by_name() -> None:
    keep(
        doors.tasks_by_import(sources()),
        right="`jobs.enqueue('publishing.deliver', ...)`: the task's NAME; tasks stand above actions.",
    )


def test_pages_read_only_what_starts_from_somebody() -> None:
    guarded = {model.__name__ for model in apps.get_models() if model.__module__.startswith("kitestring.")}
    house = doors.house_queries(sources("kitestring/domains/"), guarded)
    house = {module: names - BEFORE_THERE_IS_A_MEMBER for module, names in house.items()}
    assert any(house.values()), "the worker's own reads were not found: has the shape of queries changed?"
    keep(
        doors.side_entrances(sources(), house),
        right="a query that starts from the member or from a row the member was already given: "
        "`delivery_for(member, id)`. Reads by bare ids are for the worker.",
    )


def _at(path: str, text: str) -> list[Source]:
    return [Source(f"kitestring/domains/publishing/{path}", text)]


@pytest.mark.parametrize(
    "text",
    [
        "Post.objects.all()",
        "models.Post._default_manager.get()",
        "get_object_or_404(Post, pk=1)",
        "from kitestring.kit.rows import objects",
        "getattr(Post, 'objects').all()",
        "attrgetter('objects')(Post)",
        "attrgetter('post.objects')(module)",
        "Post._meta.default_manager.get(pk=1)",
        "Post._meta.base_manager.get(pk=1)",
        "Post._meta.managers[0].get(pk=1)",
        "Post._base_manager.get(pk=1)",
        "type(post)._default_manager.get(pk=1)",
        "QuerySet(Post).get(pk=1)",
        "models.QuerySet(Post).get(pk=1)",
        "QuerySet[Post](Post).get(pk=1)",
        "RawQuerySet('SELECT 1', Post)",
        "models.Manager()",
    ],
)
def test_the_law_sees_a_side_door(text: str) -> None:
    assert list(doors.managers(_at("actions/a.py", text)))
    assert not list(doors.managers(_at("queries.py", text)))
    assert not list(doors.managers(_at("models/post.py", text)))


@pytest.mark.parametrize(
    "text",
    [
        "with connection.cursor() as cursor: cursor.execute('SELECT 1')",
        "connections['default'].cursor().execute('DELETE FROM composing_post')",
        "from django.db import connection",
        "from django.db import connection as line, transaction",
        "from django.db import connections",
        "from django.db.utils import connections",
        "import django.db",
        "from django import db",
    ],
)
def test_the_law_sees_a_door_that_speaks_sql(text: str) -> None:
    for path in ("views.py", "views/edit.py", "forms.py", "tasks.py", "urls.py", "templatetags/words.py"):
        assert list(doors.managers(_at(path, text)))
    assert list(doors.managers([Source("kitestring/web/today.py", text)]))
    assert list(doors.managers([Source("kitestring/api/posts.py", text)]))
    assert not list(doors.managers(_at("queries.py", text)))
    assert not list(doors.managers(_at("actions/claim.py", text)))


@pytest.mark.parametrize(
    "text", ["from django.db import transaction", "found: QuerySet[Post] = given", "getattr(post, 'title')"]
)
def test_the_law_lets_these_through(text: str) -> None:
    assert not list(doors.managers(_at("views.py", text)))


@pytest.mark.parametrize(
    "text",
    [
        "post.save()",
        "Post.objects.bulk_create([])",
        "qs.delete()",
        "qs.update(a=1)",
        "post.tags.add(tag)",
        "request.brand.post.tags.set([])",
        "post_for(member, key).tags.remove(tag)",
        "post.tags.clear()",
        "await post.tags.aset([])",
        "tags = post.tags\ntags.add(tag)",
    ],
)
def test_the_law_sees_a_write_in_a_view(text: str) -> None:
    text = f"async def page():\n    {text.replace(chr(10), chr(10) + '    ')}"
    for path in ("views.py", "views/edit.py", "forms.py", "tasks.py", "urls.py", "templatetags/words.py"):
        assert list(doors.writes_in_views(_at(path, text), {"tags"}))
    assert list(doors.writes_in_views([Source("kitestring/web/today.py", text)], {"tags"}))
    assert not list(doors.writes_in_views(_at("actions/edit.py", text), {"tags"}))


@pytest.mark.parametrize(
    "text",
    ["seen.add(1)", "cache.set('a', 1)", "wanted['tags'].add(1)", "self.seen.clear()", "left.remove(1)"],
)
def test_the_law_knows_a_set_from_rows(text: str) -> None:
    assert not list(doors.writes_in_views(_at("views.py", text), {"tags"}))


def test_the_related_managers_are_found() -> None:
    assert {"runners_up", "conversations", "messages"} <= related_managers()


@pytest.mark.parametrize(
    "text",
    [
        "from django.dispatch import receiver",
        "from django.db.models.signals import post_save",
        "from django.db.models import signals",
        "import django.core.signals",
    ],
)
def test_the_law_sees_a_signal(text: str) -> None:
    assert list(doors.signals(_at("models/post.py", text)))


@pytest.mark.parametrize(
    "text",
    ["from kitestring.domains.publishing import tasks", "from ..tasks import deliver", "import a.tasks"],
)
def test_the_law_sees_an_imported_task(text: str) -> None:
    assert list(doors.tasks_by_import(_at("actions/a.py", text)))
    assert not list(doors.tasks_by_import(_at("apps.py", text)))


def test_the_law_sees_a_page_that_reads_for_the_house() -> None:
    reads = (
        "Post.objects\ndef due_until(moment: datetime): ...\n"
        "def posts_for(member: Member): ...\ndef all_of(rows: list[Post]): ..."
    )
    house = doors.house_queries(_at("queries.py", reads), {"Member", "Post"})
    assert house == {"kitestring.domains.publishing.queries": {"due_until"}}
    used = (
        "from kitestring.domains.publishing.queries import due_until, posts_for\ndue_until(1)\nposts_for(2)"
    )
    assert len(list(doors.side_entrances(_at("views.py", used), house))) == 1
    named = "from kitestring.domains.publishing import queries\nqueries.due_until(1)"
    assert list(doors.side_entrances(_at("views.py", named), house))
    assert not list(doors.side_entrances(_at("tasks.py", used), house))
