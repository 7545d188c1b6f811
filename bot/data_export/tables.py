"""The tables of the export, their meaning, and the reasons why some data stays behind.

A test compares this with the schema: a new table must be named here, as exported or as excluded.
"""

from dataclasses import dataclass, field

OPENS_SOMETHING = "a secret, or made from one"
OF_THE_PROGRAM = "the program's own bookkeeping"


@dataclass(frozen=True)
class Given:
    """An exported table. ``without`` names excluded columns, each with the reason."""

    about: str
    without: dict[str, str] = field(default_factory=dict)


GIVEN: dict[str, Given] = {
    "contracts": Given("support contracts, by number", {"number_key": OF_THE_PROGRAM}),
    "contract_places": Given("workspaces of Slack and tenants of Teams of each contract"),
    "unknown_companies": Given("workspaces and tenants that no contract names, and that wrote"),
    "customers": Given("who wrote to you: name, contact, contract and how it was proven"),
    "technicians": Given("your colleagues at the desk", {"password_hash": OPENS_SOMETHING}),
    "conversations": Given(
        "one line a conversation: customer, channel, who has it",
        {"lease_until": OF_THE_PROGRAM, "fence": OF_THE_PROGRAM},
    ),
    "messages": Given("what was said, in order (seq) within a conversation", {"body_hash": OF_THE_PROGRAM}),
    "message_changes": Given("messages that their writer edited or deleted afterwards in Slack or Teams"),
    "notes": Given("private notes of technicians, and of machines by their name"),
    "mentions": Given("who was mentioned in which note"),
    "attachments": Given("files of conversations; the files themselves are in files/", {"stored_as": OF_THE_PROGRAM}),
    "issues": Given("logged issues, by Tech Reference"),
    "intakes": Given(
        "the questions of an issue as they were asked",
        {"known_problem_offered": OF_THE_PROGRAM},
    ),
    "intake_answers": Given("what was answered to each"),
    "hand_offs": Given("who waited for a technician, from when to when, and who took it"),
    "calls": Given("telephone calls and their minutes"),
    "work_minutes": Given("minutes worked on an issue"),
    "payments": Given("time paid ahead; amounts are in hundredths; never a card number"),
    "ratings": Given("how customers rated an issue"),
    "issue_links": Given("issues that belong together"),
    "tags": Given("names that technicians give issues", {"key": OF_THE_PROGRAM}),
    "issue_tags": Given("which issue has which tag"),
    "known_problems": Given("known problems"),
    "known_problem_updates": Given("what was told about them"),
    "canned_replies": Given("replies that are written often"),
    "macros": Given("replies with what is done along with them"),
    "saved_views": Given("searches of issues under a name"),
    "channel_users": Given("people as Slack and Teams know them, or by the address they write mail from"),
    "channel_threads": Given(
        "where in Slack, Teams or by mail a conversation was held",
        {"reference": OF_THE_PROGRAM},
    ),
    "outbox": Given(
        "what left: messages to Slack, Teams and by mail, mails, notices to teams, news of known problems; the text "
        "of mails that held a code is left out",
        {"key": OF_THE_PROGRAM, "lane": OF_THE_PROGRAM, "lease_until": OF_THE_PROGRAM, "fence": OF_THE_PROGRAM},
    ),
    "staff_places": Given("channels of Slack and Teams that are or were staff channels", {"reference": OF_THE_PROGRAM}),
    "staff_threads": Given("the card of each hand-off in a staff channel", {"shown": OF_THE_PROGRAM}),
    "staff_messages": Given("what was written under the cards: which note or message it became"),
    "incoming_files": Given("files that came from Slack, Teams and by mail", {"source": OPENS_SOMETHING}),
    "slack_workspaces": Given("Slack workspaces that have installed the app", {"token": OPENS_SOMETHING}),
    "searches": Given("what was searched in the manual", {"key": OF_THE_PROGRAM}),
    "search_clicks": Given("which results were opened"),
    "turns": Given("how the assistant decided each answer"),
    "audit": Given("who changed what, and when"),
    "settings_versions": Given("every state of support.yml"),
    "page_versions": Given("every state of the manual's pages that were written at the desk, drafts included"),
    "api_keys": Given("machines' keys to the API: name, scopes, last use", {"token_hash": OPENS_SOMETHING}),
    "webhook_endpoints": Given("addresses that are sent events of issues", {"secret": OPENS_SOMETHING}),
    "trackers": Given(
        "GitHub repositories and Jira projects that issues are brought to",
        {"token": OPENS_SOMETHING, "secret": OPENS_SOMETHING},
    ),
    "escalations": Given("issues that were brought to one", {"client_id": OF_THE_PROGRAM, "marker": OF_THE_PROGRAM}),
    "checklist_marks": Given("what of the first checklist was marked as done"),
    "reviewed_phrases": Given("phrases that were labelled; their words are in settings/learned.yml"),
}
STAYS: dict[str, str] = {
    "conversation_tokens": f"keys to the chat: {OPENS_SOMETHING}",
    "continuation_links": f"links from mails into the chat: {OPENS_SOMETHING}",
    "identity_token_uses": f"identity tokens that were used: {OF_THE_PROGRAM}",
    "one_time_codes": f"codes that were mailed: {OPENS_SOMETHING}",
    "invitations": f"links with which colleagues set a password: {OPENS_SOMETHING}",
    "desk_sessions": f"who is signed in: {OPENS_SOMETHING}",
    "sign_in_attempts": f"failed sign-ins, as hashes: {OF_THE_PROGRAM}",
    "inbound_events": f"which message was worked on when: {OF_THE_PROGRAM}",
    "delayed_actions": f"what can be undone for a few seconds: {OF_THE_PROGRAM}",
    "conversation_reads": f"how far each technician has read: {OF_THE_PROGRAM}",
    "scheduled_jobs": f"when the clock's jobs are due: {OF_THE_PROGRAM}",
}
