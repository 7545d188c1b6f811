"""The state machine of an issue's status. It lasts for days; the conversation's owner changes by the hour."""

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
    # To itself: the date may be postponed.
    IssueStatus.WAITING_UNTIL: {
        IssueStatus.IN_PROGRESS,
        IssueStatus.WAITING_CUSTOMER,
        IssueStatus.WAITING_UNTIL,
        IssueStatus.RESOLVED,
    },
    # The customer reports that it is not solved. It was worked on already, so it is never new again.
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
    """Return ``wanted``, if an issue may change to it from ``status``; raise StatusNotAllowed otherwise."""
    if wanted not in _NEXT[status]:
        raise StatusNotAllowed(status, wanted)
    return wanted


def in_plain_words(status: IssueStatus) -> str:
    """Return the status in the customer's words."""
    return _PLAIN[status]
