"""The OAuth scopes of the Slack app and the reason for each; the app's manifest asks for the same."""

SCOPES = {
    "app_mentions:read": "be called in a channel",
    "channels:history": "read the threads it was called into, in public channels",
    "groups:history": "the same in private channels it was invited to",
    "im:history": "read what is written to it directly",
    "mpim:history": "the same in group conversations",
    "im:write": "ask in private what others should not read",
    "chat:write": "answer",
    "chat:write.customize": "show a technician's answer under the technician's name",
    "files:read": "fetch the files that customers send",
    "files:write": "send the files that technicians attach",
    "reactions:read": "take a thumb on a question as its answer",
    "users:read": "tell people in a thread apart by name, and name whom a message mentions",
    "channels:read": "name the public channels that a message mentions",
    "groups:read": "the same for private channels it was invited to",
    "users:read.email": "know technicians in a staff channel by their e-mail address",
    "commands": "let technicians act by /techref",
}
# Without these the channel still works, a little worse.
OPTIONAL = frozenset(
    ["chat:write.customize", "reactions:read", "channels:read", "groups:read", "users:read.email", "commands"]
)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "message.im",
    "message.channels",
    "message.groups",
    "message.mpim",
    "member_joined_channel",
    "reaction_added",
    "app_uninstalled",
    "tokens_revoked",
)
