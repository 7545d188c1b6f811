"""The leases of a gateway that died are free as soon as the next one starts."""

from datetime import timedelta
from pathlib import Path

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
