"""Episodes: Rasa's tracker for a conversation is replaced before it grows, and whenever ownership came back.

A turn then costs the same after 500 messages as after 5; what matters is rebuilt from the draft.
"""

from typing import Any

from bot.store.tables import Conversation

TURNS_PER_EPISODE = 60


def begin(conversation: Conversation, resume: dict[str, Any]) -> None:
    """Start the next episode; its first turn is a resume that rebuilds Rasa's slots and form."""
    conversation.episode += 1
    conversation.episode_turns = 0
    conversation.resume = resume
    conversation.model_id = None


def sender(conversation: Conversation) -> str:
    """Rasa's name for this conversation's present episode."""
    return f"{conversation.id}.{conversation.episode}"


def conversation_of(sender_id: str) -> str:
    """Return the conversation behind Rasa's sender id; raises ValueError for one that is not ours."""
    conversation_id, dot, episode = sender_id.partition(".")
    if not dot or not episode.isdigit():
        raise ValueError("not a sender of a conversation")
    return conversation_id
