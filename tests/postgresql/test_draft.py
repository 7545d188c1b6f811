"""tests/services/test_draft.py on PostgreSQL."""

from tests.services.test_draft import *  # noqa: F403
