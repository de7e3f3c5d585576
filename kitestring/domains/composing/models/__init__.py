"""Posts, variants, revisions."""

from kitestring.domains.composing.models.post import TAB, Post, PostAsset
from kitestring.domains.composing.models.revision import Revision
from kitestring.domains.composing.models.variant import Variant, VariantAsset

__all__ = ["TAB", "Post", "PostAsset", "Revision", "Variant", "VariantAsset"]
