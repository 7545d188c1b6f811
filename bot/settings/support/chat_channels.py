"""Customers in Slack and Teams: what counts as written to us, and the texts that both channels show."""

from typing import Annotated, Literal

from pydantic import Field

from bot.settings.support.parts import Line, Part, Words
from bot.settings.support.sentence import sentence

MENTIONS = "mentions"
ANSWER, REFUSE_POLITELY = "answer", "refuse_politely"
# The name of an emoji as Slack has it, without colons.
Emoji = Annotated[str, Field(pattern=r"^[a-z0-9_+'-]{1,60}$")]


class ChatChannels(Part):
    """``issue_emoji``: a reaction with one of these makes an issue of its message.

    ``threads``: whether all that is written in the thread of a conversation is read, or what mentions us.
    ``unknown_tenants``: what becomes of people of a tenant of Teams that no contract names.
    """

    issue_emoji: tuple[Emoji, ...] = ()
    threads: Literal["all", "mentions"] = "all"
    unknown_tenants: Literal["answer", "refuse_politely", "refuse"] = "refuse_politely"


class ChatWords(Part):
    """Texts for one person, at the button, form or command that they used."""

    create_issue: Line
    issue_exists: Line
    own_message: Line
    no_words: Line
    staff_place: Line
    no_way_to_write: Line
    answer_in_form: Line
    form_title: Line
    form_contact: Line
    field_no_contact: Line
    field_no_answer: Line
    not_your_question: Line
    nothing_asked: Line
    rate: Line
    rated: Annotated[str, sentence("score")]
    commands: Words
    answered_directly: Line
    no_issue: Line
    not_your_issue: Line
    answered_here: Line
    form_taken: Line
    colleague_says: Annotated[str, sentence("name", "value", must="value")]
    use_it: Line
    no_contract: Annotated[str, sentence("contact")]
