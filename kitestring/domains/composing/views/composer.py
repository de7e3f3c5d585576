"""The composer: the page, and the small saves its island sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kitestring.connectorkit.problem import Problem
from kitestring.domains.channels.models import Account
from kitestring.domains.channels.queries import account as account_named
from kitestring.domains.channels.queries import accounts_of
from kitestring.domains.composing.actions.add_variant import add_variants
from kitestring.domains.composing.actions.cut_anew import cut_anew
from kitestring.domains.composing.actions.save_post import save_post
from kitestring.domains.composing.actions.save_variant import save_variant
from kitestring.domains.composing.actions.set_media import set_post_media, set_variant_media
from kitestring.domains.composing.models import Post, Variant
from kitestring.domains.composing.queries import post_for, variant_for, variants_of
from kitestring.domains.composing.queries.about import asked_about, told
from kitestring.domains.composing.queries.articles import rewrite_of
from kitestring.domains.composing.queries.desk import Side, sides_of
from kitestring.domains.composing.queries.going import going_of
from kitestring.domains.composing.queries.ruled import Ruled, facts_wanted
from kitestring.domains.composing.rules import LONGEST_TEXT
from kitestring.domains.library.models import Asset
from kitestring.domains.workspaces.doors import MemberRequest, members_only
from kitestring.domains.workspaces.models import Language
from kitestring.domains.workspaces.permissions import may
from kitestring.kit.refusals import Conflict, Refusal
from kitestring.ui.marks import channel_name

OPTION = "option-"
ABOUT = "about-"
PARTS = ("tabs", "about", "media", "counts", "tally", "problems", "previews", "checks")


def _post(request: MemberRequest, post_id: UUID) -> Post:
    try:
        return post_for(request.member, post_id)
    except Post.DoesNotExist as error:
        raise Http404 from error


def _variant(request: MemberRequest, variant_id: UUID) -> Variant:
    try:
        return variant_for(request.member, variant_id)
    except Variant.DoesNotExist as error:
        raise Http404 from error


def _desk(request: MemberRequest, post: Post) -> dict[str, Any]:
    sides = sides_of(post, request.member.language)
    return {
        "post": post,
        "brand_of_post": post.brand,
        "sides": sides,
        "free": _free(request, post),
        "languages": Language.choices,
        "longest": LONGEST_TEXT,
        "may_write": may(request.member, "post.write"),
        "may_schedule": may(request.member, "delivery.schedule"),
        "brief": post.idea.brief if post.idea else None,
        "source_media": list(post.assets.select_related("asset")),
        "going": going_of(sides),
        "errors": sum(side.errors for side in sides),
        "warnings": sum(side.warnings for side in sides),
        "ruled_source": (of_source := _of_source(sides)),
        "ruled_together": [(one, those) for one, those in of_source if len(those) > 1],
        "problems_source": _problems_of_source(sides),
        "articles": bool(sides) and all(side.kind.article for side in sides),
        "rewrite_of": rewrite_of,
        "declarations": asked_about(post.about, _wanted(post, sides)),
        "told": told(post.about),
    }


def _wanted(post: Post, sides: list[Side]) -> frozenset[str]:
    return facts_wanted((side.variant.account for side in sides), post.brand.sells_in)


def _of_source(sides: list[Side]) -> list[tuple[Ruled, list[Side]]]:
    """What the rules say of the source's own words, once, each with the accounts that inherit them."""
    found: dict[str, tuple[Ruled, list[Side]]] = {}
    for side in sides:
        for one in side.ruled:
            if side.inherits(one.hit.field):
                found.setdefault(one.key, (one, []))[1].append(side)
    return list(found.values())


def _problems_of_source(sides: list[Side]) -> list[tuple[Side, Problem]]:
    """What is wrong with words of the source's own text, once for each channel that says it."""
    found: dict[tuple[str, str], tuple[Side, Problem]] = {}
    for side in sides:
        for problem in side.problems if side.inherits("text") else ():
            if problem.words:
                found.setdefault((problem.sentence, problem.words), (side, problem))
    return list(found.values())


@members_only("post.read")
@require_GET
def composer(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """The whole desk."""
    page = _desk(request, _post(request, post_id))
    return render(request, "composing/composer.html", page)


def _saved(request: MemberRequest, post_id: UUID) -> JsonResponse:
    """The new version and every part of the page that may look different now."""
    page = _desk(request, _post(request, post_id))
    parts = {f"part-{p}": render_to_string(f"composing/parts/{p}.html", page, request) for p in PARTS}
    for side in page["sides"]:
        shown = {**page, "side": side}
        place = f"settings-{side.variant.pk}"
        parts[place] = render_to_string("composing/parts/settings.html", shown, request)
    post: Post = page["post"]
    kinds = {str(side.variant.pk): _kind_of(side, request.member.language) for side in page["sides"]}
    found = page["errors"] + page["warnings"]
    return JsonResponse(
        {"version": post.version, "parts": parts, "errors": page["errors"], "found": found, "kinds": kinds}
    )


def _kind_of(side: Side, language: str) -> dict[str, str]:
    """The kind a variant has now, and the sentence for when its files made it another one."""
    said = {"name": side.name, "kind": side.kind.label.in_(language)}
    if side.pictures:
        sentence = (
            _(
                "%(name)s goes out as “%(kind)s” now, as it carries these files. Its settings have the other ways."
            )
            % said
        )
    else:
        sentence = _("%(name)s goes out as “%(kind)s” again, as there are no files now.") % said
    return {"kind": side.kind.key, "said": sentence}


def answer(request: MemberRequest, post_id: UUID, save: Callable[[], object]) -> HttpResponse:
    """Run a save and answer in JSON: 200 with parts, 409 with their words beside, 422 with the field."""
    try:
        save()
    except (Post.DoesNotExist, Variant.DoesNotExist, Asset.DoesNotExist) as error:
        raise Http404 from error
    except Conflict as conflict:
        post = _post(request, post_id)
        sides = sides_of(post, request.member.language)
        theirs = {"source": post.text, "title": post.title}
        theirs |= {str(side.variant.pk): side.text for side in sides}
        theirs |= {f"title-{side.variant.pk}": side.title for side in sides}
        theirs |= {f"comment-{side.variant.pk}": side.variant.first_comment for side in sides}
        theirs |= {f"{ABOUT}{key}": value for key, value in post.about.items()}
        said = {"message": conflict.message, "reason": "conflict", "theirs": theirs, "version": post.version}
        return JsonResponse(said, status=409)
    except Refusal as refusal:
        return JsonResponse(
            {"message": refusal.message, "field": refusal.field, "reason": refusal.reason}, status=422
        )
    return _saved(request, post_id)


def version_of(request: MemberRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def tab_of(request: MemberRequest) -> str:
    return request.POST.get("tab", "")


@members_only("post.write")
@require_POST
def save_source(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Fields title, text, link, language, about-… ("" is no); `version` is the one the page last got, `tab` its own sign."""
    values: dict[str, Any] = {
        name: request.POST[name] for name in ("title", "text", "link", "language") if name in request.POST
    }
    about = {n.removeprefix(ABOUT): v for n, v in request.POST.items() if n.startswith(ABOUT)}
    if about:
        values["about"] = about
    return answer(
        request,
        post_id,
        lambda: save_post(request.member, post_id, values, version_of(request), tab_of(request)),
    )


@members_only("post.write")
@require_POST
def save_side(request: MemberRequest, variant_id: UUID) -> HttpResponse:
    """Fields text, title, language, kind, first_comment, sequence, numbered and option-… ("" is no); `inherit` gives text and
    title back to the source."""
    post_id = _variant(request, variant_id).post_id
    values: dict[str, Any] = {
        n: request.POST[n]
        for n in ("text", "title", "language", "kind", "sequence", "numbered", "first_comment")
        if n in request.POST
    }
    options = {n.removeprefix(OPTION): v for n, v in request.POST.items() if n.startswith(OPTION)}
    if options:
        values["options"] = options
    if request.POST.get("inherit"):
        values = {"text": None, "title": None}
    return answer(
        request,
        post_id,
        lambda: save_variant(request.member, variant_id, values, version_of(request), tab_of(request)),
    )


def _files(request: MemberRequest) -> list[tuple[UUID, str]]:
    try:
        ids = [UUID(text) for text in request.POST.getlist("asset")]
    except ValueError as error:
        raise Http404 from error
    alts = request.POST.getlist("alt")
    return [(asset, alts[at] if at < len(alts) else "") for at, asset in enumerate(ids)]


@members_only("post.write")
@require_POST
def source_media(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """The source's files, in order: `asset` and `alt`, repeated."""
    files = _files(request)
    return answer(
        request,
        post_id,
        lambda: set_post_media(request.member, post_id, files, version_of(request), tab_of(request)),
    )


@members_only("post.write")
@require_POST
def side_media(request: MemberRequest, variant_id: UUID) -> HttpResponse:
    """A variant's own files; `inherit` gives them back to the source."""
    post_id = _variant(request, variant_id).post_id
    files = None if request.POST.get("inherit") else _files(request)
    return answer(
        request,
        post_id,
        lambda: set_variant_media(request.member, variant_id, files, version_of(request), tab_of(request)),
    )


@members_only("post.write")
@require_POST
def cut(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """The threads anew, to the limits that hold now."""
    cut_anew(request.member, _post(request, post_id).pk)
    return redirect("composing:post", post_id)


@members_only("post.write")
@require_POST
def add_side(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """Variants for each `account`, or for `all` that have none; one alone has its tab open on landing."""
    post = _post(request, post_id)
    if request.POST.get("all"):
        accounts = _free(request, post)
    else:
        accounts = [_account(request, pk) for pk in request.POST.getlist("account")]
    if not accounts:
        raise Refusal(_("Choose an account. Nothing was added."))
    made = add_variants(request.member, post.pk, accounts)
    return redirect(f"/posts/{post.pk}/#side-{made[0].pk}" if len(made) == 1 else f"/posts/{post.pk}/#source")


def _account(request: MemberRequest, pk: str) -> Account:
    try:
        return account_named(request.member, UUID(pk))
    except ValueError as error:
        raise Refusal(_("Choose an account. Nothing was added.")) from error


def _free(request: MemberRequest, post: Post) -> list[Account]:
    """The brand's accounts that the post has no variant for, by the channel's name in the reader's language."""
    taken = {variant.account_id for variant in variants_of(post)}
    free = [a for a in accounts_of(request.member, post.brand) if a.pk not in taken]
    return sorted(free, key=lambda a: (channel_name(a), a.name))
