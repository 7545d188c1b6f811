"""Where an issue stands. It lives for days: this is not the conversation's owner, who changes by the hour."""

from enum import StrEnum


class IssueStatus(StrEnum):
    """``WAITING_UNTIL``: waiting for us, until a date that is stored with it."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_UNTIL = "waiting_until"
    RESOLVED = "resolved"


class StatusNotAllowed(Exception):
    """An issue cannot go from ``status`` to ``wanted``."""

    def __init__(self, status: IssueStatus, wanted: IssueStatus) -> None:
        self.status, self.wanted = status, wanted
        super().__init__(f"an issue that is {status} cannot become {wanted}")


_NEXT: dict[IssueStatus, set[IssueStatus]] = {
    IssueStatus.NEW: {
        IssueStatus.IN_PROGRESS,
        IssueStatus.WAITING_CUSTOMER,
        IssueStatus.WAITING_UNTIL,
        IssueStatus.RESOLVED,
    },
    IssueStatus.IN_PROGRESS: {
        IssueStatus.WAITING_CUSTOMER,
        IssueStatus.WAITING_UNTIL,
        IssueStatus.RESOLVED,
    },
    IssueStatus.WAITING_CUSTOMER: {
        IssueStatus.IN_PROGRESS,
        IssueStatus.WAITING_UNTIL,
        IssueStatus.RESOLVED,
    },
    # To itself: the date may be put off.
    IssueStatus.WAITING_UNTIL: {
        IssueStatus.IN_PROGRESS,
        IssueStatus.WAITING_CUSTOMER,
        IssueStatus.WAITING_UNTIL,
        IssueStatus.RESOLVED,
    },
    # The customer says that it is not solved after all. It was touched already, so it is never new again.
    IssueStatus.RESOLVED: {IssueStatus.IN_PROGRESS},
}
_PLAIN = {
    IssueStatus.NEW: "logged, waiting for a technician",
    IssueStatus.IN_PROGRESS: "a technician is working on it",
    IssueStatus.WAITING_CUSTOMER: "waiting for your answer",
    IssueStatus.WAITING_UNTIL: "waiting for us",
    IssueStatus.RESOLVED: "resolved",
}


def next_status(status: IssueStatus, wanted: IssueStatus) -> IssueStatus:
    """``wanted``, if an issue may go there from ``status``; raises StatusNotAllowed otherwise."""
    if wanted not in _NEXT[status]:
        raise StatusNotAllowed(status, wanted)
    return wanted


def in_plain_words(status: IssueStatus) -> str:
    """The status as a customer reads it."""
    return _PLAIN[status]
