"""Facts about the support department: hours, contact, cost, tips. Today's truth, from support.yml and the clock."""

from bot.dialogue.intake.dispatch_message import asks_cost
from bot.dialogue.plan import ClaimContract
from bot.dialogue.topics.new_issue import report
from bot.dialogue.turn import Turn
from bot.triage.hours.customer_zone import zone_of
from bot.triage.hours.hours_asked import day_asked, zone_asked
from bot.triage.hours.hours_in_words import describe, describe_day, describe_elsewhere, describe_week

TIPS_PAGE = "tips-for-faster-service"


def ask_hours(turn: Turn) -> None:
    """Say the week's hours and whether the office is open; a day, a holiday or a place when one was asked about."""
    hours, now = turn.support.office_hours, turn.context.now
    words = turn.support.hours_words
    week, today = describe_week(hours, words), now.astimezone(hours.zone).date()
    day, place = day_asked(turn.typed, today, hours), zone_asked(turn.typed)
    customer_zone = zone_of(turn.context.time_zone)
    if place:
        turn.say("utter_hours", week=week, now=describe_elsewhere(hours, day or today, *place, words))
    elif day:
        turn.say("utter_hours_day", day=describe_day(hours, day, customer_zone, words))
    else:
        turn.say("utter_hours", week=week, now=describe(hours.state_at(now), now, customer_zone, words))
    say_emergency_contact(turn)


def say_emergency_contact(turn: Turn) -> None:
    """Say whom to call in an emergency while the office is closed."""
    contact = turn.support.emergency_contact
    if contact and not turn.support.office_hours.state_at(turn.context.now).open:
        turn.say("utter_emergency_contact", name=contact.name, phone=contact.phone, when=contact.when)


def ask_contact(turn: Turn) -> None:
    turn.say(
        "utter_contact",
        phone=turn.support.phone,
        week=describe_week(turn.support.office_hours, turn.support.hours_words),
    )


def ask_coverage(turn: Turn) -> None:
    """Say who pays, or log what is said of a payment."""
    if turn.typed and not asks_cost(turn.typed) and not turn.in_form:
        # "You charged me twice" is an issue for a technician of our accounts.
        report(turn)
        return
    if turn.claims_contract:
        turn.do(ClaimContract())
    turn.say_coverage()


def ask_tips(turn: Turn) -> None:
    tips = turn.support.tips_card
    turn.say(
        "utter_tips",
        cards=[{"title": tips.title, "url": f"{turn.support.manual_address}/{TIPS_PAGE}", "excerpt": tips.excerpt}],
    )
