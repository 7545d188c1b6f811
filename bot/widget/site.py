"""What the vendor's support page says of the vendor: names, telephone, hours, links."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """The facts that the demo page prints. The gateway fills them from support.yml, their only home.

    ``phone_href`` is a ``tel:`` address, ``office_hours`` a sentence fragment such as
    "Monday to Friday, 8:00 to 17:00 (America/New_York)", ``colour`` a ``#rrggbb`` accent or "" for the widget's own.
    """

    company: str
    product: str
    phone: str
    phone_href: str
    office_hours: str
    colour: str = ""
    tips_url: str = "/manual/tips-for-faster-service"
    manual_url: str = "/manual/"


SiteSource = Callable[[], Site]
