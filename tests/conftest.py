"""What all tests share: one trained model and one running stack serve the whole run."""

import os
from collections.abc import Iterator

import pytest

from tests.running_stack import SECONDS_TO_BE_READY, RunningStack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Gateway, Rasa and action server as `techref up` starts them, on free ports in a home of their own.

    Started once, when the first test asks for it. A test that stops a process waits until it is back.
    """
    from tests.channels.slack.fake_slack import FakeSlack
    from tests.channels.teams.microsoft import Microsoft  # pydantic models by the hundred: only where needed

    microsoft, slack = Microsoft(), FakeSlack().start()
    running = RunningStack(tmp_path_factory.mktemp("stack") / "home", microsoft, slack)
    running.start()
    try:
        yield running
    finally:
        running.stop()
        microsoft.close()
        slack.stop()


@pytest.fixture(autouse=True)
def no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own TECHREF_ settings must not decide what a test sees."""
    for key in [key for key in os.environ if key.startswith("TECHREF_")]:
        monkeypatch.delenv(key)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the running stack stay together in one of the run's processes: there is one stack for all of them."""
    for item in items:
        if item.get_closest_marker("stack") or "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))
            if item.get_closest_marker("timeout") is None:
                # Whichever of them comes first waits for the model to be trained.
                item.add_marker(pytest.mark.timeout(SECONDS_TO_BE_READY))
