"""Posts, variants, revisions, and why a rule does not hold for some words."""

from kitestring.domains.composing.models.exemption import Exemption
from kitestring.domains.composing.models.post import TAB, Post, PostAsset
from kitestring.domains.composing.models.revision import Revision
from kitestring.domains.composing.models.variant import Variant, VariantAsset

__all__ = ["TAB", "Exemption", "Post", "PostAsset", "Revision", "Variant", "VariantAsset"]
