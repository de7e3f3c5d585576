"""Rules of channels and countries as data, and their matcher: plain Python, and no legal advice."""

from kitestring.rulepacks.claims import Claim, Claims, Standing, standing
from kitestring.rulepacks.folding import canonical
from kitestring.rulepacks.linting import Hit, lint
from kitestring.rulepacks.model import Exemption, Rule, Said, Text
from kitestring.rulepacks.packs import audience, laws, members, rules, wanted

__all__ = [
    "Claim",
    "Claims",
    "Exemption",
    "Hit",
    "Rule",
    "Said",
    "Standing",
    "Text",
    "audience",
    "canonical",
    "laws",
    "lint",
    "members",
    "rules",
    "standing",
    "wanted",
]
