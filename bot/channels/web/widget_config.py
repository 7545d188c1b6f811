"""The widget's configuration before the first message: company, present office hours, quick replies."""

from typing import Any

from bot.services.administration import logo
from bot.services.core import hours_wording
from bot.services.core.context import Context
from bot.services.core.input_text import TEXT_LIMIT


def widget_config(ctx: Context, time_zone: str | None, product: str | None = None) -> dict[str, Any]:
    """Return the public configuration of the widget, from support.yml and the clock.

    ``product`` is the one of several that the embed tag names.
    """
    support, now = ctx.support.for_product(product), ctx.clock()
    return {
        "company": support.company,
        "product": support.product,
        "assistant_name": support.assistant_name,
        "phone": support.phone,
        "phone_href": support.phone_href,
        "greeting": support.greeting,
        "quick_replies": [{"title": reply.title, "text": reply.text} for reply in support.quick_replies],
        "hours": {
            "open": support.office_hours.state_at(now).open,
            "text": hours_wording.hours_now(support, now, time_zone),
        },
        "privacy": {
            "notice": support.privacy.notice,
            "retention": support.privacy.retention,
            "url": support.privacy.url,
        },
        "colour": support.colour,
        "logo": logo.logo_address(ctx.home, support),
        "known_problem_button": support.buttons.known_problem,
        "limits": {
            "text": TEXT_LIMIT,
            "file_bytes": support.limits.file_bytes,
            "file_types": list(support.limits.file_types),
        },
    }
