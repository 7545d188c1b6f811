"""The leases of a gateway that died are free as soon as the next one starts; those of one that lives stay."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.processes.only_one import AlreadyRunning
from bot.store.tables import Conversation
from tests.support.gateway_fixture import GatewayServer


async def test_a_conversation_held_by_a_gateway_that_died_is_free_at_the_start(home: Path) -> None:
    server = GatewayServer(home)
    async with server.listening():
        async with server.running() as gateway:
            case = await gateway.case()
            async with gateway.ctx.db.write() as session:
                conversation = await session.get_one(Conversation, case.conversation_id)
                conversation.lease_until = gateway.ctx.clock() + timedelta(seconds=20)
        async with server.running() as gateway, gateway.ctx.db.read() as session:
            assert (await session.get_one(Conversation, case.conversation_id)).lease_until is None


async def test_a_second_gateway_on_one_sqlite_home_does_not_start_and_drops_no_lease(home: Path) -> None:
    first, second = GatewayServer(home), GatewayServer(home)
    async with first.listening(), second.listening(), first.running() as gateway:
        case = await gateway.case()
        until = gateway.ctx.clock() + timedelta(seconds=20)
        async with gateway.ctx.db.write() as session:
            await session.execute(update(Conversation).values(lease_until=until))
        with pytest.raises(AlreadyRunning):
            async with second.running():
                pass
        async with gateway.ctx.db.read() as session:
            assert (await session.get_one(Conversation, case.conversation_id)).lease_until == until
