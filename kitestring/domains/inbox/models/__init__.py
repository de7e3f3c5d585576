"""People, conversations, messages."""

from kitestring.domains.inbox.models.contact import Contact, Stance
from kitestring.domains.inbox.models.conversation import Conversation, Sort
from kitestring.domains.inbox.models.message import Direction, Message

__all__ = ["Contact", "Conversation", "Direction", "Message", "Sort", "Stance"]
