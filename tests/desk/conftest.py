"""An office of its own for each test: database, gateway, technicians, customers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.desk.office import Office, open_office


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as opened:
        yield opened
