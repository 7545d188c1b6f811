"""The validated sections of support.yml. ``support.py`` combines them."""

from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from bot.settings.problems import did_you_mean
from bot.triage.billing.entitlement import Kind
from bot.triage.hours.holiday_calendar import holiday_names, is_known_country
from bot.triage.reading.details import NAMED_THINGS, Details
from bot.triage.reading.impact import Impact

WITHOUT_HUNDREDTHS = (
    "BIF",
    "CLP",
    "DJF",
    "GNF",
    "ISK",
    "JPY",
    "KMF",
    "KRW",
    "PYG",
    "RWF",
    "UGX",
    "VND",
    "VUV",
    "XAF",
    "XOF",
)
# By the name that Stripe gives the brand of a card: https://docs.stripe.com/api/cards/object
BRANDS = {"visa": "VISA", "mastercard": "MasterCard", "amex": "American Express", "discover": "Discover"}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Part(BaseModel):
    """The base of all sections: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Words = Annotated[str, Field(strict=True, min_length=1, max_length=2000)]
Line = Annotated[str, Field(strict=True, min_length=1, max_length=300, pattern=r"^[^\r\n]*\n?$")]


Language = Annotated[str, Field(pattern=r"^[a-z]{2}$")]


class Renewed(Part):
    """The operator's translation of a sentence of their own; ``of`` are the words that it translates."""

    of: Words
    text: Words


class QuickReply(Part):
    """A button under the greeting: its title, and the text that it sends."""

    title: Line
    text: Line


class QuestionEntry(Part):
    """A routing question; every category that asks it refers to its id."""

    label: Line
    ask: Words
    why: Words
    help: Words | None = None
    choices: tuple[Line, ...] = ()
    skippable: bool = True
    detail: str | None = None
    words: tuple[Line, ...] = ()
    private_offer: bool = False
    even_in_a_hurry: bool = False
    tip: Words

    @field_validator("detail")
    @classmethod
    def _known_detail(cls, detail: str | None) -> str | None:
        known = Details.names()
        if detail is not None and detail not in known:
            raise ValueError(f"write one of {', '.join(known)}.{did_you_mean(detail, known)}")
        return detail

    @model_validator(mode="after")
    def _words_where_they_are_used(self) -> "QuestionEntry":
        if self.detail in NAMED_THINGS and not self.words:
            raise ValueError(f"words: name what is asked for, such as [invoice, order]; {self.detail} is found by them")
        if self.words and self.detail not in NAMED_THINGS:
            raise ValueError(f"words: they need detail: {' or '.join(NAMED_THINGS)}")
        return self


class CategoryEntry(Part):
    """A kind of problem: its keywords, its team, at most six questions by id."""

    title: Line
    team: str
    keywords: tuple[Line, ...] = ()
    questions: tuple[str, ...] = Field(max_length=6)
    free_of_charge: bool = False


def _span(written: object) -> tuple[time, time]:
    """Parse ``08:00-17:00`` as two times; ``24:00`` is the day's end."""
    start, dash, end = str(written).partition("-")
    try:
        first, last = (
            time.fromisoformat(start.strip()),
            time.fromisoformat(end.strip().replace("24:00", "00:00")),
        )
    except ValueError:
        raise ValueError('write opening hours as "08:00-17:00"') from None
    if not dash or (last <= first and last != time(0)):
        raise ValueError('the end must be after the beginning, as in "08:00-17:00"')
    return first, last


def _spans(written: object) -> list[tuple[time, time]]:
    if written in (None, "closed", []):
        return []
    spans = sorted(_span(one) for one in (written if isinstance(written, list | tuple) else [written]))
    for (_, end), (start, _) in pairwise(spans):
        if start < end or end == time(0):
            raise ValueError("two openings of this day overlap")
    return spans


# Abbreviations name an offset, not a place: those that the time zone database knows are an hour off all summer.
_MEANT = {
    **dict.fromkeys(("EST", "EDT", "ET", "EST5EDT"), "America/New_York"),
    **dict.fromkeys(("CST", "CDT", "CT", "CST6CDT"), "America/Chicago"),
    **dict.fromkeys(("MST", "MDT", "MT", "MST7MDT"), "America/Denver"),
    **dict.fromkeys(("PST", "PDT", "PT", "PST8PDT"), "America/Los_Angeles"),
    **dict.fromkeys(("AKST", "AKDT"), "America/Anchorage"),
    **dict.fromkeys(("AST", "ADT"), "America/Halifax"),
    "HST": "Pacific/Honolulu",
    **dict.fromkeys(("GMT", "BST", "GMT0", "GMT+0", "GMT-0"), "Europe/London (or UTC, where no clock is changed)"),
    **dict.fromkeys(("WET", "WEST"), "Europe/Lisbon"),
    **dict.fromkeys(("CET", "CEST", "MET", "MEZ", "MESZ"), "Europe/Berlin"),
    **dict.fromkeys(("EET", "EEST"), "Europe/Athens"),
    **dict.fromkeys(("AEST", "AEDT"), "Australia/Sydney"),
    **dict.fromkeys(("NZST", "NZDT"), "Pacific/Auckland"),
    "IST": "Asia/Kolkata (or Europe/Dublin, Asia/Jerusalem)",
    "JST": "Asia/Tokyo",
}


def _zone(name: str) -> str:
    meant = _MEANT.get(name.upper()) or next(
        (one for one in available_timezones() if one.lower() == name.lower()), None
    )
    if meant is not None and meant != name:
        raise ValueError(f'"{name}" is not written so; write {meant}')
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f'there is no time zone "{name}"; write one such as America/New_York') from None
    return name


def _names_or_all(written: object) -> tuple[str, ...] | None:
    if written == "all":
        return None
    if isinstance(written, list | tuple) and all(isinstance(name, str) for name in written):
        return tuple(written)
    raise ValueError("write all, or a list of names")


ZoneName = Annotated[str, AfterValidator(_zone)]
Observed = Annotated[tuple[str, ...] | None, BeforeValidator(_names_or_all)]
Spans = Annotated[tuple[tuple[time, time], ...], BeforeValidator(_spans)]


class Week(Part):
    """The opening hours of each day; a day left out is closed."""

    monday: Spans = ()
    tuesday: Spans = ()
    wednesday: Spans = ()
    thursday: Spans = ()
    friday: Spans = ()
    saturday: Spans = ()
    sunday: Spans = ()


class Holidays(Part):
    """The country's holidays, all (None) or by name, and own dates with their names."""

    country: str | None = None
    observed: Observed = None
    own: dict[date, Line] = {}

    @model_validator(mode="after")
    def _known(self) -> "Holidays":
        if self.country is None:
            return self
        if not is_known_country(self.country):
            raise ValueError(f'country: there is no calendar for "{self.country}"; write a code such as US, or null')
        names = holiday_names(self.country)
        for name in self.observed or ():
            if name not in names:
                raise ValueError(f'observed: "{name}" is no holiday of {self.country}.{did_you_mean(name, names)}')
        return self


class Hours(Part):
    zone: ZoneName
    week: Week
    holidays: Holidays = Holidays()


def _brand(card: str) -> str | None:
    """Return the brand of a card as it is written here, as Stripe names it."""
    names = {title.casefold(): brand for brand, title in BRANDS.items()}
    return names.get(card.casefold()) or (card.lower() if card.lower() in BRANDS else None)


class Charges(Part):
    """The prices without a contract, paid ahead, in ``currency``; ``minimum_hours`` are always charged."""

    hourly_rate: Decimal = Field(ge=0, decimal_places=2)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    minimum_hours: Decimal = Field(gt=0, decimal_places=2)
    most_hours: Decimal = Field(gt=0, decimal_places=2)
    cards: tuple[Line, ...] = Field(min_length=1)
    unused_time: Literal["kept", "paid_back"]
    kept_days: int = Field(ge=1)
    place_held_hours: int = Field(ge=1)

    @field_validator("cards")
    @classmethod
    def _known_card_brands(cls, cards: tuple[str, ...]) -> tuple[str, ...]:
        for card in cards:
            if _brand(card) is None:
                raise ValueError(f"write {' or '.join(BRANDS.values())}")
        return cards

    @field_validator("currency")
    @classmethod
    def _of_hundredths(cls, currency: str) -> str:
        if currency in WITHOUT_HUNDREDTHS:
            raise ValueError("write a currency that has hundredths, such as USD or EUR")
        return currency

    @property
    def brands(self) -> tuple[str, ...]:
        """Return the card brands as Stripe spells them in lower case: https://docs.stripe.com/api/cards/object"""
        return tuple(brand for card in self.cards if (brand := _brand(card)))

    @property
    def minimum_minutes(self) -> int:
        return int(self.minimum_hours * 60)

    @property
    def kept_for(self) -> timedelta | None:
        """Return how long unused time is valid; None when it is refunded by hand instead."""
        return timedelta(days=self.kept_days) if self.unused_time == "kept" else None


class Queue(Part):
    """The priorities of the queue.

    ``classes``: kinds of customer, each in order of arrival; ``moves_ahead``: the criteria that move an issue to the
    front of its class.
    """

    classes: tuple[tuple[Kind, ...], ...]
    moves_ahead: tuple[Impact, ...] = ()
    silence_minutes: int = Field(ge=1, le=1440)
    remind_after_days: int = Field(ge=1, le=365)
    assign_automatically: bool = False
    most_each: int = Field(default=5, ge=1, le=100)

    @field_validator("classes")
    @classmethod
    def _each_once(cls, classes: tuple[tuple[Kind, ...], ...]) -> tuple[tuple[Kind, ...], ...]:
        named = [kind for one in classes for kind in one]
        if sorted(named) != sorted(Kind):
            raise ValueError(f"name each of {', '.join(Kind)} exactly once")
        return classes


class Targets(Part):
    """The opening time until the first answer and the solution, by who pays; a kind that is left out has no target."""

    first_answer_minutes: dict[Kind, Annotated[int, Field(ge=1, le=100_000)]] = Field(default_factory=dict)
    solution_hours: dict[Kind, Annotated[int, Field(ge=1, le=10_000)]] = Field(default_factory=dict)


class EmergencyContact(Part):
    """The contact outside office hours, and its purpose."""

    name: Line
    phone: Line
    when: Line


class Limits(Part):
    """The rate limits of customers and visitors; ``bot.services.core.rate_limits`` counts."""

    file_bytes: int = Field(ge=1)
    file_types: tuple[str, ...]
    files_per_message: int = Field(ge=1, le=20)
    messages_per_minute: int = Field(ge=1)
    requests_per_minute: int = Field(ge=1)
    conversations_per_hour: int = Field(ge=1)
    address_requests_per_minute: int = Field(ge=1)
    manual_searches_per_minute: int = Field(ge=1)
    workspace_messages_per_minute: int = Field(ge=1)
    transcripts_per_hour: int = Field(ge=1)
    unproven_mails_per_hour: int = Field(ge=1)


class Delivery(Part):
    """The patience with what leaves: when it counts as late, and when a message to Slack or Teams is given up."""

    late_after_minutes: int = Field(ge=1, le=1440)
    give_up_after_hours: int = Field(ge=1, le=168)


class Retention(Part):
    """The days that each kind of data is kept; after that a job removes it, and keeps references and counts."""

    conversation_days: int = Field(ge=1)
    without_issue_days: int = Field(ge=1)
    mail_days: int = Field(ge=1)
    search_days: int = Field(ge=1)
    code_days: int = Field(ge=1)
    audit_days: int = Field(ge=1)
    backup_days: int = Field(ge=1)


def _time_of_day(written: object) -> time:
    try:
        if isinstance(written, str) and len(written.strip()) == len("02:30"):
            return time.fromisoformat(written.strip())
    except ValueError:
        pass
    raise ValueError('write a time of day in quotes, such as "02:30"')


class NightlyBackup(Part):
    """The switch and the time, by the office's clock, of the product's own backup."""

    nightly: bool = Field(strict=True)
    at: Annotated[time, BeforeValidator(_time_of_day)]


class Privacy(Part):
    """The notice before the first message: who reads this, how long it is kept, and where to read more."""

    notice: Words
    retention: Words
    url: Annotated[str, Field(pattern=r"^(https?://|/).+")]
