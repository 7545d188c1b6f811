"""Read which of several products a turn is about, and which message it answers when it only says that.

The product is read from the words before anything else is, since settings, categories and the manual depend on it. A
message that answers "Which product is it about?" leads back to the question that was asked before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import PressedChoice
from bot.dialogue.draft import OPEN, PRODUCT
from bot.services.conversation.product_places import known_product, products_at
from bot.services.core.context import Context
from bot.services.manual.answer import CHAT, last_search
from bot.services.turn.batch import messages_taken_with
from bot.store.lookup import by_key
from bot.store.tables import ChannelThread, Conversation, Intake, Message
from bot.triage.reading.product_named import product_said_alone, products_named, says_no_product


@dataclass(frozen=True)
class ProductOfTurn:
    """``messages`` are those to be read: the turn's own, or the earlier ones that they lead back to.

    ``alone``: the turn's messages only say which product is meant, and lead back to nothing. ``here`` are the products
    to ask among: several, while nobody knows which it is and nobody has asked.
    """

    messages: Sequence[Message]
    choice: PressedChoice | None
    product: str | None = None
    alone: bool = False
    here: tuple[str, ...] = ()


async def product_of_turn(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    messages: Sequence[Message],
    choice: PressedChoice | None,
) -> ProductOfTurn:
    """Return the product of these messages, of which a pressed ``choice`` is one."""
    known = known_product(ctx.support, conversation.product)
    if not ctx.support.products or not messages:
        return ProductOfTurn(messages, choice, known)
    if choice is None:
        found = await _typed(session, ctx, conversation, messages, known)
    elif choice.fields.get("question") == PRODUCT:
        found = await _pressed(session, ctx, conversation, messages, choice)
    else:
        found = ProductOfTurn(messages, choice, known)
    if found.product is not None or conversation.product_asked:
        return found
    here = await _products_here(session, ctx, conversation)
    return replace(found, here=here) if len(here) > 1 else replace(found, product=here[0])


async def _pressed(
    session: AsyncSession, ctx: Context, conversation: Conversation, messages: Sequence[Message], choice: PressedChoice
) -> ProductOfTurn:
    product = known_product(ctx.support, choice.fields.get("value")) or known_product(ctx.support, conversation.product)
    asked = await _messages_of(session, conversation, choice.fields.get("about"))
    return ProductOfTurn(asked, None, product) if asked else ProductOfTurn(messages, choice, product)


async def _typed(
    session: AsyncSession, ctx: Context, conversation: Conversation, messages: Sequence[Message], known: str | None
) -> ProductOfTurn:
    names = {product_id: product.names for product_id, product in ctx.support.products.items()}
    text = "\n".join(message.text for message in messages)
    alone, named = product_said_alone(text, names), products_named(text, names)
    asked = await _question_asked(session, conversation) if conversation.pending_question == PRODUCT else []
    if asked and (alone or says_no_product(text)):
        return ProductOfTurn(asked, None, alone or known)
    if asked and len(named) == 1:
        return ProductOfTurn([*asked, *messages], None, named[0])
    if alone is not None:
        before = await _question_answered(session, conversation) if alone != known else []
        return ProductOfTurn(before or messages, None, alone, alone=not before)
    if len(named) == 1 and (known is None or await _may_turn_to_another(session, ctx, conversation)):
        return ProductOfTurn(messages, None, named[0])
    return ProductOfTurn(messages, None, known)


async def _question_asked(session: AsyncSession, conversation: Conversation) -> Sequence[Message]:
    """Return the messages about which it was asked which product is meant; none when an issue was."""
    last = select(Message.choices).where(Message.conversation_id == conversation.id, Message.author == "assistant")
    choices = await session.scalar(last.order_by(Message.seq.desc()).limit(1)) or []
    fields = (PressedChoice.of_payload(choice["payload"]).fields for choice in choices)
    about = next((one.get("about") for one in fields if one.get("question") == PRODUCT), None)
    return await _messages_of(session, conversation, about)


async def _question_answered(session: AsyncSession, conversation: Conversation) -> Sequence[Message]:
    """Return the messages of the question that the manual answered last, unless an issue is being talked about."""
    search = await last_search(session, conversation.id)
    if (
        conversation.issue_id is not None
        or search is None
        or search.source != CHAT
        or await _has_open_draft(session, conversation)
    ):
        return []
    return await _messages_of(session, conversation, search.message_id)


async def _messages_of(session: AsyncSession, conversation: Conversation, message_id: object) -> Sequence[Message]:
    """Return a customer's message of this conversation, with those that were taken together with it."""
    message = await by_key(session, Message, message_id) if isinstance(message_id, int) else None
    if message is None or message.conversation_id != conversation.id or message.author != "customer":
        return []
    return await messages_taken_with(session, message)


async def _may_turn_to_another(session: AsyncSession, ctx: Context, conversation: Conversation) -> bool:
    """Return whether naming another product turns to it: the place serves several, and no issue is talked about."""
    if conversation.issue_id is not None or await _has_open_draft(session, conversation):
        return False
    return len(await _products_here(session, ctx, conversation)) > 1


async def _has_open_draft(session: AsyncSession, conversation: Conversation) -> bool:
    asked = select(Intake.id).where(Intake.conversation_id == conversation.id, Intake.state == OPEN)
    return await session.scalar(asked.limit(1)) is not None


async def _products_here(session: AsyncSession, ctx: Context, conversation: Conversation) -> tuple[str, ...]:
    thread = await session.get(ChannelThread, conversation.id)
    workspace, reference = (thread.workspace, thread.reference) if thread is not None else ("", {})
    return products_at(ctx.support, conversation.channel, workspace, reference)
