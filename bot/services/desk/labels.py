"""The desk's labels of states and kinds that are stored as codes."""

from bot.triage.billing.entitlement import Kind
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.reading.impact import Impact

ENTITLEMENTS: dict[str, str] = {
    Kind.CONTRACT: "Support contract",
    Kind.CONTRACT_CLAIMED: "Says there is a contract: check it",
    Kind.PREPAID: "Paid ahead",
    Kind.PAYMENT_REQUIRED: "No contract: payment ahead",
    Kind.FREE_OF_CHARGE: "Free of charge",
}
# As headings of the queue.
ENTITLEMENTS_IN_SHORT: dict[str, str] = {
    Kind.CONTRACT: "Contract",
    Kind.CONTRACT_CLAIMED: "Contract to check",
    Kind.PREPAID: "Paid ahead",
    Kind.PAYMENT_REQUIRED: "Payment ahead",
    Kind.FREE_OF_CHARGE: "Free of charge",
}
IMPACTS: dict[str, str] = {
    Impact.ATTACK: "Malicious software or an intruder",
    Impact.DATA_LOSS: "Data may be lost",
    Impact.JOB_RUNNING: "A job is still running",
    Impact.EVERYONE_STOPPED: "Everyone is stopped",
}
STATUSES: dict[str, str] = {
    IssueStatus.NEW: "New",
    IssueStatus.IN_PROGRESS: "In progress",
    IssueStatus.WAITING_CUSTOMER: "Waiting for the customer",
    IssueStatus.WAITING_UNTIL: "Waiting for us",
    IssueStatus.RESOLVED: "Resolved",
}
# support.yml speaks to the customer ("How to reach you").
LABELS = {"contact": "Contact", "category": "Category"}
FIELDS = {
    "title": "the problem in one line",
    "product": "product",
    "category": "category",
    "team": "team",
    "impact": "impact",
}
PROOFS: dict[str, str] = {
    "contract_code": "by a code mailed to the contract's address",
    "domain_code": "by a code mailed to their address at the company",
    "caller_code": "by a code read out on the telephone",
    "technician": "confirmed by a technician",
    "identity_token": "vouched for by the web site they are signed in to",
    "slack_workspace": "writes from the Slack workspace of the contract",
    "teams_tenant": "writes from the Teams organisation of the contract",
    "mail_domain": "writes by e-mail from a domain of the contract",
}
# The reason of moves by which a technician takes an issue that nobody was working on.
TAKEN_UP = "taken up"
PAYMENT_STATES: dict[str, str] = {
    "paid": "paid",
    "refused": "card not taken: pay it back",
    "expired": "not paid",
    "refunded": "paid back",
}
ACTIONS: dict[str, str] = {
    "issue.open": "logged the issue",
    "owner.hand_off": "asked for a technician",
    "owner.cancel": "left the queue",
    "owner.claim": "claimed the conversation",
    "owner.give_back": "gave it back to the assistant",
    "owner.resolve": "closed the conversation",
    "owner.transfer": "transferred the conversation",
    "owner.silence": "did not answer: back in the queue",
    "owner.customer_writes": "wrote again after it was closed",
    "issue.resolve": "resolved the issue",
    "issue.reopen": "opened the issue again",
    "issue.status": "set the status",
    "issue.reminder": "reminded the owner",
    "mail.let_in": "let a new sender into the mails",
    "mail.remove": "removed somebody from the mails",
    "issue.edit": "edited the issue",
    "issue.escalate": "escalated it to the developers",
    "tracker.opened": "has an issue for it",
    "tracker.closed": "closed its issue",
    "tracker.reopened": "opened its issue again",
    "issue.link": "linked it to another issue",
    "issue.unlink": "took the link to another issue back",
    "issue.split": "split a second problem out",
    "issue.tag": "added a tag",
    "issue.untag": "removed a tag",
    "issue.assign": "assigned the issue",
    "issue.hand_over": "handed the issue over",
    "issue.rate": "rated how it was handled",
    "call.begin": "called the customer",
    "call.end": "ended the call",
    "hand_off.assign": "assigned the conversation",
    "desk.undo": "undid an action",
    "desk.audit": "read the audit",
    "desk.macro": "applied a macro",
    "desk.note": "added a private note",
    "desk.note_sent": "sent a note to the customer",
    "issue.known_problem": "linked it to a known problem",
    "delivery.resend": "sent a message again that had not been delivered",
    "proof.code": "asked for a code to prove a contract",
    "proof.wrong_code": "gave a wrong code",
    "proof.contract": "proved the contract",
    "proof.withdrawn": "took the contract's proof back",
    "proof.caller_code": "mailed a code for a caller",
    "proof.caller": "verified the caller by a code",
    "conversation.erase": "erased the conversation: its time was over",
    "payment.paid": "recorded a payment",
    "payment.refused": "saw a payment with a card we do not take",
    "payment.refund": "recorded a refund",
    "work.minutes": "recorded minutes of work",
    "terms.told": "told the customer who pays",
    "message.mask": "removed words of a message",
    "file.remove": "removed a file",
    "continuation.link": "mailed a link to go on elsewhere",
    "continuation.used": "went on by a link from a mail",
}


def word_for(words: dict[str, str], code: str | None) -> str | None:
    """Return the words for a code; one that is new since these were written is shown readably as it is."""
    if code is None:
        return None
    return words.get(code, code.replace("_", " ").replace(".", ": ").capitalize())
