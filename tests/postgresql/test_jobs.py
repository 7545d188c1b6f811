"""tests/services/test_jobs.py on PostgreSQL."""

from tests.services.test_jobs import *  # noqa: F403
