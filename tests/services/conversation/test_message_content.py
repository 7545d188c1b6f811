"""The form of a message beside its text: whose links are trusted, and that it goes when the words go."""

from sqlalchemy import select

from bot.services.conversation import lifecycle, masking, transcript
from bot.services.core.context import Context
from bot.store.tables import Message
from tests.support.service_fixtures import Customer

LINK = "**see** [our bank](https://evil.example/x)"


async def test_a_technicians_link_has_its_words_and_a_customers_its_address(ctx: Context, customer: Customer) -> None:
    await customer.writes(LINK)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        written = {"author": "technician", "author_name": "Dana", "text": LINK}
        await transcript.append_message(session, conversation, ctx.clock(), **written)
    said = {one["author"]: one for one in await customer.reads()}
    bold = {"kind": "strong", "parts": ["see"]}
    link = {"kind": "link", "target": "https://evil.example/x"}
    assert said["technician"]["content"] == [
        {"kind": "paragraph", "lines": [[bold, " ", {**link, "parts": ["our bank"]}]]}
    ]
    assert said["customer"]["content"] == [
        {
            "kind": "paragraph",
            "lines": [[bold, " ", "our bank", " (", {**link, "parts": ["https://evil.example/x"]}, ")"]],
        }
    ]
    assert said["customer"]["text"] == LINK


async def test_what_is_masked_leaves_no_form_behind(ctx: Context, customer: Customer) -> None:
    await customer.writes("my code is **12345**")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        message = await session.scalar(select(Message).where(Message.conversation_id == customer.id))
        assert message is not None
        await masking.mask_message(session, ctx, conversation, message, "[removed]")
    (said, *_) = await customer.reads()
    assert (said["text"], said["content"]) == ("[removed]", None)
