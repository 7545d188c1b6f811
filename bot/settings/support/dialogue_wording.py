"""Short words of the dialogue that are no sentences: titles of quick replies, lines of the summary."""

from bot.settings.support.parts import Line, Part


class Buttons(Part):
    """The titles of quick replies. Each must be understood when it is typed instead of pressed."""

    how_to: Line
    report: Line
    person: Line
    new_issue: Line
    leave_queue: Line
    solved: Line
    not_solved: Line
    close_it: Line
    close_unwanted: Line
    keep_open: Line
    keep_place: Line
    skip: Line
    private: Line
    right: Line
    correct: Line
    go_on: Line
    hours: Line
    status: Line
    cost: Line
    prove_contract: Line
    known_problem: Line
    all: Line
    has_contract: Line
    pays_by_hour: Line


class Summary(Part):
    """The lines of the summary that are no routing questions, and the notes after a line."""

    problem: Line
    contact: Line
    call_back: Line
    not_answered: Line
    only_technician: Line
    asked: Line


class TipsCard(Part):
    """The card that leads to the Tips for Faster Service page."""

    title: Line
    excerpt: Line
