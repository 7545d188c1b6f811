"""support.yml: what we ship is right and complete, and a wrong line is told by its key."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from string import Formatter

import pytest
from pydantic import ValidationError

from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.settings.support.support import Support
from bot.triage.hours.hours_in_words import describe_week
from bot.triage.reading.details import Details

SHIPPED_CATEGORIES = {
    "printing", "invoices", "reports", "import_export", "backup_restore", "licence_activation",
    "network_server", "performance", "users_permissions", "crash_error", "data_damage", "billing_account",
    "other",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> Support:
    return load_support(Path("no-such-home"))


def overlaid(home: Path, text: str) -> Support:
    (home / "support.yml").write_text(text, encoding="utf-8")
    return load_support(home)


def test_the_vendors_page_is_kept(shipped: Support) -> None:
    assert (shipped.company, shipped.product) == ("Quillbook Software", "Quillbook")
    assert (shipped.phone, shipped.phone_href) == ("234-542-4400", "tel:2345424400")
    assert describe_week(shipped.office_hours) == "Monday to Friday, 8:00 a.m. to 5:00 p.m. Eastern"
    assert shipped.charges.cards == ("VISA", "MasterCard")
    assert shipped.queue_policy.moves_ahead == ()


def test_federal_holidays_are_kept(shipped: Support) -> None:
    thanksgiving = shipped.office_hours.state_at(datetime(2026, 11, 26, 15, tzinfo=UTC))
    assert (thanksgiving.open, thanksgiving.holiday) == (False, "Thanksgiving Day")


def test_every_category_has_a_known_team_and_at_most_six_questions(shipped: Support) -> None:
    assert {category.id for category in shipped.categories} == SHIPPED_CATEGORIES
    for category in shipped.categories:
        assert category.team in shipped.team_titles
        assert 1 <= len(category.questions) <= 6
        assert len({question.id for question in category.questions}) == len(category.questions)
        assert category.keywords or category.id == "other"


def test_every_question_is_asked_somewhere_explains_itself_and_can_be_skipped(shipped: Support) -> None:
    asked = {question.id: question for category in shipped.categories for question in category.questions}
    assert set(asked) == set(shipped.questions)
    for question in asked.values():
        assert question.ask and question.why and question.tip and question.label
        assert question.skippable
        assert question.detail is None or question.detail in Details.names()


def test_the_question_about_changes_is_frank_and_may_be_answered_in_private(shipped: Support) -> None:
    question = next(one for one in shipped.category("printing").questions if one.id == "what_changed")
    assert question.private_offer
    assert "Honest answers get things fixed sooner, and nobody gets in trouble here." in question.ask
    for category in shipped.categories:
        if not category.free_of_charge:
            assert "what_changed" in [one.id for one in category.questions]


def test_the_choices_of_a_question_fit_a_button(shipped: Support) -> None:
    for question in shipped.questions.values():
        assert len(question.choices) <= 5 and all(len(choice) <= 40 for choice in question.choices)


def test_a_category_that_is_no_more_is_treated_as_other(shipped: Support) -> None:
    assert shipped.category("abolished").id == "other"


def test_every_sentence_can_be_said(shipped: Support) -> None:
    for name in type(shipped.wording).model_fields:
        sentence = getattr(shipped.wording, name)
        values = {part[1]: "x" for part in Formatter().parse(sentence) if part[1]}
        assert "{" not in sentence.format(**values), name


def test_nothing_can_be_changed_by_the_program(shipped: Support) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        shipped.company = "Other"


def test_an_operators_file_changes_only_what_it_names(tmp_path: Path) -> None:
    support = overlaid(
        tmp_path,
        """
company: Hartley Ledgers
charges: {hourly_rate: 140.10}
hours:
  zone: Europe/London
  week: {saturday: ["09:00-12:00", "13:00-15:30"], friday: closed, sunday: 00:00-24:00}
  holidays: {country: null, own: {2026-12-24: Christmas Eve}}
categories: {printing: {team: systems}, performance: null}
teams: {print: {title: Printing}}
emergency_contact: {name: Duty manager, phone: 555-010-2030, when: the server is down for everyone}
""",
    )
    assert (support.company, support.product) == ("Hartley Ledgers", "Quillbook")
    assert (support.charges.hourly_rate, support.charges.currency) == (Decimal("140.10"), "USD")
    assert support.category("printing").team == "systems"
    assert support.category("printing").title == "Printing"
    assert support.category("performance").id == "other"
    assert list(support.team_titles)[-1] == "print" and len(support.team_titles) == 10
    assert support.office_hours.closed_on(date(2026, 12, 24)) == "Christmas Eve"
    assert support.office_hours.closed_on(date(2026, 12, 25)) is None
    sunday = support.office_hours.state_at(datetime(2026, 11, 15, 23, 59, tzinfo=UTC))
    assert sunday.open and sunday.closes_at == datetime(2026, 11, 16, 0, 0, tzinfo=UTC)
    assert describe_week(support.office_hours).startswith("Monday to Thursday, 8:00 a.m.")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_changes_nothing(tmp_path: Path, text: str) -> None:
    assert overlaid(tmp_path, text).company == "Quillbook Software"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("compny: X", 'compny: there is no such key. Did you mean "company"?'),
        ("hours: {zome: UTC}", 'hours.zome: there is no such key. Did you mean "zone"?'),
        ("categories: {printing: {quetions: []}}", "printing.quetions: there is no such key. Did you"),
        ("wording: {clamed: Hello}", 'wording.clamed: there is no such key. Did you mean "claimed"?'),
        ("hours: {zone: America/Nowhere}", "hours.zone: there is no time zone"),
        ("hours: {zone: EST}", '"EST" is not written so; write America/New_York'),
        ("hours: {zone: MST}", "write America/Denver"),
        ("hours: {zone: CET}", "write Europe/Berlin"),
        ("hours: {zone: PST}", "write America/Los_Angeles"),
        ("hours: {zone: GMT}", "write Europe/London"),
        ("hours: {zone: europe/berlin}", "write Europe/Berlin"),
        ("hours: {week: {monday: 8 to 5}}", 'hours.week.monday: write opening hours as "08:00-17:00"'),
        ("hours: {week: {monday: 17:00-08:00}}", "hours.week.monday: the end must be after the beginning"),
        ('hours: {week: {monday: ["08:00-12:00", "11:00-13:00"]}}', "hours.week.monday: two openings"),
        ("hours: {holidays: {country: ZZ}}", "hours.holidays: country: there is no calendar"),
        (
            "hours: {holidays: {observed: [Thanksgiving]}}",
            'observed: "Thanksgiving" is no holiday of US. Did you mean "Thanksgiving Day"?',
        ),
        ("hours: {holidays: {observed: some}}", "hours.holidays.observed: write all, or a list of names"),
        ("categories: {printing: {team: systms}}", 'printing.team: there is no team "systms". Did you'),
        ("categories: {printing: {questions: [printr]}}", 'there is no question "printr". Did you'),
        (
            "categories: {printing: {questions: [since, tried, impact, printer, rows, report, document]}}",
            "categories.printing.questions:",
        ),
        ("categories: {other: null}", 'categories: "other" must stay'),
        ("teams: {Big Team: {title: x}}", "teams: "),
        ("questions: {since: {detail: sinc}}", "questions.since.detail: write one of email"),
        ("charges: {hourly_rate: free}", "charges.hourly_rate: "),
        ("charges: {currency: dollars}", "charges.currency: "),
        ("queue: {classes: [[contract, prepaid]]}", "queue.classes: name each of contract"),
        ("queue: {moves_ahead: [bad_luck]}", "queue.moves_ahead.0: "),
        ("wording: {claimed: Someone is here}", "wording.claimed: this sentence must contain {technician}"),
        ("wording: {claimed: '{technican} is here'}", "{technican} is not a placeholder of this sentence"),
        ("wording: {claimed: '{technician.__class__}'}", "is not a placeholder of this sentence"),
        ("wording: {claimed: '{technician!r:>100}'}", "is not a placeholder of this sentence"),
        ("wording: {claimed: 'a { b'}", "wording.claimed: a { or } stands alone"),
        ("wording: {back_in_queue: ''}", "wording.back_in_queue: write a sentence"),
        ("wording: {claimed: null}", "wording.claimed: "),
        ("wording: null", "wording: this key is missing"),
        ("phone: call us", "phone: "),
        ("company: [a, b]", "company: "),
        ("- a\n- b", "Write keys and values"),
        ("company: [a", "line 1: this is not YAML"),
        ("a: 1\na: 2", "line 2: this is not YAML"),
    ],
)
def test_a_wrong_line_is_reported_by_its_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        overlaid(tmp_path, text)
    assert told in str(error.value)
    assert str(tmp_path / "support.yml") in str(error.value)


def test_a_file_that_is_no_text_is_reported(tmp_path: Path) -> None:
    (tmp_path / "support.yml").write_bytes(b"company: \xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_support(tmp_path)


def test_every_wrong_key_is_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        overlaid(tmp_path, "compny: X\nphone: x\nhours: {zone: Y}")
    assert len(error.value.problems) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("requests: {praise: {team: nobody}}", 'requests.praise.team: there is no team "nobody"'),
        ("requests: {praise: {sentence: 'Thanks, {teem}'}}", "{teem} is not a placeholder"),
        ("requests: {praise: {examples: []}}", "requests.praise.examples"),
        ("requests: {praise: {keywords: ['well + ']}}", "write a word on each side of + and |"),
        ("requests: {praise: {urgnt: true}}", "requests.praise.urgnt: there is no such key. Did you mean"),
        (
            "requests: {printing: {title: P, team: data, sentence: s, examples: [e]}}",
            '"printing" is a category as well',
        ),
        ("requests: {training: {title: Training}}", "requests.training.team"),
    ],
)
def test_a_wrong_request_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match="cannot be used") as refused:
        overlaid(tmp_path, text)
    assert said in str(refused.value)


def test_requests_are_merged_by_key_and_can_be_removed(tmp_path: Path) -> None:
    new = "training: {title: Training, team: sales, sentence: '{team} call.', examples: [Do you train us?]}"
    support = overlaid(tmp_path, f"requests: {{wish: {{team: sales}}, praise: null, {new}}}")
    kinds = {one.id: one for one in support.requests}
    assert kinds["wish"].team == "sales" and kinds["wish"].title == "Wish for the product"
    assert "praise" not in kinds and kinds["training"].answer_days == 2
    assert support.category("training").free_of_charge and support.category_title("training") == "Training"
    none = ", ".join(f"{request.id}: null" for request in load_support(Path("no-such-home")).requests)
    assert overlaid(tmp_path, f"requests: {{{none}}}").requests == ()


def test_every_request_names_its_team_and_day_or_thanks(shipped: Support) -> None:
    for request in shipped.requests:
        assert "{team}" in request.reply and ("{day}" in request.reply or request.id == "praise")
        assert len(request.examples) >= 10 and request.keywords and request.unlike
    assert {one.id for one in shipped.requests if one.urgent} == {"data_protection", "security_report"}
