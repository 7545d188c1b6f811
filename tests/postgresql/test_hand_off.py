"""tests/services/test_hand_off.py on PostgreSQL."""

from tests.services.test_hand_off import *  # noqa: F403
