"""Facts about the support department: hours, contact, cost, tips. Today's truth, from support.yml and the clock."""

from actions.base import TurnAction
from actions.turn import Turn
from bot.services import conversations
from bot.services.wording import hours_now
from bot.triage.hours_in_words import describe_week

TIPS_URL = "/manual/tips-for-faster-service"


class AskHours(TurnAction):
    action_name = "action_ask_hours"

    async def step(self, turn: Turn) -> None:
        async with turn.ctx.db.read() as session:
            conversation = await conversations.load(session, turn.conversation_id)
        support = turn.ctx.support
        turn.say(
            "utter_hours",
            week=describe_week(support.office_hours),
            now=hours_now(support, turn.ctx.clock(), conversation.time_zone),
        )


class AskContact(TurnAction):
    action_name = "action_ask_contact"

    async def step(self, turn: Turn) -> None:
        support = turn.ctx.support
        turn.say("utter_contact", phone=support.phone, week=describe_week(support.office_hours))


class AskCoverage(TurnAction):
    """Who pays: a contract makes it free in office hours, everyone else prepays an hourly rate."""

    action_name = "action_ask_coverage"

    async def step(self, turn: Turn) -> None:
        charges = turn.ctx.support.charges
        turn.say(
            "utter_coverage",
            rate=f"{charges.hourly_rate:.2f} {charges.currency}",
            card_brands=" or ".join(charges.cards),
            phone=turn.ctx.support.phone,
        )


class AskTips(TurnAction):
    action_name = "action_ask_tips"

    async def step(self, turn: Turn) -> None:
        tips = turn.ctx.support.tips_card
        card = {"title": tips.title, "url": TIPS_URL, "excerpt": tips.excerpt}
        turn.say("utter_tips", cards=[card])
