"""tests/services/test_contracts.py on PostgreSQL."""

from tests.services.test_contracts import *  # noqa: F403
