"""Hand in what people say in Teams: store it, and leave the answer to the turn worker and the outbox."""

import logging
from dataclasses import replace
from typing import Any

from bot.channels.teams.parse import NEW_ISSUE, Kind, ParsedActivity, read
from bot.channels.teams.verify import Believed
from bot.services.channel import arrivals, message_changes, private_questions, reactions
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import TEAMS, Person
from bot.services.channel.incoming_files import SentFile
from bot.services.channel.reactions import Reaction
from bot.services.core.context import Context
from bot.services.core.errors import Invalid

log = logging.getLogger(__name__)

NEW_ISSUE_WORDS = "new issue"


def id_of(user: str) -> str:
    """Under which key a thread's reference keeps Teams' own id of a person, by their id in the directory."""
    return f"id:{user}"


def name_of(user: str) -> str:
    """Likewise their name."""
    return f"name:{user}"


async def receive_activity(ctx: Context, believed: Believed, base_url: str) -> bool:
    """Store what the activity says, if it is something a customer said, once however often it comes.

    ``base_url`` is the address Microsoft reached us under. Whether files came along that must be fetched now.
    Raises ValueError for what is not an activity.
    """
    heard = read(believed.activity)
    if heard.kind in (Kind.EDITED, Kind.DELETED):
        await _change(ctx, heard, believed.activity)
    elif heard.kind == Kind.REACTION:
        await _reactions(ctx, heard, believed.tenant)
    elif heard.kind == Kind.MESSAGE:
        await _message(ctx, heard, believed, base_url)
    return bool(heard.files)


async def _change(ctx: Context, heard: ParsedActivity, activity: dict[str, Any]) -> None:
    when = str(activity.get("timestamp") or "")[:40]
    text = heard.text if heard.kind == Kind.EDITED else None
    await message_changes.record_change(ctx, TEAMS, heard.source_id, f"{heard.kind}:{when}", text)


async def _reactions(ctx: Context, heard: ParsedActivity, tenant: str) -> None:
    """Handle a thumb or a tick on our last question like its button pressed."""
    if heard.reply_to is None:
        return
    for emoji in heard.reactions:
        arrival = await reactions.arrival_of(ctx, Reaction(TEAMS, heard.reply_to, Person(tenant, heard.user), emoji))
        if arrival is not None:
            await arrivals.arrive(ctx, arrival)


async def _message(ctx: Context, heard: ParsedActivity, believed: Believed, base_url: str) -> None:
    person = Person(believed.tenant, heard.user, heard.user_name or None)
    text = heard.text or (ctx.support.wording.new_issue if heard.action == NEW_ISSUE else "")
    if not (text or heard.choice or heard.files) or await arrivals.has_arrived(ctx, TEAMS, heard.source_id):
        return
    arrival = Arrival(
        channel=TEAMS,
        source_id=heard.source_id,
        place=await _place(ctx, heard, person, base_url),
        person=person,
        text=None if heard.choice else text,
        choice=heard.choice,
        opens=not heard.shared or heard.to_us,
        fresh=not heard.shared and _is_new_issue(ctx, heard),
        files=tuple(SentFile(file.name, {"url": file.url, "with_token": file.with_token}) for file in heard.files),
    )
    try:
        await arrivals.arrive(ctx, arrival)
    except Invalid as error:
        # A button of a card that is no longer known here: it counts as its title typed, if it has one.
        log.info("a choice was not taken: %s", error.code)
        if heard.choice and text:
            await arrivals.arrive(ctx, replace(arrival, text=text, choice=None))


def _is_new_issue(ctx: Context, heard: ParsedActivity) -> bool:
    """Return a button of ours, or the words that Teams offers above the text box."""
    words = heard.text.strip(" .!").casefold()
    return heard.action == NEW_ISSUE or (
        heard.choice is None and words in (NEW_ISSUE_WORDS, ctx.support.wording.new_issue.casefold())
    )


def place_where_written(heard: ParsedActivity, base_url: str) -> Place:
    """Return the chat or the thread of an activity."""
    return Place(
        workspace=str(heard.reference["tenant"]),
        thread=heard.conversation,
        reference={
            **heard.reference,
            "base_url": base_url,
            id_of(heard.user): heard.reference["user"],
            name_of(heard.user): heard.user_name,
        },
        shared=heard.shared,
        reply_to=heard.reply_to,
    )


async def _place(ctx: Context, heard: ParsedActivity, person: Person, base_url: str) -> Place:
    """Return the thread it was written in; or the one whose private question it answers in the personal chat."""
    place = place_where_written(heard, base_url)
    if heard.shared or heard.reply_to or _is_new_issue(ctx, heard):
        return place
    question = await private_questions.answered_by(ctx, TEAMS, person, heard.text)
    # Answers go on in the thread, so its reference stays as it is.
    return replace(place, reply_to=question, reference={}) if question else place
