"""Close what the tests of a module opened."""

from collections.abc import Iterator

import pytest

from tests.support import api_customer


@pytest.fixture(autouse=True, scope="module")
def connections_are_closed() -> Iterator[None]:
    yield
    while api_customer.OPENED:
        api_customer.OPENED.pop().close()
