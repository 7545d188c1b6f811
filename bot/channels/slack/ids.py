"""The one id of a Slack message in the database, for deduplication of its deliveries."""

# The workspace of somebody of whom Slack does not tell it: no contract names it.
UNKNOWN = "unknown"


def outside_id(team: str, channel: str, ts: str) -> str:
    """``team`` is the workspace that Slack sent the event for; the writer's own may be another."""
    return f"{team}:{channel}:{ts}"
