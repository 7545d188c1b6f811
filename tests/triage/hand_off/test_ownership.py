"""Every pair of owner and event, so that no move is possible by accident."""

import itertools

import pytest

from bot.triage.hand_off.ownership import Event, NotAllowed, Owner, next_owner

MOVES = {
    ("assistant", "hand_off"): "queue",
    ("queue", "cancel"): "assistant",
    ("queue", "claim"): "technician",
    ("technician", "resolve"): "closed",
    ("technician", "give_back"): "assistant",
    ("technician", "transfer"): "queue",
    ("technician", "silence"): "queue",
    ("closed", "customer_writes"): "assistant",
}


@pytest.mark.parametrize(("owner", "event"), list(itertools.product(Owner, Event)))
def test_each_event_moves_the_conversation_or_is_refused(owner: Owner, event: Event) -> None:
    expected = MOVES.get((owner.value, event.value))
    if expected is None:
        with pytest.raises(NotAllowed) as refused:
            next_owner(owner, event)
        assert (refused.value.owner, refused.value.event) == (owner, event)
    else:
        assert next_owner(owner, event) == expected


def test_owners_and_events_are_written_as_they_are_stored() -> None:
    assert f"owner.{Event.HAND_OFF}" == "owner.hand_off"
    assert Owner("queue") is Owner.QUEUE
