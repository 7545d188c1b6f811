"""The state machine of a conversation's owner: the diagram of the operator's guide, as a table."""

from enum import StrEnum


class Owner(StrEnum):
    """The one party that answers the customer now."""

    ASSISTANT = "assistant"
    QUEUE = "queue"
    TECHNICIAN = "technician"
    CLOSED = "closed"


class Event(StrEnum):
    """The events that change the owner. ``SILENCE``: the technician did not answer in time, in office hours."""

    HAND_OFF = "hand_off"
    CANCEL = "cancel"
    CLAIM = "claim"
    RESOLVE = "resolve"
    GIVE_BACK = "give_back"
    TRANSFER = "transfer"
    SILENCE = "silence"
    CUSTOMER_WRITES = "customer_writes"


class NotAllowed(Exception):
    """The event is invalid while ``owner`` owns the conversation."""

    def __init__(self, owner: Owner, event: Event) -> None:
        self.owner, self.event = owner, event
        super().__init__(f"{event} is not possible while the conversation is with: {owner}")


_NEXT = {
    (Owner.ASSISTANT, Event.HAND_OFF): Owner.QUEUE,
    (Owner.QUEUE, Event.CANCEL): Owner.ASSISTANT,
    (Owner.QUEUE, Event.CLAIM): Owner.TECHNICIAN,
    (Owner.TECHNICIAN, Event.RESOLVE): Owner.CLOSED,
    (Owner.TECHNICIAN, Event.GIVE_BACK): Owner.ASSISTANT,
    (Owner.TECHNICIAN, Event.TRANSFER): Owner.QUEUE,
    (Owner.TECHNICIAN, Event.SILENCE): Owner.QUEUE,
    (Owner.CLOSED, Event.CUSTOMER_WRITES): Owner.ASSISTANT,
}


def next_owner(owner: Owner, event: Event) -> Owner:
    """Return the owner after ``event``; raise NotAllowed when it is invalid now."""
    if (owner, event) not in _NEXT:
        raise NotAllowed(owner, event)
    return _NEXT[owner, event]
