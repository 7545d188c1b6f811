"""The registry of the outbox: who sends the items of each kind."""

from collections.abc import Mapping

from bot.channels.channel import Deliver, StaffPrinter
from bot.gateway.workers.button_sender import ButtonSender
from bot.gateway.workers.message_sender import MessageSender
from bot.gateway.workers.staff_sender import IsLooking, StaffSender, StaffWrittenSender
from bot.services.channel.answer_change import MessageChangeSender
from bot.services.core.context import Context
from bot.services.hand_off.known_problem_news import KnownProblemNewsSender
from bot.services.hand_off.notify_team import TeamNoticeSender
from bot.services.mail.mail_sender import MailSender
from bot.services.outbox.process import Sender
from bot.services.tracker.escalation_sender import EscalationSender
from bot.services.webhook.webhook_sender import WebhookSender


def senders(
    ctx: Context, deliver: Mapping[str, Deliver], staff: Mapping[str, StaffPrinter], is_looking: IsLooking
) -> list[Sender]:
    """Return the senders of this gateway. A new kind of item is added here and nowhere else.

    ``staff`` shows hand-offs in staff channels; ``is_looking`` says who has a conversation open at the desk.
    """
    return [
        MessageSender(ctx, deliver),
        ButtonSender(ctx, deliver),
        MailSender(ctx),
        TeamNoticeSender(ctx),
        KnownProblemNewsSender(ctx),
        MessageChangeSender(ctx),
        WebhookSender(ctx),
        StaffSender(ctx, staff, is_looking),
        StaffWrittenSender(ctx, staff),
        EscalationSender(ctx),
    ]
