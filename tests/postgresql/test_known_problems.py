"""tests/services/test_known_problems.py on PostgreSQL."""

from tests.services.test_known_problems import *  # noqa: F403
