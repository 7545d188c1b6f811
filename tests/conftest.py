"""What all tests share: one trained model for the whole run, and one running stack for each of its processes."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.lock_order import lock_order_checked
from tests.support.prepared import prepared_stack
from tests.support.running_stack import SECONDS_TO_BE_READY, RunningStack

TESTS = Path(__file__).parent

pytest_plugins = ["tests.support.database", "tests.support.password_hashes", "tests.support.service_fixtures"]

# How long an example takes says how busy the machine is; what hangs is stopped by the test's own timeout.
settings.register_profile("quick", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("quick")

# Tests that use one of these wait for other programs on a busy machine (decision 0243).
TRIED_TWICE = {"chromium", "browser", "stack"}
# The folders that `make test-stack` collects.
WITH_STACK = {"actions", "commands", "dialogue", "e2e", "widget"}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Gateway, Rasa and action server as `techref up` starts them, on free ports in a home of their own.

    Started once in each of the run's processes, when its first test asks for it. A test that stops a process waits
    until it is back.
    """
    with prepared_stack(tmp_path_factory.mktemp("stack") / "home") as stack:
        yield stack


@pytest.fixture(scope="session", autouse=True)
def lock_order() -> Iterator[None]:
    """Hold the lock order in every transaction of the product, in every test."""
    with lock_order_checked():
        yield


@pytest.fixture(autouse=True)
def no_settings_of_the_developer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own TECHREF_ settings must not decide what a test sees."""
    for key in [key for key in os.environ if key.startswith("TECHREF_")]:
        monkeypatch.delenv(key)


@pytest.hookimpl(tryfirst=True)  # before markers select tests, and before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a module's tests together in one of the run's processes, which makes what they share once."""
    for item in items:
        if TRIED_TWICE.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.stack)
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("/".join(item.path.parts[-2:])))
        if item.get_closest_marker("stack") is None:
            continue
        if item.path.relative_to(TESTS).parts[0] not in WITH_STACK:
            raise pytest.UsageError(f"{item.nodeid}: add its folder to STACK in the Makefile and to WITH_STACK")
        if item.get_closest_marker("timeout") is None:
            # Whichever of them comes first waits for the model to be trained.
            item.add_marker(pytest.mark.timeout(SECONDS_TO_BE_READY))


def pytest_collection_finish() -> None:
    """Keep what collecting made, which lives as long as the run, out of every later garbage collection."""
    gc.collect()
    gc.freeze()
