"""Conversations written down in YAML are replayed over the public API: what is said, asked, stored, and who owns it."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.dialogue.transcript import Player
from tests.support.api_customer import ApiTechnician
from tests.support.running_stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
FOLDER = Path(__file__).parent / "transcripts"
AT_ONCE = 4

TRANSCRIPTS = {
    f"{file.stem}: {name}": steps
    for file in sorted(FOLDER.glob("*.yml"))
    for name, steps in YAML(typ="safe").load(file.read_text(encoding="utf-8")).items()
}


@pytest.fixture(scope="module")
def replayed(stack: RunningStack) -> Iterator[dict[str, Future[None]]]:
    """All transcripts, replayed side by side: customers do not wait for one another either."""
    account = stack.add_technician("Anna Meyer", role="supervisor")
    anna = ApiTechnician(stack.url, account.email, account.password)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            name: pool.submit(Player(stack.url, stack.home, lambda: anna).play, steps)
            for name, steps in TRANSCRIPTS.items()
        }


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_the_conversation_goes_as_written(replayed: dict[str, Future[None]], name: str) -> None:
    replayed[name].result()
