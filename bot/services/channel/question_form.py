"""The routing questions as one form in Slack and Teams: what it asks, who may fill it in, and what was sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT
from bot.dialogue.intake.question_form import MOST_CHARACTERS, choice_value, could_be_sent, fields_of
from bot.services.channel import arrivals
from bot.services.channel.arrivals import Arrival, Arrived
from bot.services.channel.asked_person import require_asked
from bot.services.channel.channel_people import Person
from bot.services.channel.form_offer import open_draft
from bot.services.core.context import Context
from bot.services.core.errors import NothingAsked
from bot.services.core.form_fields import LINE, ONE, Field
from bot.services.intake.draft import Draft

Values = Mapping[str, str | list[str]]
Errors = dict[str, str]


@dataclass(frozen=True)
class QuestionForm:
    """``intake_id`` comes back with what is sent: a form of an earlier draft answers nothing."""

    conversation_id: str
    intake_id: int
    fields: tuple[Field, ...]


async def question_form(ctx: Context, channel: str, conversation_id: str, person: Person) -> QuestionForm:
    """Return the form of the questions that are open now.

    Raises NotYourQuestion for anybody but the customer who is asked, NothingAsked when no question is open.
    """
    async with ctx.db.read() as session:
        draft = await _asked(session, ctx, channel, conversation_id, person)
        names = fields_of(draft)
        if not names:
            raise NothingAsked(ctx.support.chat.nothing_asked)
        most = MOST_CHARACTERS // len(names)
        fields = tuple(_field(ctx, draft, name, most) for name in names)
        return QuestionForm(conversation_id, draft.intake.id, fields)


async def submit(ctx: Context, channel: str, once: str, form: QuestionForm, person: Person, values: Values) -> Errors:
    """Store what was sent as the customer's message, or return what is wrong in which field: then nothing is stored.

    ``once`` names this very sending. Of ``form`` only its conversation and draft are read. Raises as ``question_form``
    does, also when another draft is open by now.
    """
    async with ctx.db.read() as session:
        draft = await _asked(session, ctx, channel, form.conversation_id, person)
        if draft.intake.id != form.intake_id:
            raise NothingAsked(ctx.support.chat.nothing_asked)
        given = {name: _words(draft, name, value) for name, value in values.items()}
        lines = {name: f"{draft.support.line_label(name)}: {words}" for name, words in given.items() if words}
        wrong = [name for name, words in given.items() if words and not could_be_sent(draft, name, words)]
    if wrong:
        return {name: _what_to_write(ctx, name) for name in wrong}
    if not lines:
        return dict.fromkeys(list(values)[:1], ctx.support.slack.form_blank)
    await _store(ctx, channel, once, form, person, lines, [name for name, words in given.items() if not words])
    return {}


async def _store(
    ctx: Context,
    channel: str,
    once: str,
    form: QuestionForm,
    person: Person,
    lines: Mapping[str, str],
    blank: list[str],
) -> Arrived | None:
    place = await arrivals.place_of(ctx, form.conversation_id)
    if place is None:
        raise NothingAsked(ctx.support.chat.nothing_asked)
    value = choice_value(list(lines), blank)
    arrival = Arrival(
        channel=channel,
        source_id=f"{place.workspace}:form:{once}",
        place=place,
        person=person,
        text="\n".join(lines.values()),
        conversation_id=form.conversation_id,
        # Nobody else reads a form, so what is in it is for support alone.
        private=place.shared,
        payload=f"/answer_question{json.dumps({'intake': form.intake_id, 'value': value})}",
    )
    return await arrivals.arrive(ctx, arrival)


async def _asked(session: AsyncSession, ctx: Context, channel: str, conversation_id: str, person: Person) -> Draft:
    """Return the open draft of a conversation whose customer this is. Raises NotYourQuestion or NothingAsked."""
    conversation = await require_asked(session, ctx, channel, conversation_id, person)
    draft = await open_draft(session, ctx, conversation)
    if draft is None:
        raise NothingAsked(ctx.support.chat.nothing_asked)
    return draft


def _field(ctx: Context, draft: Draft, name: str, most: int) -> Field:
    question = draft.question(name)
    if question is None:
        return Field(name, ctx.support.chat.form_contact, LINE, optional=True, most=most)
    if question.choices:
        options = tuple((str(place), title) for place, title in enumerate(question.choices))
        return Field(name, question.ask, ONE, options=options, optional=True)
    return Field(name, question.ask, LINE, optional=True, help=question.help or "", most=most)


def _words(draft: Draft, name: str, value: str | list[str]) -> str:
    """Return what was put into a field, in one line; a choice is its title."""
    text = " ".join((value if isinstance(value, str) else " ".join(value)).split())
    question = draft.question(name)
    if question is not None and question.choices and text.isdigit() and int(text) < len(question.choices):
        return question.choices[int(text)]
    return text


def _what_to_write(ctx: Context, name: str) -> str:
    words = ctx.support.chat
    return words.field_no_contact if name == CONTACT else words.field_no_answer
