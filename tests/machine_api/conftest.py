"""The desk's gateway: keys are made at the desk, and what machines do is read there."""

from tests.desk.conftest import cheap_hashes, gateway, gateway_server, home

__all__ = ["cheap_hashes", "gateway", "gateway_server", "home"]
