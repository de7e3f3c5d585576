"""Rules of channels and countries as data, and their matcher: plain Python, and no legal advice."""

from kitestring.rulepacks.claims import Claim, Claims, Standing
from kitestring.rulepacks.folding import canonical
from kitestring.rulepacks.linting import Hit, lint
from kitestring.rulepacks.model import Exemption, Rule, Text
from kitestring.rulepacks.packs import audience, countries, rules

__all__ = [
    "Claim",
    "Claims",
    "Exemption",
    "Hit",
    "Rule",
    "Standing",
    "Text",
    "audience",
    "canonical",
    "countries",
    "lint",
    "rules",
]
