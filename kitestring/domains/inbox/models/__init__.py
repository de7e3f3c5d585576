"""People, conversations, messages, deeds on them."""

from kitestring.domains.inbox.models.contact import Contact, Stance
from kitestring.domains.inbox.models.conversation import Conversation, Sort
from kitestring.domains.inbox.models.deed import Deed, DeedKind, DeedState
from kitestring.domains.inbox.models.message import Direction, Message

__all__ = [
    "Contact",
    "Conversation",
    "Deed",
    "DeedKind",
    "DeedState",
    "Direction",
    "Message",
    "Sort",
    "Stance",
]
