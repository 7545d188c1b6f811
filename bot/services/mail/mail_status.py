"""The status of outgoing mail for operators: on or off, and what is stuck."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, select

from bot.services.core.context import Context
from bot.services.mail import outgoing_mail
from bot.services.outbox import status
from bot.services.outbox.items import MAIL, QUEUED
from bot.store.tables import OutboxItem
from bot.triage.text.time_format import format_span

OFF, TROUBLE, STUCK, ON = "off", "trouble", "stuck", "on"
IS_MAIL: ColumnElement[bool] = OutboxItem.kind == MAIL


@dataclass(frozen=True)
class MailStatus:
    """``state``: off (no server is set), trouble (the last try failed at our server), stuck (mails wait longer than
    ``delivery.late_after_minutes`` although it works), on. ``problem`` is the newest error of what waits.
    """

    state: str
    problem: str | None
    queued: int
    late: int
    failed: int
    oldest_seconds: float
    folder: Path

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "folder": str(self.folder), "words": self.in_words()}

    def in_words(self) -> str:
        """Return the status in a sentence or two for operators."""
        return " ".join(one for one in (self._state_in_words(), self._waiting(), self._failed()) if one)

    def _state_in_words(self) -> str:
        if self.state == OFF:
            return f"E-mail is off: TECHREF_SMTP_URL is not set. Mail is written to files in {self.folder}."
        if self.state == TROUBLE:
            return f"E-mail does not work now ({self.problem}); what is queued is kept and tried again."
        if self.state == STUCK:
            return "E-mail is on, but mails are stuck."
        return "E-mail is on."

    def _waiting(self) -> str:
        if self.late == 0:
            return ""
        why = f"; the newest error is {self.problem}" if self.problem and self.state != TROUBLE else ""
        return f"{self.queued:,} wait, the oldest for {format_span(self.oldest_seconds)}{why}."

    def _failed(self) -> str:
        return f"{self.failed:,} failed for good; the desk's page Outgoing lists them." if self.failed else ""


async def mail_status(ctx: Context) -> MailStatus:
    """Return how mail stands now."""
    async with ctx.db.read() as session:
        working = await outgoing_mail.works(session, ctx)
        numbers = (await status.standing(session, ctx))[MAIL]
        newest = select(OutboxItem.error).where(IS_MAIL, OutboxItem.state == QUEUED, OutboxItem.error.is_not(None))
        problem = await session.scalar(newest.order_by(OutboxItem.tried_at.desc()).limit(1))
    stands = STUCK if numbers["late"] else ON
    state = OFF if not ctx.settings.smtp_url else stands if working else TROUBLE
    return MailStatus(state, problem, **numbers, folder=ctx.home / "mail")
