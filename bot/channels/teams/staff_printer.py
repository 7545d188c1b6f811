"""Show hand-offs in a channel of Teams: a card each, and what happens in the thread under it."""

from typing import Any

from bot.channels.remembered import Remembered
from bot.channels.teams.client import Connector
from bot.channels.teams.staff_cards import card_activity, post_activity
from bot.services.outbox.outcomes import NotNow, Refused
from bot.services.staff_channel.card import Card
from bot.services.staff_channel.news import Post
from bot.services.staff_channel.places import Place

# Until the channel has sent us something, which names its own region's address
# (https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages).
GLOBAL_SERVICE = "https://smba.trafficmanager.net/teams/"
SERVICE_URL = "service_url"
GUEST_MARK = "#ext#"
Json = dict[str, Any]


class TeamsStaffPrinter:
    """``StaffPrinter`` for Teams; ``tenant`` is our own, whose people alone are believed."""

    def __init__(self, connector: Connector, app_id: str, tenant: str) -> None:
        self._connector, self._bot, self._tenant = connector, f"28:{app_id}", tenant
        self._emails: Remembered[tuple[str, ...]] = Remembered()
        self._users: Remembered[str] = Remembered()

    async def emails_of(self, place: Place, user_id: str) -> tuple[str, ...]:
        """Return the sign-in name and the address of a member of our own tenant, none of a guest."""

        async def ask() -> tuple[str, ...]:
            return self._vouched(await self._connector.member(_service(place), place.channel, user_id))

        return await self._emails.find((place.channel, user_id), ask) or ()

    def _vouched(self, member: Json) -> tuple[str, ...]:
        name, email = str(member.get("userPrincipalName") or ""), str(member.get("email") or "")
        own = str(member.get("tenantId") or "").lower() == self._tenant
        if not own or member.get("userRole") in ("guest", "anonymous") or GUEST_MARK in name.lower():
            return ()
        return tuple(dict.fromkeys(filter(None, (name, email))))

    async def user_of(self, place: Place, email: str) -> str | None:
        async def ask() -> str | None:
            try:
                roster = await self._connector.members(_service(place), place.channel)
            except (NotNow, Refused):
                return None
            found = (one for one in roster if email.lower() in [name.lower() for name in self._vouched(one)])
            return next((str(one["id"]) for one in found), None)

        return await self._users.find((place.channel, email), ask)

    async def post_card(self, place: Place, card: Card) -> str:
        return await self._connector.begin_thread(
            _service(place), place.channel, bot=self._bot, activity=card_activity(card)
        )

    async def update_card(self, place: Place, thread: str, card: Card) -> None:
        await self._connector.update_activity(_service(place), _thread(place, thread), thread, card_activity(card))

    async def post(self, place: Place, thread: str, post: Post, mention: str | None) -> None:
        """Post under the card. Teams shows no post to one person alone: others see that somebody has no account."""
        await self._connector.post_activity(_service(place), _thread(place, thread), post_activity(post, mention))


def _service(place: Place) -> str:
    return str(place.reference.get(SERVICE_URL) or GLOBAL_SERVICE)


def _thread(place: Place, thread: str) -> str:
    return f"{place.channel};messageid={thread}"
