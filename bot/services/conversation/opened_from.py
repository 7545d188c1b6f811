"""Validate the browser's locale, time zone and page address when a conversation is opened."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.services.core.errors import Invalid
from bot.triage.hours.customer_zone import zone_of
from bot.triage.privacy.redaction import redact_field
from bot.triage.text.plain_text import visible

# A language tag as browsers write it: https://www.rfc-editor.org/rfc/rfc5646#section-2.1
_LOCALE = re.compile(r"[a-zA-Z]{2,8}(?:[-_](?:[a-zA-Z]{1,8}|\d{3,4}|[a-zA-Z\d]{0,7}[a-zA-Z][a-zA-Z\d]{0,7})){0,4}")
_LONGEST_ADDRESS = 2000


@dataclass(frozen=True)
class OpenedFrom:
    """The origin of a conversation: the browser's language, its IANA time zone, the page's address."""

    locale: str | None = None
    time_zone: str | None = None
    page_url: str | None = None

    @classmethod
    def of(cls, body: Mapping[str, object]) -> "OpenedFrom":
        """Return the fields of a request; raise Invalid unless each is absent or text of a sensible length.

        A language or zone that is none is left out: it would serve nobody, and could say anything.
        """
        found: dict[str, str | None] = {}
        for name, limit in (("locale", 20), ("time_zone", 64), ("page_url", _LONGEST_ADDRESS)):
            value = body.get(name)
            if value is not None and (not isinstance(value, str) or len(value) > limit):
                raise Invalid(f"{name} must be text of at most {limit} characters; nothing was opened.")
            found[name] = value or None
        locale, zone, page = found["locale"], found["time_zone"], found["page_url"]
        return cls(
            locale if locale and _LOCALE.fullmatch(locale) and not redact_field(locale).found else None,
            zone if zone and zone_of(zone) is not None else None,
            redact_field(visible(page)).text[:_LONGEST_ADDRESS] if page else None,
        )
