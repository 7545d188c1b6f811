"""Every reader of strangers' text takes time in proportion to its length, whatever the text.

The readers are found by reflection: every public function of bot.triage and of the channels' ``parse_text`` that takes
text, and every synchronous function of the services with a parameter ``text``. A new one fails here until it is timed.
"""

import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator
from datetime import date
from datetime import time as clock
from pathlib import Path
from types import ModuleType
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

import bot.channels
import bot.services
import bot.triage
from bot.channels.html_text import plain_of_html, plain_of_text
from bot.channels.slack.parse_text import from_mrkdwn
from bot.services.conversation.thread_privacy import Confided
from bot.services.staff_channel import card
from bot.services.turn.compose import joined
from bot.settings.support.load import load_support
from bot.triage.hours.hours_asked import day_asked
from bot.triage.hours.office_hours import OfficeHours
from bot.triage.issue.requests import request_by_words
from bot.triage.issue.routing import categorise
from bot.triage.privacy import card_words, digit_groups
from bot.triage.privacy.confidence import quotes
from bot.triage.privacy.confidence_abroad import readers_asked_abroad, wishes_abroad
from bot.triage.privacy.redaction import masked
from bot.triage.privacy.split_cards import split_card
from bot.triage.reading import number_naming
from bot.triage.reading.clauses import clause_end, sentence_around
from bot.triage.reading.coming_back import says_it_is_back
from bot.triage.reading.correction_words import contrasts_in, fitted, is_same_kind, is_shaped_alike, keeps_shape, recast
from bot.triage.reading.foreign_forms import form_of
from bot.triage.reading.impact import assess
from bot.triage.reading.listed_questions import pointed_at
from bot.triage.reading.matter_named import one_named
from bot.triage.reading.payer_words import payer_among
from bot.triage.reading.product_named import product_said_alone, products_named
from bot.triage.reading.proof_words import contract_number_in
from bot.triage.reading.similarity import alike, groups
from bot.triage.reading.things_named import find_counted, find_dated, find_numbered, find_placed, find_sourced
from bot.triage.reading.version_and_error import find_version
from bot.triage.reading.wanted_answer import has_wanted_shape
from bot.triage.text.content import content_of
from bot.triage.text.mail_address import sendable
from bot.triage.text.mentioned_names import mentioned
from bot.triage.text.parse_inline import parse_line
from bot.triage.text.parse_markup import NOTATION, parse_blocks

SHORT, LONG = 10_000, 20_000  # characters; a message has at most 10,000
MOST_GROWTH = 3.0  # twice the text takes twice the time when linear, four times when quadratic
TOO_SHORT_TO_TELL_S = 0.01
LONGEST_S = 0.6
SHAPES = (
    *("4-", "4 ", "-", "(", "a@", "1.", '"', "\u200b", "4", "a", "é", "a.", "a-", "a ", "/", "0x", "é ", "www.", "'x"),
    *("number ", "is ", "one ", "[", "\n", "invoice ", "error: ", "on monday ", "my name is ", "we have ", "1 ", "12-"),
    *("+1 ", "a@b.", "1 a ", "no ", "call me ", "_", "tr-", ". ", "still ", "4111 ", "4111 1111 ", "123456789 ", "“a"),
    *("a@b.c ", "say ", "today ", "after x ", "12/27 ", "card 4111 ", "4111-1111-1111-1111 ", "\u200d漢", "&", "*a"),
    *("123-456-7890 ", "four ", "version 1.2 ", "\u0301", "A", "x@y.de, ", "last ", "we lost ", "to ", "<at>", "```"),
    *(
        "<blockquote>",
        "<",
        "> ",
        "\\",
        "~a",
        "<!--",
        "<a b='",
        "</",
        "&#",
        "|",
        "in a ",
        "<b>\n",
        "contract ",
        "TR 1 ",
        "cvv ",
        "street ",
    ),
)
# For every run; the others are for the slow one.
QUICK_SHAPES = ("4-", "a@", "a ", "&", "error: ")
Reader = Callable[[str], object]

SUPPORT = load_support(Path("no-such-home"))
HOURS = OfficeHours(ZoneInfo("America/New_York"), {0: [(clock(8), clock(17))]}, lambda day: None)
# How those are called that want more than a text.
PRODUCT_NAMES = {"ledger": ("Ledger", "a a"), "stockroom": ("Stock Room", "one")}
CALLED: dict[str, Reader] = {
    "wanted_answer.has_wanted_shape": lambda text: has_wanted_shape(f"how long {text}", text),
    "card.shown": lambda text: card.shown(text, Confided([text[:50]], [text[:50]]), 300),
    "written.marked_text": lambda text: _service("marked_text")(SUPPORT.staff_channels, text),
    "mentioned_names.mentioned": lambda text: mentioned(text, {1: "Anna Meyer", 2: "Ben a"}),
    "pointed_at": lambda text: pointed_at(text, 3),
    "one_named": lambda text: one_named(text, [text, "the labels print blank"]),
    "day_asked": lambda text: day_asked(text, date(2026, 11, 23), HOURS),
    "assess": lambda text: assess(text, {"a": text}),
    "alike": lambda text: alike(text, text + "x"),
    "groups": lambda text: groups({1: text, 2: text}),
    "number_naming.is_called_a_reference": lambda text: number_naming.is_called_a_reference(text, 5_000, 5_009),
    "number_naming.is_spoken_of_as_given": lambda text: number_naming.is_spoken_of_as_given(text, 5_000, 5_009),
    "number_naming.is_named_otherwise": lambda text: number_naming.is_named_otherwise(text, 5_000, 5_009),
    "number_naming.stands_inside_more": lambda text: number_naming.stands_inside_more(text, 5_000, 5_009),
    "card_words.card_is_named_near": lambda text: card_words.card_is_named_near(text, 5_000, 5_009),
    "card_words.card_touches": lambda text: card_words.card_touches(text, 5_000),
    "card_words.is_named_otherwise": lambda text: card_words.is_named_otherwise(text, 5_000),
    "digit_groups.chains_in": lambda text: list(digit_groups.chains_in(text)),
    "fitted": lambda text: fitted(text, "QB-2107"),
    "contrasts_in": lambda text: list(contrasts_in(text)),
    "recast": lambda text: recast(text, "QB-2107"),
    "is_same_kind": lambda text: is_same_kind(text, text + "1"),
    "is_shaped_alike": lambda text: is_shaped_alike(text, text + "1"),
    "form_of": lambda text: [form_of(text, code) for code in ("de", "fr", "pl")],
    "wishes_abroad": lambda text: [list(wishes_abroad(text, code)) for code in ("de", "fr", "it")],
    "readers_asked_abroad": lambda text: [list(readers_asked_abroad(text, code)) for code in ("de", "fr", "it")],
    "find_dated": lambda text: find_dated(text, ("report", "balance sheet")),
    "find_counted": lambda text: find_counted(text, ("computer", "machine")),
    "find_placed": lambda text: find_placed(text, ("row", "line")),
    "find_sourced": lambda text: find_sourced(text, ("csv", "bank statement")),
    "keeps_shape": lambda text: keeps_shape(text, "QB-2107"),
    "products_named": lambda text: products_named(text, PRODUCT_NAMES),
    "product_said_alone": lambda text: product_said_alone(text, PRODUCT_NAMES),
    "find_numbered": lambda text: find_numbered(text, ("invoice", "credit note")),
    "sentence_around": lambda text: sentence_around(text, 5_000, 5_009),
    "clause_end": lambda text: clause_end(text, 5_000, 120),
    "find_version": lambda text: find_version(text, "Quillbook"),
    "compose.joined": lambda text: joined(text, f"It says:\n{text}"),
    "payer_among": lambda text: [payer_among(text), payer_among(text, foreign=True)],
    "contract_number_in": lambda text: contract_number_in(text, asked=True),
    "categorise": lambda text: categorise(text, SUPPORT.categories),
    "request_by_words": lambda text: request_by_words(text, SUPPORT.requests),
    "masked": lambda text: masked(text, [(1, 2)], []),
    "split_card": lambda text: split_card([text[start : start + 500] for start in range(0, len(text), 500)]),
    "coming_back.says_it_is_back": lambda text: says_it_is_back(text, "the bank import shows QB-6003"),
    "states_problem": lambda text: _service("states_problem")(SUPPORT, text),
    "adds_to_a_problem": lambda text: _service("adds_to_a_problem")(SUPPORT, text),
    "answers_in_private": lambda text: _service("answers_in_private")("contact", text),
    "quotes": lambda text: quotes(text, [text]),
    "repeats": lambda text: _service("repeats")(text, ["mia@bakery.example"], [text]),
    "plain_of_html": lambda text: plain_of_html(text, ("x",)),
    "plain_of_text": lambda text: plain_of_text(text, ("x",)),
    "from_mrkdwn": from_mrkdwn,
    "parse_line": lambda text: parse_line(text, NOTATION),
    "parse_blocks": lambda text: parse_blocks(text, NOTATION),
    "content_of": lambda text: content_of(text, by_customer=True),
    "checked_text": lambda text: _service("checked_text")("x" + text[1:SHORT]),
    "sendable": lambda text: _refused(sendable, text),
}
# What has a parameter that is text and reads none of a stranger's.
OURS = {
    *("describe_day", "describe_elsewhere", "closed_on", "holiday_names", "is_known_country", "word_set", "spell_out"),
    *("values_of", "value_of", "escaped", "help_for", "named_line", "names_only_a_line", "says_only_facts"),
    *("customer_names", "format_desk_time", "format_day", "format_minutes", "item_pattern", "zone_of"),
    *("gap", "is_list", "read_contracts", "next_question", "open_questions", "renewed", "english_of"),
    # Written by technicians and managers.
    *("filled", "write_page", "written_of", "reply_form"),
}


def _refused(reader: Reader, text: str) -> bool:
    """Return whether the reader refuses the text, which takes time as well."""
    try:
        reader(text)
    except ValueError:
        return True
    return False


def modules_of(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def functions_of(package: ModuleType) -> Iterator[tuple[str, str, Callable[..., Any]]]:
    """The module's last name, the name and the function itself of every public synchronous function."""
    for module in modules_of(package):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and not inspect.iscoroutinefunction(function):
                yield module.__name__.rpartition(".")[2], name, function


def takes_text(function: Callable[..., Any], *names: str) -> bool:
    parameters = inspect.signature(function).parameters.values()
    return any("str" in str(one.annotation) and (not names or one.name in names) for one in parameters)


def needs_only_text(function: Callable[..., Any]) -> bool:
    first, *others = inspect.signature(function).parameters.values()
    return first.annotation in (str, object) and all(one.default is not one.empty for one in others)


def _service(name: str) -> Callable[..., Any]:
    return next(function for _, found, function in functions_of(bot.services) if found == name)


def readers() -> dict[str, Reader | None]:
    """Every reader by its name; None for one that nobody has said how to call."""
    found = [one for one in functions_of(bot.triage) if takes_text(one[2])]
    found += [one for one in functions_of(bot.channels) if one[0] == "parse_text"]
    found += [one for one in functions_of(bot.services) if takes_text(one[2], "text") or one[1] == "checked_text"]
    known: dict[str, Reader | None] = {}
    for module, name, function in found:
        if name not in OURS:
            alone = cast(Reader, function) if needs_only_text(function) else None
            known[f"{module}.{name}"] = CALLED.get(name) or CALLED.get(f"{module}.{name}") or alone
    return known


READERS = readers()


def seconds(reader: Reader, text: str, *, times: int = 1) -> float:
    """The shortest of several: another process may take the processor meanwhile."""
    measured = []
    for _ in range(times):
        began = time.thread_time()
        reader(text)
        measured.append(time.thread_time() - began)
    return min(measured)


def too_slow(reader: Reader, shape: str, *, times: int = 1) -> tuple[str, float, float] | None:
    """The shape with the seconds for the short and the long text, when they grow faster than the text."""
    long = seconds(reader, (shape * LONG)[:LONG], times=times)
    if long < TOO_SHORT_TO_TELL_S:
        return None
    short = seconds(reader, (shape * SHORT)[:SHORT], times=times)
    return (shape, short, long) if long > MOST_GROWTH * short or short > LONGEST_S else None


def test_every_reader_is_timed() -> None:
    untimed = [name for name, reader in READERS.items() if reader is None]
    assert untimed == [], "say in CALLED how they are called with a text, or in OURS that they read no stranger's"
    assert {"redaction.redact_cards", "contact_details.find_email", "plain_text.visible"} <= set(READERS)


@pytest.mark.parametrize("name", sorted(READERS))
def test_its_time_grows_no_faster_than_the_text(name: str) -> None:
    assert _slow_shapes(READERS[name], QUICK_SHAPES) == [], "seconds for 10,000 and 20,000 characters"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(READERS))
def test_its_time_grows_no_faster_whatever_the_text(name: str) -> None:
    assert _slow_shapes(READERS[name], SHAPES) == [], "seconds for 10,000 and 20,000 characters"


def _slow_shapes(reader: Reader | None, shapes: tuple[str, ...]) -> list[tuple[str, float, float]]:
    """Return the shapes of text for which the reader's time grows faster than the text, each measured again."""
    assert reader is not None
    suspects = [shape for shape in shapes if too_slow(reader, shape)]
    return [found for shape in suspects if (found := too_slow(reader, shape, times=7))]
