"""Handle what comes from Teams' staff channels: words are stored, buttons and forms act as their technician."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bot.channels.teams.parse import Kind, ParsedActivity, read
from bot.channels.teams.staff_cards import ABOUT, ACT, ONCE, SEND_NOTE, STATE, dialog, dialog_message, toast
from bot.channels.teams.staff_printer import SERVICE_URL, TeamsStaffPrinter
from bot.channels.teams.verify import Believed
from bot.services.channel.channel_people import TEAMS
from bot.services.core.context import Context
from bot.services.core.errors import NoAccount, NotFound, ServiceError
from bot.services.core.input_values import whole_number
from bot.services.outbox.outcomes import NotNow, Refused
from bot.services.staff_channel import act_forms, wording
from bot.services.staff_channel.act_forms import Form
from bot.services.staff_channel.card import BUTTONS, CLAIM, REPLY
from bot.services.staff_channel.people import Technician, require_technician
from bot.services.staff_channel.places import Place, is_staff_place, is_staff_workspace, note_reference
from bot.services.staff_channel.send_note import send_note
from bot.services.staff_channel.written import Written, receive

log = logging.getLogger(__name__)

# All staff channels of Teams are in our own tenant.
OWN = ""
EXECUTE, FETCH, SUBMIT = "adaptiveCard/action", "task/fetch", "task/submit"
Json = dict[str, Any]


class TeamsStaff:
    """The staff channels of one gateway; ``tenant`` is our own."""

    def __init__(self, ctx: Context, printer: TeamsStaffPrinter, tenant: str) -> None:
        self._ctx, self._printer, self._tenant = ctx, printer, tenant

    async def is_staff_activity(self, activity: Json) -> bool:
        """Return whether an activity is of a channel that is or was a staff channel: then no customer sent it."""
        channel, _ = _place_in(activity)
        return bool(channel) and await is_staff_place(self._ctx, TEAMS, OWN, channel)

    async def handle(self, believed: Believed) -> Json:
        """Store what was written, or do what a button or a form is for; return what Teams shows."""
        activity = believed.activity
        channel, thread = _place_in(activity)
        await self._learn(activity, channel)
        if activity.get("type") == "invoke":
            return await self._invoked(believed, channel)
        heard = read(activity)
        if thread and heard.kind in (Kind.MESSAGE, Kind.EDITED, Kind.DELETED):
            await receive(self._ctx, _written(heard, activity, channel, thread))
        return {}

    async def _learn(self, activity: Json, channel: str) -> None:
        """Keep the address of the region that the channel lies in."""
        configured = [one for one in self._ctx.support.staff_addresses if one.platform == TEAMS]
        if address := next((one for one in configured if one.channel == channel), None):
            await note_reference(self._ctx, address, {SERVICE_URL: activity["serviceUrl"]})

    async def _invoked(self, believed: Believed, channel: str) -> Json:
        activity = believed.activity
        name, value = activity.get("name"), _object(activity.get("value"))
        if name == EXECUTE:
            return toast(await self._executed(believed, channel, _object(_object(value.get("action")).get("data"))))
        if name in (FETCH, SUBMIT):
            return await self._dialog(believed, channel, str(name), _object(value.get("data")))
        return {}

    async def _executed(self, believed: Believed, channel: str, data: Json) -> str:
        """Claim, or send a note; return what is said to who pressed."""
        try:
            technician = await self._technician(believed, channel)
            if data.get(ACT) == CLAIM:
                await act_forms.claim(self._ctx, technician, _number(data))
                return wording.CLAIMED_HERE
            if data.get(ACT) == SEND_NOTE:
                await send_note(self._ctx, technician, _number(data))
                return wording.NOTE_SENT
        except ServiceError as error:
            return str(error)
        except (NotNow, Refused) as why:
            log.warning("Teams did not answer for a technician: %s", why.code)
            return wording.NO_ANSWER
        return wording.UNKNOWN_BUTTON

    async def _dialog(self, believed: Believed, channel: str, name: str, data: Json) -> Json:
        """Open a form, or do what one is for. What was typed stays where it cannot be done."""
        form = None
        try:
            technician = await self._technician(believed, channel)
            if data.get(ACT) not in (*BUTTONS, act_forms.PASSAGE):
                return dialog_message(wording.UNKNOWN_BUTTON)
            act = str(data[ACT])
            if name == FETCH:
                return dialog(await act_forms.open_form(self._ctx, technician, _number(data), act))
            form = Form(act, _number(data), "", "", (), str(data.get(STATE) or ""))
            following = await act_forms.submit(self._ctx, technician, form, _typed(data), f"teams:{data[ONCE]}")
        except ServiceError as error:
            return await self._again(form, data, str(error))
        except (NotNow, Refused) as why:
            log.warning("Teams did not answer for a technician: %s", why.code)
            return await self._again(form, data, wording.NO_ANSWER)
        return dialog(following) if following is not None else dialog_message(wording.DONE)

    async def _again(self, form: Form | None, data: Json, why: str) -> Json:
        """Return a reply that could not be sent with its words; for anything else the reason is enough."""
        if form is None or form.act != REPLY:
            return dialog_message(why)
        reply = act_forms.reply_form(form.hand_off_id, str(data.get("text") or ""))
        return dialog(reply, problem=why, once=str(data.get(ONCE) or ""))

    async def _technician(self, believed: Believed, channel: str) -> Technician:
        """Return who acts; raises NoAccount, NotNow or Refused."""
        if believed.tenant != self._tenant or not is_staff_workspace(self._ctx, TEAMS, OWN):
            raise NoAccount(wording.NO_ACCOUNT)
        place = Place(TEAMS, OWN, channel, {SERVICE_URL: believed.activity["serviceUrl"]})
        user = str(_object(believed.activity.get("from")).get("id") or "")
        return await require_technician(self._ctx, await self._printer.emails_of(place, user))


def _place_in(activity: Json) -> tuple[str, str]:
    """Return the channel and the thread of an activity; empty where it is of a chat."""
    conversation = _object(activity.get("conversation"))
    if conversation.get("conversationType") != "channel":
        return "", ""
    channel, _, rest = str(conversation.get("id") or "").partition(";")
    return channel, rest.removeprefix("messageid=")


def _written(heard: ParsedActivity, activity: Json, channel: str, thread: str) -> Written:
    at = str(activity.get("timestamp") or "")
    change = heard.kind != Kind.MESSAGE
    return Written(
        platform=TEAMS,
        workspace=OWN,
        channel=channel,
        thread=thread,
        outside_id=heard.activity_id,
        event=f"{heard.activity_id}:{heard.kind}:{at[:40]}" if change else heard.activity_id,
        user_id=str(heard.reference["user"]),
        text=None if heard.kind == Kind.DELETED else heard.text,
        at=_moment(at),
        change=change,
        files=tuple(_attached(activity)),
    )


def _attached(activity: Json) -> Iterator[str]:
    """Return what hangs on a message besides its own words: a file, a card, another message that is quoted."""
    for one in map(_object, activity.get("attachments") or ()):
        if one.get("contentType") != "text/html":
            yield str(one.get("name") or "attachment")[:200]
        elif "<attachment" in str(one.get("content") or ""):
            yield "attachment"


def _moment(written: str) -> datetime:
    """Return an activity's time, to the microsecond; raises ValueError for one without."""
    head, _, tail = written.removesuffix("Z").partition(".")
    digits, sign, offset = tail.partition("+")
    moment = datetime.fromisoformat(f"{head}.{digits[:6] or '0'}{sign}{offset}")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(data: Json) -> int:
    number = data.get(ABOUT)
    found = number if isinstance(number, int) else whole_number(str(number or ""), 9)
    if found is None:
        raise NotFound("There is no such hand-off.")
    return found


def _typed(data: Json) -> dict[str, str | list[str]]:
    """Return what was typed; several choices are written with commas between."""
    typed = {name: value for name, value in data.items() if isinstance(value, str) and not name.startswith("techref_")}
    return {name: value.split(",") if name == "references" else value for name, value in typed.items()}


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}
