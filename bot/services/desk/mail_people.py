"""The people who get the mails of a conversation beside its customer: shown at the desk, let in and removed there."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle, thread_privacy
from bot.services.core import audit
from bot.services.core.channel_names import EMAIL
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.core.topics import DESK
from bot.services.technician import access
from bot.store.tables import ChannelThread, Conversation, Technician
from bot.store.unit_of_work import after_commit, unit_of_work


async def people_view(session: AsyncSession, conversation: Conversation) -> dict[str, Any] | None:
    """Return ``{address, copied, new}``: the customer, who gets the mails as well, and who wrote without having been
    asked, as ``{address, name}``; None where the conversation is not held by mail.
    """
    thread = await session.get(ChannelThread, conversation.id)
    if thread is None or thread.channel != EMAIL or "address" not in thread.reference:
        return None
    new = thread.reference.get("new_senders", {})
    return {
        "address": thread.reference["address"],
        "copied": list(thread.reference.get("cc", ())),
        "new": [{"address": address, "name": name} for address, name in new.items()],
    }


@unit_of_work()
async def let_in(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, address: object
) -> str:
    """Let somebody who wrote with the token get our mails from now on; what was written before is not shown to them.

    Raises NotFound for an address that has not written here.
    """
    conversation, thread = await _thread(session, technician, conversation_id)
    waiting = dict(thread.reference.get("new_senders", {}))
    if not isinstance(address, str) or address not in waiting:
        raise NotFound("Nobody has written from that address here; nothing was changed.")
    del waiting[address]
    reference = thread.reference
    await thread_privacy.change_readers(session, thread, shared=True)
    thread.reference = {
        **reference,
        "new_senders": waiting,
        "agreed": _with(reference, "agreed", address),
        "cc": _with(reference, "cc", address),
        "removed": _without(reference, "removed", address),
    }
    _record(session, ctx, technician, conversation, "mail.let_in")
    return "From now on they get our mails in this conversation, and are answered."


@unit_of_work()
async def remove(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, address: object
) -> str:
    """Send somebody no more mails of this conversation, also when the customer copies them in again.

    Raises NotFound for an address that is not there.
    """
    conversation, thread = await _thread(session, technician, conversation_id)
    reference, waiting = thread.reference, dict(thread.reference.get("new_senders", {}))
    if not isinstance(address, str) or address not in (*reference.get("cc", ()), *waiting):
        raise NotFound("That address gets no mails of this conversation; nothing was changed.")
    waiting.pop(address, None)
    copied = _without(reference, "cc", address)
    await thread_privacy.change_readers(session, thread, shared=bool(copied))
    thread.reference = {
        **reference,
        "new_senders": waiting,
        "agreed": _without(reference, "agreed", address),
        "cc": copied,
        "removed": _with(reference, "removed", address),
    }
    _record(session, ctx, technician, conversation, "mail.remove")
    return "They get no more mails of this conversation."


async def _thread(
    session: AsyncSession, technician: Technician, conversation_id: str
) -> tuple[Conversation, ChannelThread]:
    await lifecycle.load(session, conversation_id, lock=True)
    conversation = await access.load_readable(session, technician, conversation_id)
    thread = await session.get(ChannelThread, conversation_id)
    if thread is None or thread.channel != EMAIL:
        raise NotFound("This conversation is not held by mail; nothing was changed.")
    return conversation, thread


def _with(reference: dict[str, Any], name: str, address: str) -> list[str]:
    return list(dict.fromkeys([*reference.get(name, ()), address]))


def _without(reference: dict[str, Any], name: str, address: str) -> list[str]:
    return [one for one in reference.get(name, ()) if one != address]


def _record(
    session: AsyncSession, ctx: Context, technician: Technician, conversation: Conversation, action: str
) -> None:
    conversation.updated_at = ctx.clock()
    audit.record(session, audit.technician_actor(technician), action, ctx.clock(), conversation=conversation)
    after_commit(session, ctx.wake, conversation.id)
    after_commit(session, ctx.wake, DESK)
