"""Claiming an exemption from a rule, and taking it back: small saves of the composer's island."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from kitestring.domains.composing.actions.claim_exemption import claim_exemption, drop_exemption
from kitestring.domains.composing.views.composer import answer, tab_of, version_of
from kitestring.domains.workspaces.doors import MemberRequest, members_only

FIELDS = ("rule", "words", "ground", "reason", "evidence", "evidence_on")


@members_only("post.write")
@require_POST
def exempt(request: MemberRequest, post_id: UUID) -> HttpResponse:
    """`rule` and `words` of what is shown, `ground`, `reason`, `evidence`, `evidence_on`; `drop` takes the exemption back."""
    values = {name: request.POST.get(name, "") for name in FIELDS}
    member, version, tab = request.member, version_of(request), tab_of(request)
    if request.POST.get("drop"):
        rule, words = values["rule"], values["words"]
        return answer(request, post_id, lambda: drop_exemption(member, post_id, rule, words, version, tab))
    return answer(request, post_id, lambda: claim_exemption(member, post_id, values, version, tab))
