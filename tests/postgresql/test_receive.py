"""tests/services/test_receive.py on PostgreSQL."""

from tests.services.test_receive import *  # noqa: F403
