"""When quick replies outside are over, and what becomes of one that is pressed after that."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.gateway.workers.button_sender import ButtonSender
from bot.services.billing import contract_proof
from bot.services.channel import arrivals
from bot.services.channel.answered import Answered
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.channel.outgoing import Outgoing, outgoing
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.hand_off.pending_events import PENDING
from bot.services.outbox.items import BUTTON_UPDATE, MESSAGE
from bot.services.outbox.outcomes import NotNow, Refused
from bot.services.privacy import erasure
from bot.store.tables import InboundEvent, Message, OutboxItem
from tests.support.outbox import outbox_items, send_due
from tests.support.service_fixtures import Clock

KIM, LEE = Person("T", "U-kim", "Kim"), Person("T", "U-lee", "Lee")
WHAT = [{"title": "How do I …?", "payload": "/how_to"}, {"title": "A problem", "payload": "/report_issue"}]
WHICH = [{"title": "Epson", "payload": '/answer_question{"question": "printer", "value": "Epson"}'}]


class Screen:
    """A channel that shows what was made of its messages."""

    seconds_apart = 0.0

    def __init__(self) -> None:
        self.shown: list[tuple[str, str | None, str | None]] = []
        self.troubles: list[Exception] = []

    def rate_key(self, outgoing: Outgoing) -> str:
        return outgoing.conversation_id

    async def parts(self, outgoing: Outgoing) -> Sequence[Any]:
        return [message["text"] for message in outgoing.messages]

    def smaller(self, part: Any) -> Sequence[Any]:
        return [part]

    async def send(self, outgoing: Outgoing, part: Any) -> str | None: ...

    async def show_answer(self, parts: Sequence[Any], answered: Answered) -> None:
        if self.troubles:
            raise self.troubles.pop(0)
        self.shown.append((answered.outside_id, answered.title, answered.name))

    async def typing(self, reference: dict[str, Any], workspace: str, on: bool) -> None: ...

    async def close(self) -> None: ...


class Thread:
    """A conversation in Slack; everything that is said there arrives at once."""

    def __init__(self, ctx: Context, *, shared: bool = False) -> None:
        self.ctx, self.place, self.count, self.id = ctx, Place("T", "C1:1", {"channel": "C1"}, shared=shared), 0, ""

    async def writes(self, text: str | None = None, who: Person = KIM, **fields: Any) -> None:
        self.count += 1
        arrival = Arrival("slack", f"T:{self.count}", self.place, who, text, **fields)
        arrived = await arrivals.arrive(self.ctx, arrival)
        assert arrived is not None
        self.id = arrived.conversation_id

    async def presses(self, choice: str, who: Person = KIM) -> None:
        await self.writes(None, who, choice=choice, conversation_id=self.id)

    async def we_say(self, text: str, author: str = "assistant", sent: bool = True, **fields: Any) -> list[str]:
        """Say something and let it arrive; return the ids of its choices."""
        async with self.ctx.db.write() as session:
            conversation = await lifecycle.load(session, self.id, lock=True)
            named = {"author": author, "author_name": author, **fields}
            message = await transcript.say(session, conversation, self.ctx.clock(), text, **named)
        if sent:
            await self.all_arrives()
        return [choice["id"] for choice in message.choices]

    async def all_arrives(self) -> None:
        async with self.ctx.db.write() as session:
            waiting = select(OutboxItem).where(OutboxItem.kind == MESSAGE, OutboxItem.state == "queued")
            for item in await session.scalars(waiting):
                item.state, item.outside_id, item.last_outside_id = "sent", f"first{item.id}", f"last{item.id}"

    async def written(self) -> list[tuple[str, str]]:
        """(text, status of its event) of everything customers wrote."""
        query = select(Message.text, InboundEvent.status).join(InboundEvent, InboundEvent.message_id == Message.id)
        async with self.ctx.db.read() as session:
            return [(text, status) for text, status in await session.execute(query.order_by(Message.id))]

    async def last_words(self) -> tuple[str, bool]:
        async with self.ctx.db.read() as session:
            ours = select(Message).where(Message.author == "system").order_by(Message.id.desc())
            message = (await session.scalars(ours)).first()
        return (message.text, message.private) if message else ("", False)


@pytest.fixture
async def thread(ctx: Context) -> Thread:
    opened = Thread(ctx)
    await opened.writes("hello")
    return opened


async def updates(ctx: Context, screen: Screen) -> list[tuple[str, str | None, str | None]]:
    """Everything that was shown once all that is due has been tried."""
    while await send_due(ctx, ButtonSender(ctx, {"slack": screen})):
        pass
    return screen.shown


async def test_a_pressed_choice_is_shown_once_with_who_pressed(ctx: Context, thread: Thread) -> None:
    (first, _) = await thread.we_say("What can I do?", choices=WHAT)
    await thread.presses(first, LEE)
    (sent,) = await outbox_items(ctx, MESSAGE)
    screen = Screen()
    assert await updates(ctx, screen) == [(f"last{sent.id}", "How do I …?", "Lee")]
    await thread.presses(first, LEE)
    await thread.we_say("Here is how.")
    assert len(await updates(ctx, screen)) == 1


async def test_choices_are_over_once_the_customer_wrote_and_was_answered(ctx: Context, thread: Thread) -> None:
    await thread.we_say("What can I do?", choices=WHAT)
    screen = Screen()
    await thread.we_say("A word of the gateway", author="system")
    await thread.writes("it crashes")
    await thread.we_say("A card number was removed", author="system")
    assert await updates(ctx, screen) == []
    await thread.we_say("How can we reach you?")
    (shown,) = await updates(ctx, screen)
    assert shown[1:] == (None, None)
    await thread.writes("kim@a.example")
    await thread.we_say("Which printer?", choices=WHICH)
    assert len(await updates(ctx, screen)) == 1


async def test_a_press_on_what_is_over_starts_no_turn_and_is_answered_honestly(ctx: Context, thread: Thread) -> None:
    first, second = await thread.we_say("What can I do?", choices=WHAT)
    await thread.writes("it crashes")
    await thread.we_say("How can we reach you?")
    await thread.presses(first)
    assert (await thread.written())[-1] == ("How do I …?", "done")
    assert await thread.last_words() == (ctx.support.wording.choice_over, False)
    await thread.presses(second, LEE)
    assert (await thread.written())[-1] == ("A problem", "done")


async def test_the_same_button_pressed_twice_is_one_answer_without_a_word(ctx: Context, thread: Thread) -> None:
    (first, _) = await thread.we_say("What can I do?", choices=WHAT)
    await thread.presses(first)
    await thread.presses(first)
    assert [status for _, status in await thread.written()] == [PENDING, PENDING, "done"]
    assert await thread.last_words() == ("", False)


async def test_another_button_of_an_answered_question_is_over(ctx: Context, thread: Thread) -> None:
    first, second = await thread.we_say("What can I do?", choices=WHAT)
    await thread.presses(first)
    await thread.presses(second)
    assert await thread.last_words() == (ctx.support.wording.choice_over, False)


async def test_a_choice_that_names_its_question_is_left_to_the_dialogue(ctx: Context, thread: Thread) -> None:
    (epson,) = await thread.we_say("Which printer?", choices=WHICH)
    await thread.writes("a Canon")
    await thread.we_say("Noted.")
    await thread.presses(epson)
    assert (await thread.written())[-1] == ("Epson", PENDING)


async def test_the_offer_to_prove_a_contract_stands_beside_the_question(ctx: Context, thread: Thread) -> None:
    prove = [{"title": "I have a contract", "payload": contract_proof.CHOICE}]
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, thread.id, lock=True)
        for text, choices in (("It is to be checked.", prove), ("What can I do?", WHAT)):
            await transcript.say(session, conversation, ctx.clock(), text, author_name="Quill", choices=choices)
    await thread.all_arrives()
    (item,) = await outbox_items(ctx, MESSAGE)
    offered = (await outgoing(ctx, item)).choices
    assert [choice["title"] for choice in offered] == ["How do I …?", "A problem", "I have a contract"]
    await thread.presses(offered[2]["id"])
    assert await updates(ctx, Screen()) == [], "the question is still to be answered"
    await thread.presses(offered[0]["id"])
    assert [title for _, title, _ in await updates(ctx, Screen())] == ["How do I …?"]


async def test_an_update_waits_for_its_message_and_gives_up_after_an_hour(
    ctx: Context, thread: Thread, clock: Clock
) -> None:
    (first, _) = await thread.we_say("What can I do?", choices=WHAT, sent=False)
    await thread.presses(first)
    screen = Screen()
    assert await updates(ctx, screen) == []
    await thread.all_arrives()
    clock.advance(minutes=5)
    assert len(await updates(ctx, screen)) == 1
    (late, _) = await thread.we_say("And now?", choices=WHAT, sent=False)
    await thread.presses(late)
    clock.advance(hours=2)
    await updates(ctx, screen)
    assert [item.state for item in await outbox_items(ctx, BUTTON_UPDATE)] == ["sent", "dropped"]


@pytest.mark.parametrize(
    ("trouble", "state", "shown"), [(NotNow("http_503"), "sent", 1), (Refused("message_not_found"), "dropped", 0)]
)
async def test_what_passes_is_tried_again_and_what_stays_is_dropped(
    ctx: Context, thread: Thread, clock: Clock, trouble: Exception, state: str, shown: int
) -> None:
    (first, _) = await thread.we_say("What can I do?", choices=WHAT)
    await thread.presses(first)
    screen = Screen()
    screen.troubles = [trouble]
    await updates(ctx, screen)
    clock.advance(minutes=1)
    assert len(await updates(ctx, screen)) == shown
    assert [item.state for item in await outbox_items(ctx, BUTTON_UPDATE)] == [state]


async def test_a_message_that_has_no_id_outside_is_left_alone(ctx: Context, thread: Thread) -> None:
    (first, _) = await thread.we_say("Only you see this", choices=WHAT)
    async with ctx.db.write() as session:
        await session.execute(update(OutboxItem).values(outside_id=None, last_outside_id=None))
    await thread.presses(first)
    assert await updates(ctx, Screen()) == []


async def test_an_erased_conversation_keeps_no_update(ctx: Context, thread: Thread) -> None:
    (first, _) = await thread.we_say("What can I do?", choices=WHAT)
    await thread.presses(first)
    async with ctx.db.read() as session:
        customer_id = (await lifecycle.load(session, thread.id)).customer_id
    await erasure.erase_customer(ctx, customer_id, actor="test")
    assert await outbox_items(ctx, BUTTON_UPDATE) == []
