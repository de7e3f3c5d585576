"""People, conversations, messages."""

from kitestring.domains.inbox.models.contact import Contact, Stance
from kitestring.domains.inbox.models.conversation import Conversation
from kitestring.domains.inbox.models.message import Direction, Message

__all__ = ["Contact", "Conversation", "Direction", "Message", "Stance"]
