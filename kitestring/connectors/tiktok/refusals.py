"""TikTok's refusals as a table: its code, whom it concerns, and our reason. Only `client.py` and `stands.py` read it.

Sources: developers.tiktok.com/doc: content-posting-api-reference-direct-post, -upload-video, -query-creator-info,
-get-video-status (fail reasons), -media-transfer-guide, tiktok-api-v2-error-handling; read as stored copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from kitestring.connectorkit.errors import Ambiguous, ConnectorError, GrantExpired, Rejected, RetryLater

HOUR: Final = 3600.0


@dataclass(frozen=True)
class Row:
    """`what`: a refusal at `field`, the end of the grant, a wait of `after` seconds, or a trouble of TikTok's own."""

    what: Literal["refused", "ended", "later", "broken"]
    reason: str
    field: str = ""
    after: float | None = None

    def outcome(self, said: str, *, write: bool) -> ConnectorError:
        """What to raise. A trouble of theirs is a doubt where something may have been put live."""
        if self.what == "ended":
            return GrantExpired(self.reason, said=said)
        if self.what == "later":
            return RetryLater(self.reason, after=self.after, said=said)
        if self.what == "broken":
            return Ambiguous(self.reason, said=said) if write else RetryLater(self.reason, said=said)
        return Rejected(self.field, self.reason, said=said)


BANNED: Final = Row("refused", "banned_from_posting", "account")
# `error.code` of an answer. "ok" is none.
CODES: Final[dict[str, Row]] = {
    "access_token_invalid": Row("ended", "grant_expired"),
    "scope_not_authorized": Row("ended", "scope_missing"),
    "scope_permission_missed": Row("ended", "scope_missing"),
    "rate_limit_exceeded": Row("later", "busy", after=60.0),
    "spam_risk_too_many_posts": Row("later", "posts_used", after=4 * HOUR),
    "spam_risk_too_many_pending_share": Row("later", "drafts_waiting", after=HOUR),
    "spam_risk_user_banned_from_posting": BANNED,
    "reached_active_user_cap": Row("later", "app_users_used", after=4 * HOUR),
    "unaudited_client_can_only_post_to_private_accounts": Row(
        "refused", "unaudited_account_public", "account"
    ),
    "url_ownership_unverified": Row("refused", "domain_unverified", "media"),
    "privacy_level_option_mismatch": Row("refused", "privacy_not_offered", "options.privacy"),
    "invalid_file_upload": Row("refused", "format_refused", "media"),
    "invalid_publish_id": Row("refused", "not_there"),
    "token_not_authorized_for_specified_publish_id": Row("refused", "asked_by_another"),
    "app_version_check_failed": Row("refused", "app_outdated", "account"),
    "internal_error": Row("broken", "broken"),
    "internal": Row("broken", "broken"),
    # What is answered where a path is not, or no more, there: as others met it.
    "unsupported_path": Row("refused", "version_retired"),
}
# `fail_reason` of what ended as FAILED: surely nothing of it is live.
FAILED: Final[dict[str, Row]] = {
    "file_format_check_failed": Row("refused", "format_refused", "media"),
    "duration_check_failed": Row("refused", "duration_refused", "media"),
    "frame_rate_check_failed": Row("refused", "frame_rate_refused", "media"),
    "picture_size_check_failed": Row("refused", "size_refused", "media"),
    "video_pull_failed": Row("refused", "pull_failed", "media"),
    "photo_pull_failed": Row("refused", "pull_failed", "media"),
    "internal": Row("refused", "failed_there"),
    "publish_cancelled": Row("refused", "publish_cancelled"),
    "auth_removed": Row("ended", "app_removed"),
    "spam_risk_too_many_posts": Row("refused", "posts_used_up", "account"),
    "spam_risk_user_banned_from_posting": BANNED,
    "spam_risk_text": Row("refused", "text_spam", "text"),
    "spam_risk": Row("refused", "spam_risk"),
    "app_version_check_failed": Row("refused", "app_outdated", "account"),
}
