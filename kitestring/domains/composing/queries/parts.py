"""What a variant comes apart into on its channel: the parts of a thread, the first comment, or neither."""

from __future__ import annotations

from kitestring.connectorkit.manifest import Manifest, PublishKind
from kitestring.connectorkit.sequences import Part, parts_of
from kitestring.domains.channels.queries import manifest_for
from kitestring.domains.composing.models import Variant


def posts_of(variant: Variant, manifest: Manifest, kind: PublishKind, *, pictures: bool) -> list[str]:
    """The texts of its posts, whether it is a thread or not; the first is the head."""
    return parts_of(
        manifest, kind, variant.said, link=variant.post.link, pictures=pictures, numbered=variant.numbered
    )


def parts_in(variant: Variant, *, pictures: bool) -> list[Part]:
    """As it will leave: one part where it is one post without a comment, more where it is a sequence."""
    try:
        manifest = manifest_for(variant.account)
        kind = manifest.kind(variant.kind)
    except KeyError:
        return [Part("head", variant.said)]
    return parts_on(variant, manifest, kind, pictures=pictures)


def parts_on(variant: Variant, manifest: Manifest, kind: PublishKind, *, pictures: bool) -> list[Part]:
    """The same where the channel is known already."""
    texts = [variant.said]
    if variant.sequence and manifest.sequence is not None:
        texts = posts_of(variant, manifest, kind, pictures=pictures)
    found = [Part("part" if place else "head", text) for place, text in enumerate(texts)]
    if variant.first_comment.strip() and manifest.first_comment is not None:
        found.append(Part("comment", variant.first_comment.strip()))
    return found
