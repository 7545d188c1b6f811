"""The desk's gateway: keys are made at the desk, and what machines do is read there."""

from tests.desk.conftest import gateway, gateway_server, home

__all__ = ["gateway", "gateway_server", "home"]
