"""Facts about the support department: hours, contact, cost, tips. Today's truth, from support.yml and the clock."""

from actions.base import TurnAction
from actions.new_issue import report
from actions.turn import Turn
from bot.services.billing.entitlement import claim_contract, entitlement_of
from bot.services.conversation import lifecycle
from bot.services.core.hours_wording import hours_now, zone_of
from bot.services.intake.dispatch_message import asks_cost
from bot.triage.billing.entitlement import Kind
from bot.triage.hours.hours_asked import day_asked, zone_asked
from bot.triage.hours.hours_in_words import describe_day, describe_elsewhere, describe_week
from bot.triage.reading.contract_claim import claims_contract

TIPS_URL = "/manual/tips-for-faster-service"


class AskHours(TurnAction):
    """Say the week's hours and whether the office is open; a day, a holiday or a place when one was asked about."""

    action_name = "action_ask_hours"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            conversation = await lifecycle.load(session, turn.conversation_id)
        support, now = turn.ctx.support, turn.ctx.clock()
        week, today = describe_week(support.office_hours), now.astimezone(support.office_hours.zone).date()
        day, place = day_asked(turn.typed, today, support.office_hours), zone_asked(turn.typed)
        if place:
            elsewhere = describe_elsewhere(support.office_hours, day or today, *place)
            turn.say("utter_hours", week=week, now=elsewhere)
        elif day:
            told = describe_day(support.office_hours, day, zone_of(conversation.time_zone))
            turn.say("utter_hours_day", day=told)
        else:
            turn.say("utter_hours", week=week, now=hours_now(support, now, conversation.time_zone))
        contact = support.emergency_contact
        if contact and not support.office_hours.state_at(now).open:
            turn.say("utter_emergency_contact", name=contact.name, phone=contact.phone, when=contact.when)


class AskContact(TurnAction):
    action_name = "action_ask_contact"

    async def step(self, turn: Turn) -> None:
        support = turn.ctx.support
        turn.say("utter_contact", phone=support.phone, week=describe_week(support.office_hours))


class AskCoverage(TurnAction):
    """Say who pays. A customer with a contract, proven or claimed, is never asked to pay."""

    action_name = "action_ask_coverage"

    async def step(self, turn: Turn) -> None:
        support = turn.ctx.support
        if turn.typed and not asks_cost(turn.typed) and not turn.in_form:
            # "You charged me twice" is an issue for a technician of our accounts.
            await report(turn)
            return
        async with turn.ctx.db.write() as session:
            conversation = await turn.conversation(session)
            if claims_contract(await turn.text(session)):
                kind = await claim_contract(session, turn.ctx, conversation)
            else:
                kind = await entitlement_of(session, turn.ctx, conversation, support.category("other"))
        if kind is Kind.CONTRACT:
            turn.say("utter_coverage_contract")
        elif kind is Kind.CONTRACT_CLAIMED:
            turn.say_text(support.wording.contract_to_check)
        else:
            charges = support.charges
            turn.say(
                "utter_coverage",
                rate=f"{charges.hourly_rate:.2f} {charges.currency}",
                card_brands=" or ".join(charges.cards),
                phone=support.phone,
            )


class AskTips(TurnAction):
    action_name = "action_ask_tips"

    async def step(self, turn: Turn) -> None:
        tips = turn.ctx.support.tips_card
        card = {"title": tips.title, "url": TIPS_URL, "excerpt": tips.excerpt}
        turn.say("utter_tips", cards=[card])
