"""Generated messages of staff: none reaches a customer that should not, each of the others once.

By the claimant, a colleague, the claimant of another customer, a guest and a program; with and without markers, under
the card, under another customer's, under none, to the whole channel, with files; sent again, edited, deleted.
"""

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.services.staff_channel import wording
from bot.store.tables import StaffMessage, StaffThread
from tests.channels.slack.conftest import Slack
from tests.channels.slack.staff_channel import StaffChannel, support_with
from tests.support import slack_staff as staff
from tests.support.fake_slack import FakeSlack
from tests.support.gateway_fixture import Case, Gateway

FORMS = (
    "!reply {}",
    "!REPLY {}",
    "!reply\n{}",
    "<@U0BOT> !reply {}",
    "{}",
    "{} !reply",
    "!note {}",
    "!replay {}",
    "*!reply* {}",
    "`!reply {}`",
    "> !reply {}",
    "reply {}",
    "//reply {}",
    "_{}_",
)
REACHES = ("!reply {}", "!REPLY {}", "!reply\n{}", "<@U0BOT> !reply {}")
FILE = {"id": "F1", "name": "log.txt", "mode": "hosted", "url_private": "https://files.example/1"}


@pytest.mark.parametrize("messages", [75, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("rule", ["notes", "replies"])
async def test_no_message_of_staff_slips_to_a_customer(
    slack: Slack, gateway: Gateway, fake: FakeSlack, tmp_path: Path, rule: str, messages: int
) -> None:
    gateway.ctx.support = support_with(tmp_path, rule)
    channel, chance = StaffChannel(slack, gateway, fake), random.Random(f"slip {rule}")
    anna = channel.member("U1ANNA", await gateway.technician("Anna"))
    ben = channel.member("U2BEN", await gateway.technician("Ben"))
    channel.member("U9GUEST")
    cases = [await gateway.case(), await gateway.case("The backup does not start")]
    cards = [await channel.card(case.reference) for case in cases]
    for member, card, name in ((anna, cards[0], "Anna"), (ben, cards[1], "Ben")):
        await member.presses(card, "Claim")
        await channel.shows(card, f"{name} has it")
    wanted: list[list[str]] = [[], []]
    kept: list[list[str]] = [[], []]
    for number in range(messages):
        words = f"w{number:03d} " + chance.choice(["restart it", "no idea", "pay first", "it is the driver"])
        form, place = chance.choice(FORMS), chance.choice((0, 0, 0, 1, 1, None, "other"))
        user = chance.choice(("U1ANNA", "U1ANNA", "U2BEN", "U2BEN", "U9GUEST", "U0CI"))
        more = _more(chance, user)
        thread = cards[place]["ts"] if isinstance(place, int) else {"other": "1700000009.000009"}.get(str(place))
        written = staff.message_event(user, form.format(words), channel.ts(), thread, **more)
        for again in range(chance.choice((1, 1, 2, 3))):
            await channel.sends({**written, "event_id": f"Ev{number}-{again}"})
        if chance.random() < 0.15:
            # An edit that would be a reply, had it been written so.
            await channel.sends(staff.edit_event(written, f"!reply slipped {words}", channel.ts()))
        if chance.random() < 0.15:
            await channel.sends(staff.deletion_event(written, channel.ts()))
        if isinstance(place, int) and user in ("U1ANNA", "U2BEN"):
            claimant = (user == "U1ANNA") == (place == 0)
            goes = _reaches(rule, form, more) and claimant
            (wanted if goes else kept)[place].append(words)
    await channel.settled()
    for place, case in enumerate(cases):
        await _check(channel, case, wanted[place], kept[place])
    assert sum(map(len, wanted)) > messages / 15 and sum(map(len, kept)) > messages / 4
    await _guests_were_answered(channel, fake)


def _more(chance: random.Random, user: str) -> dict[str, Any]:
    if user == "U0CI":
        return {"bot_id": "B1CI", "subtype": "bot_message"}
    roll = chance.random()
    if roll < 0.1:
        return {"subtype": "thread_broadcast"}
    if roll < 0.2:
        return {"subtype": "file_share", "files": [FILE]}
    return {}


def _reaches(rule: str, form: str, more: dict[str, Any]) -> bool:
    """Return whether such a message of the claimant is meant for the customer."""
    if "files" in more:
        return False
    if form in REACHES:
        return True
    return rule == "replies" and form != "!note {}" and "subtype" not in more


async def _check(channel: StaffChannel, case: Case, wanted: list[str], kept: list[str]) -> None:
    """Everything that was meant for the customer is with them once, all else of technicians is a note."""
    said = await channel.replies(case)
    read = [one["text"] for one in (await case.reads())["messages"] if one["author"] == "technician"]
    assert read == said
    assert Counter(_words(text) for text in said) == Counter(words[:4] for words in wanted)
    notes = [text for text in await channel.notes(case) if wording.EDITED_NOTE not in text]
    noted = Counter(_words(text) for text in notes if text != wording.DELETED_NOTE)
    assert noted == Counter(words[:4] for words in kept)
    assert not any("slipped" in text for text in said)


def _words(text: str) -> str:
    """The word that names a generated message."""
    return text[text.index("w") :][:4] if "w" in text else text


async def _guests_were_answered(channel: StaffChannel, fake: FakeSlack) -> None:
    """Each message under a card that was kept nowhere was answered: its writer has no account."""
    async with channel.gateway.ctx.db.read() as session:
        query = select(StaffMessage.user_id).where(StaffMessage.outcome == "refused").distinct()
        assert set(await session.scalars(query)) == {"U9GUEST"}
        threads = list(await session.scalars(select(StaffThread.thread)))
    told = {one["thread_ts"] for one in fake.ephemeral if one["user"] == "U9GUEST"}
    assert told == set(threads), json.dumps(sorted(told))
