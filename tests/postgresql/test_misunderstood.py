"""tests/services/test_misunderstood.py on PostgreSQL."""

from tests.services.test_misunderstood import *  # noqa: F403
