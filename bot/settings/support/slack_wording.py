"""Texts that only Slack shows: the status line, the note in a shared thread, the private form."""

from typing import Annotated

from bot.settings.support.parts import Line, Part
from bot.settings.support.sentence import sentence


class SlackWords(Part):
    """Titles of forms and buttons may have 24 characters; longer ones are cut:
    https://docs.slack.dev/reference/views/modal-views
    """

    status: Line
    asked_privately: Line
    asked_visibly_to_you: Line
    answer_privately: Line
    form_title: Line
    form_label: Line
    form_send: Line
    form_late: Line
    form_blank: Line
    choice_gone: Line
    home_title: Line
    home_empty: Line
    home_more: Line
    installed: Annotated[str, sentence("company", "workspace")]
