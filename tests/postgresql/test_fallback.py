"""tests/services/test_fallback.py on PostgreSQL."""

from tests.services.test_fallback import *  # noqa: F403
