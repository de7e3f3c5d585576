"""Worker doors of this domain: mails an invitation's link, and keeps the queue in order for all the others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from kitestring.domains.workspaces.actions.forget_sessions import forget_sessions
from kitestring.domains.workspaces.queries import hash_of, invitation_to_mail
from kitestring.kit.crypto import Vault
from kitestring.kit.jobs import retry_stalled


@app.task(
    name="workspaces.mail_invitation",
    retry=RetryStrategy(max_attempts=6, exponential_wait=30),
)
def mail_invitation(*, invitation: str, sealed: str, **_more: Any) -> None:
    """Send the link to the invited address, in the invited language; nothing when it no longer works."""
    found = invitation_to_mail(invitation)
    secret: str = Vault(settings.CRYPTO_KEYS).open(sealed)["secret"]
    if found is None or found.secret_hash != hash_of(secret):
        return
    link = settings.PUBLIC_URL + reverse("workspaces:join", args=[secret])
    with translation.override(found.language):
        names = {
            "name": found.invited_by.name,
            "workspace": found.workspace.name,
            "role": found.get_role_display(),
            "link": link,
        }
        subject = _("%(name)s invites you to %(workspace)s") % names
        body = _(
            "%(name)s invites you to work in %(workspace)s as %(role)s, in Kitestring: where its posts are planned, "
            "approved, published and answered.\n\nOpen this link to join. It works once, for seven days:\n%(link)s\n\n"
            "If it has ended, ask %(name)s for a new one. If you did not expect this, do nothing.\n"
        )
    send_mail(subject, body % names, None, [found.email])


@app.periodic(cron="* * * * * */20")
@app.task(name="workspaces.retry_stalled", queueing_lock="workspaces.retry_stalled", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Take over what a worker left that was killed in the middle of it."""
    await retry_stalled(context.app.job_manager)


@app.periodic(cron="17 3 * * *")
@app.task(name="workspaces.forget_sessions", queueing_lock="workspaces.forget_sessions")
def forget_ended_sessions(timestamp: int) -> None:
    """Once a day, when few are at work."""
    forget_sessions()
