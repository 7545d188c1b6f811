"""tests/services/test_follow_up.py on PostgreSQL."""

from tests.services.test_follow_up import *  # noqa: F403
