"""Links to mail and to call a customer, found in the contact as it was written."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.services.core.context import Context
from bot.store.tables import Conversation, Customer
from bot.triage.hours.customer_zone import zone_of
from bot.triage.reading.details import find_details


def contact_links(contact: str, reference: str | None) -> dict[str, Any]:
    """Return the contact as given, with links to mail (the reference in the subject) and to call where it allows."""
    details = find_details(contact)
    # "Mia, 0151 23456789": here, where people were asked how to reach them, a number by itself is a telephone number.
    phone = details.phone or next((found for part in contact.split(",") if (found := find_details(part).phone)), None)
    subject = f"?subject={quote(reference)}" if reference else ""
    dialled = "".join(char for char in phone or "" if char.isdigit() or char == "+")
    return {
        "text": contact,
        "email": details.email,
        "email_href": f"mailto:{quote(details.email, safe='@')}{subject}" if details.email else None,
        "phone": phone,
        "phone_href": f"tel:{dialled}" if dialled else None,
    }


def describe_customer(ctx: Context, conversation: Conversation, customer: Customer, now: datetime) -> dict[str, Any]:
    """Return who writes, and what time it is there; ``verified`` when their own web site vouched for them."""
    zone = zone_of(conversation.time_zone)
    return {
        "name": customer.name,
        "email": customer.email,
        "phone": customer.phone,
        "verified": customer.subject is not None,
        "locale": conversation.locale,
        "time_zone": conversation.time_zone if zone else None,
        "local_time": now.astimezone(zone).strftime("%A %H:%M") if zone else None,
        "seen_at": conversation.customer_seen_at.isoformat() if conversation.customer_seen_at else None,
    }
