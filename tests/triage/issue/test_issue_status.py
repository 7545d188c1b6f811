"""Where an issue may go from where it stands."""

import itertools

import pytest

from bot.triage.issue.issue_status import IssueStatus, StatusNotAllowed, in_plain_words, next_status

ALLOWED = {
    "new": {"in_progress", "waiting_customer", "waiting_until", "resolved"},
    "in_progress": {"waiting_customer", "waiting_until", "resolved"},
    "waiting_customer": {"in_progress", "waiting_until", "resolved"},
    "waiting_until": {"in_progress", "waiting_customer", "waiting_until", "resolved"},
    "resolved": {"in_progress"},
}


@pytest.mark.parametrize(("status", "wanted"), list(itertools.product(IssueStatus, IssueStatus)))
def test_each_step_is_allowed_or_refused(status: IssueStatus, wanted: IssueStatus) -> None:
    if wanted.value in ALLOWED[status.value]:
        assert next_status(status, wanted) is wanted
    else:
        with pytest.raises(StatusNotAllowed, match=f"{status} cannot become {wanted}"):
            next_status(status, wanted)


def test_every_status_has_words_for_the_customer_without_its_code() -> None:
    told = {in_plain_words(status) for status in IssueStatus}
    assert len(told) == len(IssueStatus)
    assert not any("_" in words for words in told)
