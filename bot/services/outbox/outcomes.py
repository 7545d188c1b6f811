"""Outcomes of sending one outbox item, other than success. Codes name no address and hold nobody's words."""


class NotNow(Exception):
    """The target does not accept it at present; ``retry_after`` seconds if it said so.

    ``trouble``: the fault is on our side, such as our own mail server, so that others of the kind wait for it too.
    """

    def __init__(self, code: str, retry_after: float | None = None, *, trouble: bool = False) -> None:
        super().__init__(code)
        self.code, self.retry_after, self.trouble = code, retry_after, trouble


class Refused(Exception):
    """The target will never accept it as things are: the bot was removed, the mailbox does not exist."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooLarge(Refused):
    """The target will accept what it was sent only in smaller parts."""


class NotNeeded(Exception):
    """Nobody needs the item any more: the hand-off was claimed, the issue is resolved."""


class NotYet(Exception):
    """The target's rate limit leaves no room for ``seconds``; that is no failed attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class LeaseLost(Exception):
    """Another worker sends this item now."""
