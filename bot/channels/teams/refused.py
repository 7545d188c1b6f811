"""Why a request that says it comes from Teams is not believed."""

from typing import Any


class Refused(Exception):
    """``status`` is 401 when the sender did not prove who it is, 403 when it did and may not do this.

    ``code`` is for our log and the answer; neither holds anything of the request.
    """

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


def unproven(code: str) -> Refused:
    return Refused(401, code)


def forbidden(code: str) -> Refused:
    return Refused(403, code)


class UnknownTenant(Refused):
    """A tenant that no contract names; ``activity`` is what Microsoft vouches for all the same."""

    def __init__(self, tenant: str, activity: dict[str, Any]) -> None:
        super().__init__(403, "tenant_unknown")
        self.tenant, self.activity = tenant, activity
