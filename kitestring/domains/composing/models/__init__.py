"""Posts, variants, revisions."""

from kitestring.domains.composing.models.post import Post, PostAsset
from kitestring.domains.composing.models.revision import Revision
from kitestring.domains.composing.models.variant import Variant, VariantAsset

__all__ = ["Post", "PostAsset", "Revision", "Variant", "VariantAsset"]
