"""A proxy is believed when the settings name it, and nobody else is."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from sanic.compat import Header

from bot.http.client_address import GatewayRequest, client_address
from bot.settings.env.settings import load_settings
from bot.settings.problems import SettingsError


def request_from(peer: str, trusted: str, **headers: str | list[str]) -> GatewayRequest:
    settings = load_settings({"TECHREF_TRUSTED_PROXIES": trusted})
    lines = list(_lines(headers))
    app = SimpleNamespace(ctx=SimpleNamespace(techref=SimpleNamespace(settings=settings)))
    request = GatewayRequest(b"/", Header(lines), "1.1", "GET", SimpleNamespace(), app)  # type: ignore[arg-type]
    request.conn_info = SimpleNamespace(client_ip=peer, ssl=False, server="", sockname="")  # type: ignore[assignment]
    return request


def _lines(headers: dict[str, str | list[str]]) -> Iterator[tuple[str, str]]:
    for name, value in headers.items():
        for one in value if isinstance(value, list) else [value]:
            yield name.replace("_", "-"), one


@pytest.mark.parametrize(
    ("peer", "trusted", "told", "counted"),
    [
        ("198.51.100.7", "", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "", "203.0.113.9", "127.0.0.1"),
        ("198.51.100.7", "127.0.0.1", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1", "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.2", "10.0.0.0/8", "1.2.3.4, 203.0.113.9, 10.0.0.5", "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1", ["1.2.3.4", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1", "1.2.3.4, nonsense", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "203.0.113.9:55123", "203.0.113.9"),
        ("127.0.0.1", "127.0.0.1", "[2001:db8:1:2:3::9]:443", "2001:db8:1:2::/64"),
        ("::ffff:127.0.0.1", "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::77", "", "203.0.113.9", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "", "203.0.113.9", "198.51.100.7"),
        ("127.0.0.1", "127.0.0.1", [], "127.0.0.1"),
    ],
)
def test_the_address_that_requests_are_counted_by(peer: str, trusted: str, told: str | list[str], counted: str) -> None:
    request = request_from(peer, trusted, x_forwarded_for=told, x_real_ip="6.6.6.6", forwarded="for=6.6.6.6")
    assert client_address(request) == counted


def test_only_a_trusted_proxy_can_say_that_it_was_https_and_nobody_names_the_host() -> None:
    headers = {"x_forwarded_for": "203.0.113.9", "x_forwarded_proto": "https", "x_forwarded_host": "evil.example"}
    trusted, other = request_from("127.0.0.1", "127.0.0.1", **headers), request_from("10.1.1.1", "127.0.0.1", **headers)
    assert trusted.forwarded == {"for": "203.0.113.9", "proto": "https"}
    assert other.forwarded == {}


@pytest.mark.parametrize("written", ["everybody", "10.0.0.1/8", "0.0.0.0/0", "::/0"])
def test_proxies_are_named_one_by_one(written: str) -> None:
    with pytest.raises(SettingsError, match="TECHREF_TRUSTED_PROXIES"):
        load_settings({"TECHREF_TRUSTED_PROXIES": written})
