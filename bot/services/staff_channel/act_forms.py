"""The forms by which a technician acts from a staff channel: the desk's own use cases, with the desk's rights.

A form is data; each platform prints it. Sending one does what it is for, or gives the next form: a canned reply, a page
of the manual and a missing fact are put into the reply, which the technician reads and sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select

from bot.services.conversation.continue_link import own_address
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.services.core.form_fields import LINE, ONE, SEVERAL, TEXT, Field
from bot.services.desk import canned_replies, collected_answers, manual_passages, technician_messages, transfers
from bot.services.hand_off import transitions
from bot.services.hand_off.open_hand_offs import OPEN_STATES, issues_of, open_hand_offs
from bot.services.staff_channel.card import ASK, BUTTONS, CANNED, GIVE_BACK, MANUAL, REPLY, RESOLVE, TRANSFER
from bot.services.technician import access
from bot.store.lookup import its_issue
from bot.store.tables import HandOff, Technician

# The second step of a page of the manual, and a note from a command.
PASSAGE, NOTE = "passage", "note"
MOST_OPTIONS, LONGEST_TITLE = 100, 75
LONGEST_REPLY = 3000
TEAM, PERSON = "team:", "person:"
Values = Mapping[str, str | list[str]]


@dataclass(frozen=True)
class Form:
    """``act`` is what sending it does for the hand-off; ``state`` comes back with it."""

    act: str
    hand_off_id: int
    title: str
    send: str
    fields: tuple[Field, ...]
    state: str = ""


async def hand_off_named(ctx: Context, technician: Technician, reference: str) -> int:
    """Return the open hand-off of a Tech Reference in any spelling, else its newest; raises Invalid or NotFound."""
    async with ctx.db.read() as session:
        issue, _ = await access.readable_issue(session, ctx, technician, reference)
        open_first = case((HandOff.state.in_(OPEN_STATES), 0), else_=1)
        query = select(HandOff.id).where(HandOff.issue_id == issue.id).order_by(open_first, HandOff.id.desc()).limit(1)
        found: int | None = await session.scalar(query)
    if found is None:
        raise NotFound("Nobody was asked for a technician under this reference.")
    return found


async def claim(ctx: Context, technician: Technician, hand_off_id: int) -> None:
    """Claim the hand-off; raises NotFound, or Conflict (``taken``)."""
    await transitions.claim(ctx, hand_off_id, technician)


async def note(ctx: Context, technician: Technician, hand_off_id: int, text: str) -> None:
    """Keep a private note; raises Invalid or NotFound."""
    await technician_messages.add_note(ctx, technician, await _conversation_id(ctx, hand_off_id), text)


async def open_form(ctx: Context, technician: Technician, hand_off_id: int, act: str, text: str = "") -> Form:
    """Return the form of an act; ``text`` is what a reply begins with. The reading is recorded.

    Raises NotFound, Invalid, or Conflict (``not_owner``) when the conversation is not this technician's.
    """
    conversation_id = await _conversation_id(ctx, hand_off_id)
    await _require_owner(ctx, technician, conversation_id)
    await access.open_conversation(ctx, technician, conversation_id)
    if act == REPLY:
        return reply_form(hand_off_id, text)
    fields = await _FIELDS[act](ctx, technician, conversation_id)
    return Form(act, hand_off_id, BUTTONS[act], _SENDS.get(act, "Go on"), fields)


async def submit(ctx: Context, technician: Technician, form: Form, values: Values, once: str) -> Form | None:
    """Do what the form is for, or return the form that follows; ``once`` names this very sending.

    Of ``form`` only act, hand-off and state are read. Raises Invalid, NotFound or Conflict.
    """
    conversation_id = await _conversation_id(ctx, form.hand_off_id)
    given = {name: value if isinstance(value, str) else "\n".join(value) for name, value in values.items()}
    text = given.get("text", "")
    if form.act == REPLY:
        written = technician_messages.parse({"client_message_id": f"staff-form:{once}", "text": text})
        await technician_messages.send_message(ctx, technician, conversation_id, written)
    elif form.act == GIVE_BACK:
        await transfers.give_back(ctx, conversation_id, technician, text)
    elif form.act == RESOLVE:
        await transfers.resolve(ctx, conversation_id, technician, given.get("references", "").split())
    elif form.act == TRANSFER:
        team, colleague = _target(given.get("target", ""))
        await transfers.transfer(ctx, conversation_id, technician, team, colleague, text)
    else:
        return await _next(ctx, technician, conversation_id, form, given)
    return None


async def _next(
    ctx: Context, technician: Technician, conversation_id: str, form: Form, given: Mapping[str, str]
) -> Form:
    await _require_owner(ctx, technician, conversation_id)
    chosen = given.get("chosen", "")
    if form.act == MANUAL:
        return await _passages(ctx, form.hand_off_id, given.get("query", ""))
    if form.act == CANNED:
        replies = await canned_replies.fill_replies(ctx, technician, conversation_id)
        texts = {str(one["id"]): str(one["text"]) for one in replies}
    elif form.act == ASK:
        texts = {str(place): one["ask"] for place, one in enumerate(await _missing(ctx, technician, conversation_id))}
    else:
        found = await manual_passages.passages(ctx, form.state, own_address(ctx))
        texts = {str(place): one["insert"] for place, one in enumerate(found)}
    if chosen not in texts:
        raise Invalid("That is not there any more. Open the form again.")
    return reply_form(form.hand_off_id, texts[chosen])


def reply_form(hand_off_id: int, text: str) -> Form:
    """Return the form of a reply that begins with a text."""
    field = Field("text", "The customer reads this.", TEXT, text[:LONGEST_REPLY])
    return Form(REPLY, hand_off_id, BUTTONS[REPLY], "Send", (field,))


async def _passages(ctx: Context, hand_off_id: int, query: str) -> Form:
    found = await manual_passages.passages(ctx, query, own_address(ctx))
    if not found:
        raise Invalid("The manual has nothing about this. Search with other words.")
    titles = [" › ".join(filter(None, (one["title"], one["heading"]))) for one in found]
    options = {str(place): title for place, title in enumerate(titles)}
    field = Field("chosen", "Page", ONE, options=_options(options))
    return Form(PASSAGE, hand_off_id, BUTTONS[MANUAL], "Go on", (field,), state=query[: manual_passages.QUERY_LIMIT])


async def _ask_fields(ctx: Context, technician: Technician, conversation_id: str) -> tuple[Field, ...]:
    missing = await _missing(ctx, technician, conversation_id)
    if not missing:
        raise Invalid("No fact is missing: every question of this category was answered.")
    options = {str(place): one["label"] for place, one in enumerate(missing)}
    return (Field("chosen", "What is missing", ONE, options=_options(options)),)


async def _canned_fields(ctx: Context, technician: Technician, conversation_id: str) -> tuple[Field, ...]:
    replies = await canned_replies.fill_replies(ctx, technician, conversation_id)
    if not replies:
        raise Invalid("There is no canned reply yet. They are written at the desk, under Replies.")
    return (Field("chosen", "Reply", ONE, options=_options({str(one["id"]): str(one["title"]) for one in replies})),)


async def _manual_fields(ctx: Context, technician: Technician, conversation_id: str) -> tuple[Field, ...]:
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        issue = await its_issue(session, conversation)
    return (Field("query", "Search the manual", LINE, issue.title if issue else ""),)


async def _give_back_fields(_ctx: Context, _technician: Technician, _conversation_id: str) -> tuple[Field, ...]:
    return (Field("text", "What the assistant says to the customer", TEXT, optional=True),)


async def _transfer_fields(ctx: Context, technician: Technician, _conversation_id: str) -> tuple[Field, ...]:
    targets = await transfers.transfer_targets(ctx, technician)
    options = {f"{TEAM}{one['id']}": str(one["title"]) for one in targets["teams"]}
    options |= {f"{PERSON}{one['id']}": str(one["name"]) for one in targets["technicians"]}
    return (
        Field("target", "To", ONE, options=_options(options)),
        Field("text", "Note for them; the customer does not read it", TEXT, optional=True),
    )


async def _resolve_fields(ctx: Context, technician: Technician, conversation_id: str) -> tuple[Field, ...]:
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        issues = await issues_of(session, await open_hand_offs(session, conversation))
    options = _options({one.reference: f"{one.reference} {one.title}" for one in issues})
    chosen = issues[0].reference if len(issues) == 1 else ""
    return (Field("references", "Solved", SEVERAL, chosen, options),)


async def _missing(ctx: Context, technician: Technician, conversation_id: str) -> list[dict[str, str]]:
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        issue = await its_issue(session, conversation)
        if issue is None:
            return []
        asked = await collected_answers.asked_for(session, ctx, issue)
        glance = collected_answers.at_a_glance(asked, issue.impact)
        return collected_answers.questions_to_ask(asked, ctx.support_for(conversation), glance)


async def _conversation_id(ctx: Context, hand_off_id: int) -> str:
    async with ctx.db.read() as session:
        found = await session.get(HandOff, hand_off_id)
    if found is None:
        raise NotFound("There is no such hand-off.")
    return found.conversation_id


async def _require_owner(ctx: Context, technician: Technician, conversation_id: str) -> None:
    """Raise Conflict (``not_owner``) unless the technician owns the conversation now."""
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        await transitions.check_owner(session, conversation, technician)


def _options(titles: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((value, title[:LONGEST_TITLE]) for value, title in titles.items())[:MOST_OPTIONS]


def _target(chosen: str) -> tuple[str | None, str | None]:
    """Return the chosen (team, colleague)."""
    if chosen.startswith(TEAM):
        return chosen.removeprefix(TEAM), None
    return None, chosen.removeprefix(PERSON)


_FIELDS: dict[str, Any] = {
    ASK: _ask_fields,
    CANNED: _canned_fields,
    MANUAL: _manual_fields,
    GIVE_BACK: _give_back_fields,
    TRANSFER: _transfer_fields,
    RESOLVE: _resolve_fields,
}
_SENDS = {GIVE_BACK: "Give back", TRANSFER: "Transfer", RESOLVE: "Resolve"}
