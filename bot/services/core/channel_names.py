"""The names of the channels besides the web, as rows carry them."""

SLACK, TEAMS, EMAIL = "slack", "teams", "email"
