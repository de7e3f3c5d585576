"""Step 7, second half: a post of its own on every other channel that has an interface, with a file and settings it takes."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from kitestring.connectorkit import registry
from kitestring.connectorkit.conformance.files import picture_type, video_type
from kitestring.connectorkit.conformance.films import film
from kitestring.connectorkit.conformance.samples import settled
from kitestring.connectorkit.manifest import PublishKind
from kitestring.connectorkit.options import choices
from kitestring.domains.channels.models import Account
from kitestring.sandbox.once import queries
from kitestring.sandbox.once.sending import delivered, write
from kitestring.sandbox.once.stage import Stage
from kitestring.sandbox.once.writing import TOGETHER

WORDS = "Bảy loại muối, một loại thắng. Ghé Hiên thử nhé."
SECONDS = 6.0
REVIEWED_WITHIN = 150.0


def everywhere(stage: Stage) -> str:
    """7: what was not spoken on yet gets a post too: a picture where it takes one, else a video, else words."""
    film_id = moving_picture(stage)
    sent = {}
    for channel, account in sorted(queries.accounts().items()):
        by_hand = registry.get(channel).manifest.mode == "hand_off"
        if by_hand or channel in (*TOGETHER, "wechat"):
            continue
        kind = kind_for(account)
        asset = film_id if not picture_type(kind) and video_type(kind) else ""
        sent[channel] = write(
            stage, channel, WORDS, "Bảy loại muối", kind.key, asset, settings(account, kind)
        )
        stage.doors["quan"].post(f"/posts/{sent[channel]}/publish-now/")
    told = [
        f"{channel} {delivered(stage, post_id, channel, within=REVIEWED_WITHIN).remote_id}"
        for channel, post_id in sent.items()
    ]
    return f"{len(told)} more: {', '.join(told)}"


def moving_picture(stage: Stage) -> str:
    """A short film sent through the page; its id."""
    with TemporaryDirectory() as folder:
        made = film(Path(folder) / "bay-loai-muoi.mp4", seconds=SECONDS, width=720, height=1280)
        sent = stage.doors["quan"].send_file("/files/", made.name, "video/mp4", made.read_bytes())
    return str(sent.json()["assets"][0]["id"])


def kind_for(account: Account) -> PublishKind:
    """The first kind that goes with one picture, else with one video, else with words alone; none that wants a long text."""
    kinds = registry.get(account.channel).manifest.kinds_for(account.account_type)

    def alone(kind: PublishKind) -> bool:
        return (kind.media is None or kind.media.least <= 1) and (kind.text.least or 0) <= len(WORDS)

    pictured = [kind for kind in kinds if alone(kind) and picture_type(kind)]
    filmed = [kind for kind in kinds if alone(kind) and video_type(kind)]
    return (pictured or filmed or list(kinds))[0]


def settings(account: Account, kind: PublishKind) -> dict[str, str]:
    """Something for every setting that must be chosen, from the account's own lists where it has them."""
    told = settled(kind)
    for option in kind.options:
        listed = choices(option, account.settings, "en")
        if option.required and option.choices_from and listed:
            told[option.key] = listed[0][0]
    return told
