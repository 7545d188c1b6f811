"""support.yml as the program uses it: validated, frozen, in the types of ``bot.triage``."""

import hashlib
import re
from collections.abc import Mapping
from datetime import time, timedelta
from functools import cached_property, lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr, field_validator, model_validator

from bot.settings.problems import did_you_mean
from bot.settings.support.assistant_wording import Sentences
from bot.settings.support.chat_channels import ChatChannels, ChatWords
from bot.settings.support.dialogue_wording import Buttons, Summary, TipsCard
from bot.settings.support.email_wording import Email
from bot.settings.support.entry_lists import LAST_RESORT
from bot.settings.support.gateway_wording import Wording
from bot.settings.support.parts import (
    DAYS,
    CategoryEntry,
    Charges,
    Delivery,
    EmergencyContact,
    Hours,
    Language,
    Limits,
    Line,
    NightlyBackup,
    Part,
    Privacy,
    QuestionEntry,
    Queue,
    QuickReply,
    Renewed,
    Retention,
    Targets,
    Words,
)
from bot.settings.support.products import PRODUCTS, ProductEntry, names_of, problem_of
from bot.settings.support.requests import RequestEntry
from bot.settings.support.slack_wording import SlackWords
from bot.settings.support.teams import StaffAddress, StaffChannels, Team
from bot.settings.support.terms_wording import TermsWords
from bot.triage.billing.entitlement import Kind
from bot.triage.hours.holiday_calendar import closed_on
from bot.triage.hours.hours_words import ENGLISH, HoursWords, english_of
from bot.triage.hours.office_hours import OfficeHours
from bot.triage.hours.targets import Goal
from bot.triage.issue.requests import Request
from bot.triage.issue.routing import Category, Question
from bot.triage.queue.queue_order import QueuePolicy
from bot.triage.reading.details import Details, Thing, find_details

# What stands for the name of one of several products while nobody knows which.
ANY_PRODUCT = "the program"


class Support(Part):
    """All settings of support.yml."""

    company: Line
    product: Line
    error_code: Annotated[str, Field(pattern=r"^[A-Za-z]{1,8}[-_ ]?[0-9]{2,6}$")] | None = None
    assistant_name: Line
    phone: str = Field(pattern=r"^\+?[0-9][0-9 ().-]{5,24}$")
    website: Annotated[str, Field(pattern=r"^https?://")] | None = None
    colour: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    greeting: Words
    quick_replies: tuple[QuickReply, ...] = Field(max_length=3)
    privacy: Privacy
    retention: Retention
    backup: NightlyBackup
    hours: Hours
    emergency_contact: EmergencyContact | None
    charges: Charges
    terms: TermsWords
    queue: Queue
    targets: Targets = Targets()
    email: Email
    limits: Limits
    delivery: Delivery
    teams: dict[str, Team] = Field(min_length=1)
    staff_channels: StaffChannels
    chat_channels: ChatChannels
    questions: dict[str, QuestionEntry]
    category_entries: dict[str, CategoryEntry] = Field(alias="categories")
    request_entries: dict[str, RequestEntry] = Field(alias="requests")
    buttons: Buttons
    summary: Summary
    tips_card: TipsCard
    slack: SlackWords
    chat: ChatWords
    wording: Wording
    sentences: Sentences = Sentences()
    languages: tuple[Language, ...] = Field(min_length=1)
    translations: dict[Language, dict[str, dict[str, Renewed]]] = Field(default_factory=dict)
    glossary: dict[Language, dict[str, Line]] = Field(default_factory=dict)
    synonyms: tuple[Line, ...] = ()
    products: dict[str, ProductEntry] = Field(default_factory=dict)
    _views: dict[str, "Support"] = PrivateAttr(default_factory=dict)
    _product_id: str | None = PrivateAttr(default=None)
    _main_product: str | None = PrivateAttr(default=None)
    _hours_words: HoursWords = PrivateAttr(default=ENGLISH)

    @model_validator(mode="before")
    @classmethod
    def _questions_name_the_product(cls, written: Any) -> Any:
        """Fill the product's name into the texts of the questions, which are shown at many places.

        While nobody knows which of several products it is, none of them is named.
        """
        product = written.get("product") if isinstance(written, dict) else None
        if isinstance(product, str) and (names := names_of(written.get(PRODUCTS))) and product not in names:
            product = ANY_PRODUCT
        if not isinstance(product, str) or not isinstance(written.get("questions"), dict):
            return written
        questions = {name: _with_product(entry, product) for name, entry in written["questions"].items()}
        return {**written, "questions": questions}

    @field_validator("teams", "questions", "category_entries", "request_entries", "products")
    @classmethod
    def _plain_ids(cls, entries: dict[str, Part]) -> dict[str, Part]:
        for name in entries:
            if not name.isidentifier() or not name.islower() or len(name) > 40:
                raise ValueError(f'"{name}": write small letters, digits and _, at most 40 in all')
        return entries

    @field_validator("products")
    @classmethod
    def _products_are_distinct(cls, products: dict[str, ProductEntry]) -> dict[str, ProductEntry]:
        if problem := problem_of(products):
            raise ValueError(problem)
        return products

    @field_validator("synonyms")
    @classmethod
    def _single_words(cls, lines: tuple[str, ...]) -> tuple[str, ...]:
        for line in lines:
            if not re.fullmatch(r"\s*\w+(?:\s*,\s*\w+)+\s*", line):
                raise ValueError(
                    f'"{line}": write two or more single words with commas between them, such as bill, invoice'
                )
        return lines

    @model_validator(mode="after")
    def _ids_lead_somewhere(self) -> "Support":
        for key, entries in (("categories", self.category_entries), ("requests", self.request_entries)):
            for name, entry in entries.items():
                if entry.team not in self.teams:
                    hint = did_you_mean(entry.team, self.teams)
                    raise ValueError(f'{key}.{name}.team: there is no team "{entry.team}".{hint}')
        if both := sorted(self.request_entries.keys() & self.category_entries.keys()):
            raise ValueError(f'requests.{both[0]}: "{both[0]}" is a category as well; choose another id')
        for name, category in self.category_entries.items():
            for question in category.questions:
                if question not in self.questions:
                    hint = did_you_mean(question, self.questions)
                    raise ValueError(f'categories.{name}.questions: there is no question "{question}".{hint}')
        if LAST_RESORT not in self.category_entries:
            raise ValueError(f'categories: "{LAST_RESORT}" must stay; it takes what fits nowhere else')
        return self

    def take_products(self, main: str | None, views: Mapping[str, "Support"]) -> None:
        """Keep the settings of each product, which know of each other, and which is the ``main_product``."""
        self._views.update(views)
        self._main_product = main
        for product_id, view in views.items():
            view._views, view._main_product, view._product_id = self._views, self._main_product, product_id

    def for_product(self, product_id: str | None) -> "Support":
        """Return the settings of one product; these for None, and for one that support.yml no longer has."""
        return self._views.get(product_id, self) if product_id is not None else self

    @property
    def views(self) -> tuple["Support", ...]:
        """Return these settings, and those of each product where there are several."""
        return (self, *(view for view in self._views.values() if view is not self))

    @property
    def product_id(self) -> str | None:
        """Return the product whose settings these are; None for those of the whole installation."""
        return self._product_id

    def product_title(self, product_id: str | None) -> str:
        """Return a product's name; one that support.yml no longer has keeps its id, and none has none."""
        if product_id is None:
            return ""
        return self.products[product_id].name if product_id in self.products else product_id

    @property
    def manual_folder(self) -> str:
        """Return where the product's manual is kept below TECHREF_HOME; empty for TECHREF_HOME itself.

        That of several products whose name support.yml gives as ``product`` keeps the manual that was there before.
        """
        if self._product_id is None or self._product_id == self.main_product:
            return ""
        return f"{PRODUCTS}/{self._product_id}"

    @property
    def manual_address(self) -> str:
        """Return the address of the product's manual, without a slash at its end."""
        return "/manual" if not self.manual_folder else f"/manual/{self._product_id}"

    @property
    def main_product(self) -> str | None:
        """Return the product whose manual is that of the whole installation, as it was before; None for none."""
        return self._main_product

    @property
    def hours_words(self) -> HoursWords:
        """Return the phrases for office hours in the language of these settings."""
        if self._hours_words != ENGLISH:
            return self._hours_words
        return english_of(self.hours.holidays.country)

    @property
    def spoken_language(self) -> str:
        """Return the code of the language in which these settings speak to customers."""
        return self._hours_words.code

    def speak(self, words: HoursWords) -> None:
        """Let a copy of the settings, whose sentences are translated, write hours in its language too."""
        self._hours_words = words

    @cached_property
    def office_hours(self) -> OfficeHours:
        week: dict[int, tuple[tuple[time, time], ...]] = {
            number: getattr(self.hours.week, day) for number, day in enumerate(DAYS)
        }
        kept = self.hours.holidays
        return OfficeHours(ZoneInfo(self.hours.zone), week, closed_on(kept.country, kept.observed, kept.own))

    @cached_property
    def categories(self) -> tuple[Category, ...]:
        """Return the categories in the order of support.yml, each with its questions."""
        return tuple(
            Category(
                id=name,
                title=entry.title,
                team=entry.team,
                keywords=entry.keywords,
                questions=tuple(self._question(question) for question in entry.questions),
                free_of_charge=entry.free_of_charge,
            )
            for name, entry in self.category_entries.items()
        )

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """Return the kinds of requests in the order of support.yml."""
        return tuple(
            Request(id=name, questions=(), free_of_charge=True, reply=entry.sentence, **_as_given(entry))
            for name, entry in self.request_entries.items()
        )

    @cached_property
    def issue_kinds(self) -> Mapping[str, Category]:
        """Return whatever an issue can be about by its id: the categories of problems, and the requests."""
        return {kind.id: kind for kind in (*self.categories, *self.requests)}

    def category(self, category_id: str) -> Category:
        """Return the category or request of this id; one that support.yml no longer has becomes "other"."""
        return self.issue_kinds.get(category_id, self.issue_kinds[LAST_RESORT])

    def is_urgent(self, category_id: str) -> bool:
        """Return whether this is a request that is marked as urgent."""
        kind = self._kind_of_any_product(category_id)
        return isinstance(kind, Request) and kind.urgent

    @cached_property
    def team_titles(self) -> Mapping[str, str]:
        return {name: team.title for name, team in self.teams.items()}

    def team_title(self, team: str) -> str:
        """Return the title of a team; a team that support.yml no longer has keeps its id."""
        return self.team_titles.get(team, team)

    def staff_channel(self, team: str) -> StaffAddress | None:
        """Return the staff channel of a team; None when it has none, or is not in support.yml any more."""
        return self.teams[team].staff_channel if team in self.teams else None

    @cached_property
    def staff_addresses(self) -> tuple[StaffAddress, ...]:
        """Return every staff channel."""
        return tuple(team.staff_channel for team in self.teams.values() if team.staff_channel is not None)

    def category_title(self, category_id: str) -> str:
        """Return the title of a category or request; one that support.yml no longer has keeps its id."""
        kind = self._kind_of_any_product(category_id)
        return kind.title if kind else category_id

    def _kind_of_any_product(self, category_id: str) -> Category | None:
        """Return the category or request of this id: these settings' own, else that of the first product with one."""
        found = (one.issue_kinds.get(category_id) for one in self.views)
        return next((kind for kind in found if kind is not None), None)

    @cached_property
    def has_targets(self) -> bool:
        """Return True when any target is set."""
        return bool(self.targets.first_answer_minutes or self.targets.solution_hours)

    def targets_of(self, entitlement: str) -> dict[Goal, timedelta]:
        """Return the targets of issues of this class of contract."""
        kind, found = Kind(entitlement), dict[Goal, timedelta]()
        if (minutes := self.targets.first_answer_minutes.get(kind)) is not None:
            found[Goal.FIRST_ANSWER] = timedelta(minutes=minutes)
        if (hours := self.targets.solution_hours.get(kind)) is not None:
            found[Goal.SOLUTION] = timedelta(hours=hours)
        return found

    @cached_property
    def queue_policy(self) -> QueuePolicy:
        return QueuePolicy(self.queue.classes, self.queue.moves_ahead)

    def line_label(self, question_id: str) -> str:
        """Return the label of a summary's line: a routing question, the problem, the contact, the call back."""
        if question_id in self.questions:
            return self.questions[question_id].label
        labels = {"problem": self.summary.problem, "contact": self.summary.contact, "asked": self.summary.asked}
        return labels.get(question_id.removeprefix("private_"), question_id)

    @cached_property
    def things(self) -> tuple[Thing, ...]:
        """Return what the routing questions ask for by name."""
        asked = self.questions.items()
        return tuple(Thing(name, one.detail, one.words) for name, one in asked if one.detail and one.words)

    def details_of(self, text: str) -> Details:
        """Return the facts in a customer's words, with this vendor's names of product and things."""
        return _details(text, self.product, self.things, self.error_code)

    @cached_property
    def digest(self) -> str:
        """Return a digest of all settings: the same in every process that has read the same file."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def phone_href(self) -> str:
        """Return the telephone number as the target of a link: https://www.rfc-editor.org/rfc/rfc3966"""
        return "tel:" + "".join(character for character in self.phone if character in "+0123456789")

    def _question(self, question_id: str) -> Question:
        return Question(id=question_id, **dict(self.questions[question_id]))


@lru_cache(maxsize=64)
def _details(text: str, product: str, things: tuple[Thing, ...], error_code: str) -> Details:
    """Return the details of a text; the rules of one turn ask for those of the same words some ten times."""
    return find_details(text, product, things, error_code)


def _with_product(value: Any, product: str) -> Any:
    """Return a question's entry with ``{product}`` filled in all its texts."""
    if isinstance(value, str):
        return value.replace("{product}", product)
    if isinstance(value, list):
        return [_with_product(one, product) for one in value]
    if isinstance(value, dict):
        return {key: _with_product(one, product) for key, one in value.items()}
    return value


def _as_given(entry: RequestEntry) -> dict[str, Any]:
    return {name: value for name, value in dict(entry).items() if name != "sentence"}
