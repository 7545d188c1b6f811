"""tests/services/test_erasure.py on PostgreSQL."""

from tests.services.test_erasure import *  # noqa: F403
