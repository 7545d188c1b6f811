"""Who may frame the chat."""

import pytest

from bot.widget.answers import takes_gzip
from bot.widget.blueprint import widget_blueprint
from bot.widget.security import chat_policy, frame_ancestors


def test_origins_of_the_operator_become_the_policy() -> None:
    allowed = frame_ancestors("https://www.example.com  https://*.example.org http://127.0.0.1:8000")
    assert chat_policy(allowed).endswith(
        "frame-ancestors https://www.example.com https://*.example.org http://127.0.0.1:8000"
    )


@pytest.mark.parametrize(
    "wrong",
    ["", "   ", "example.com", "https://a.example; script-src *", "https://a.example/path", "*, https://a.example"],
)
def test_what_is_no_origin_stops_the_start_and_says_so(wrong: str) -> None:
    with pytest.raises(ValueError, match="frame_ancestors"):
        widget_blueprint(allowed_ancestors=wrong)


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [("gzip", True), ("br, GZIP;q=0.5", True), ("gzip; q=0", False), ("gzip;q=0.0", False), ("br", False), ("", False)],
)
def test_gzip_is_sent_only_where_it_is_accepted(accepted: str, takes: bool) -> None:
    assert takes_gzip(accepted) is takes
