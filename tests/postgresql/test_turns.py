"""tests/services/test_turns.py on PostgreSQL."""

from tests.services.test_turns import *  # noqa: F403
