"""What can go wrong in a use case, as types that carry data; the edge translates them once.

``str(error)`` is a sentence for a person: what happened, what was kept, what to do. Never customer text.
"""


class ServiceError(Exception):
    """A use case could not be done. ``code`` is the stable name an API client can test."""

    code = "failed"


class NotFound(ServiceError):
    """There is no such thing, or it is not yours: the two must look alike."""

    code = "not_found"


class Unauthorised(ServiceError):
    """The caller did not prove who they are."""

    code = "unauthorised"


class Forbidden(ServiceError):
    """The caller is known and may not do this."""

    code = "forbidden"


class Invalid(ServiceError):
    """A field of the request cannot be taken as it is."""

    def __init__(self, message: str, code: str = "invalid") -> None:
        super().__init__(message)
        self.code = code


class Conflict(ServiceError):
    """The request was fine a moment ago; somebody or something was faster."""

    def __init__(self, message: str, code: str = "conflict") -> None:
        super().__init__(message)
        self.code = code


class TooMany(ServiceError):
    """Asked too often; ``retry_after`` is in seconds."""

    code = "too_many_requests"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
