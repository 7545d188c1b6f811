"""tests/services/test_contract_proof.py on PostgreSQL."""

from tests.services.test_contract_proof import *  # noqa: F403
