"""A site by its sitemap, from a real server on loopback; and everything that it must not be talked into."""

import gzip
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, BinaryIO

import pytest

from knowledge_base.importers import sitemap, web
from knowledge_base.importers.document import NotImported
from knowledge_base.importers.web import Site
from tests.support.serving import serving

PAGE = "<main><h1>{0}</h1><p>What there is to say of {0}, in as many words as a page needs to be a page.</p></main>"


class Server(ThreadingHTTPServer):
    """Answers by path: (status, headers, body), or a function that writes the body itself."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.answers: dict[str, tuple[int, dict[str, str], Any]] = {}
        self.asked: list[tuple[str, str]] = []

    def says(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": "text/html", **named}, raw)

    def lists(self, *addresses: str, path: str = "/sitemap.xml", kind: str = "urlset") -> None:
        inner = "sitemap" if kind == "sitemapindex" else "url"
        entries = "".join(f"<{inner}><loc>{address}</loc></{inner}>" for address in addresses)
        self.says(path, f'<{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>')


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Host"]))
        status, headers, body = self.server.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if callable(body):
                body(self.wfile)
            else:
                self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with serving(server):
        yield server


def site_of(server: Server, private: bool = True) -> Site:
    return Site(server.address, private_addresses=private)


def taken(server: Server, start: str | None = None) -> dict[str, str]:
    """What each address of the sitemap gave: its kind, or the reason why it was refused."""
    site = site_of(server)
    try:
        wanted = sitemap.page_addresses(site, start or server.address)
        return {
            item.name.removeprefix(server.address): item.refused or item.kind
            for item in sitemap.fetch_pages(site, wanted)
        }
    finally:
        site.close()


def test_pages_are_found_by_sitemap_index_gzip_and_robots(server: Server) -> None:
    server.says("/robots.txt", f"User-agent: *\nSitemap: {server.address}/all.xml\nSitemap: http://other.example/x.xml")
    server.lists(f"{server.address}/one.xml", f"{server.address}/two.xml.gz", path="/all.xml", kind="sitemapindex")
    server.lists(f"{server.address}/a", f"{server.address}/a#part", path="/one.xml")
    server.says("/two.xml.gz", gzip.compress(f"<urlset><url><loc>{server.address}/b</loc></url></urlset>".encode()))
    server.says("/a", PAGE.format("A"))
    server.says("/b", b"%PDF", Content_Type="application/pdf")
    assert taken(server) == {"/a": ".html", "/b": ".pdf"}


def test_a_mark_and_blank_lines_before_the_xml_and_bare_ampersands_are_read(server: Server) -> None:
    entry = f"<url><loc>\n {server.address}/a?x=1&y=2 \n</loc></url>"
    server.says("/sitemap.xml", f'\ufeff\n<?xml version="1.0"?><urlset>{entry}</urlset>')
    server.says("/a?x=1&y=2", PAGE.format("A"))
    assert taken(server) == {"/a?x=1&y=2": ".html"}


def test_pictures_of_a_page_are_no_pages(server: Server) -> None:
    image = 'xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"'
    picture = f"<i:image><i:loc>{server.address}/x.png</i:loc></i:image>"
    server.says("/sitemap.xml", f"<urlset {image}><url><loc>{server.address}/a</loc>{picture}</url></urlset>")
    server.says("/a", PAGE.format("A"))
    assert taken(server) == {"/a": ".html"}


def test_one_page_under_several_spellings_is_one(server: Server) -> None:
    loud = server.address.replace("http://", "HTTP://")
    server.lists(f"{server.address}/a", f"{server.address}/a?ref=menu", f"{loud}/a?utm_source=x#top")
    server.says("/a", PAGE.format("A"))
    assert taken(server) == {"/a": ".html"}


def test_a_sitemap_of_another_host_names_it(server: Server) -> None:
    server.lists("https://www.other.example/a", "https://www.other.example/b")
    with pytest.raises(NotImported, match=r"names no page of 127\.0\.0\.1, but 2 of www\.other\.example; .* address"):
        taken(server)
    server.lists("None", "None")
    with pytest.raises(NotImported, match=r"names no page of 127\.0\.0\.1$"):
        taken(server)


def test_the_target_of_a_page_that_only_leads_on_is_taken(server: Server) -> None:
    server.lists(f"{server.address}/old/", f"{server.address}/known", f"{server.address}/again")
    server.says("/old/", '<meta http-equiv="refresh" content="0; url=../new">')
    server.says("/again", '<meta http-equiv="refresh" content="0; url=/known">')
    server.says("/new", PAGE.format("New"))
    server.says("/known", PAGE.format("Known"))
    assert list(taken(server)) == ["/old/", "/new", "/known", "/again"]


def test_pages_of_other_sites_are_never_asked_for(server: Server) -> None:
    other = f"http://localhost:{server.server_port}/x"
    server.lists(f"{server.address}/a", other, "http://169.254.169.254/latest/meta-data/", "file:///etc/passwd")
    server.says("/a", PAGE.format("A"))
    assert taken(server) == {"/a": ".html"}
    assert {host for _, host in server.asked} == {f"127.0.0.1:{server.server_port}"}


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "another site"),
        ("http://localhost:{port}/a", "another site"),
        ("file:///etc/passwd", "another site"),
        ("//other.example/", "another site"),
        ("/loop", "without end"),
    ],
)
def test_redirects_lead_nowhere_else(server: Server, target: str, reason: str) -> None:
    server.lists(f"{server.address}/loop")
    server.says("/loop", "", 302, Location=target.format(port=server.server_port))
    assert reason in taken(server)["/loop"]


def test_a_redirect_within_the_site_is_followed(server: Server) -> None:
    server.lists(f"{server.address}/old")
    server.says("/old", "", 301, Location="/new")
    server.says("/new", PAGE.format("New"))
    site = site_of(server)
    (item,) = sitemap.fetch_pages(site, [f"{server.address}/old"])
    site.close()
    assert item.url == f"{server.address}/new"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.1.2.3", "169.254.169.254", "0.0.0.0", "[fd00::1]"],
)
def test_private_addresses_are_refused_unless_they_are_allowed(host: str) -> None:
    site = Site(f"http://{host}:9/")
    try:
        with pytest.raises(NotImported, match="private network"):
            site.fetch(f"http://{host}:9/sitemap.xml")
    finally:
        site.close()


def test_a_name_that_leads_into_our_network_is_refused_by_what_it_resolves_to(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def resolve(host: str, port: int, **_: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        asked.append(host)
        return [(2, 1, 6, "", ("93.184.215.14", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    site = Site(f"http://docs.example:{server.server_port}/")
    with pytest.raises(NotImported, match="private network"):
        site.fetch(f"http://docs.example:{server.server_port}/a")
    site.close()
    assert asked == ["docs.example"] and server.asked == []


def test_the_host_is_named_to_the_server_though_we_connect_by_number(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *_, **__: [(2, 1, 6, "", ("127.0.0.1", port))])
    server.says("/a", PAGE.format("A"))
    site = Site(f"http://docs.example:{server.server_port}/", private_addresses=True)
    assert site.fetch(f"http://docs.example:{server.server_port}/a").content
    site.close()
    assert server.asked == [("/a", f"docs.example:{server.server_port}")]


def test_bombs_and_endless_pages_are_cut_off(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "LARGEST_SITEMAP", 1_000_000)
    packed = gzip.compress(b"<urlset>" + b" " * 300_000_000)
    server.says("/sitemap.xml", packed)
    with pytest.raises(NotImported, match="huge"):
        taken(server)
    server.says("/sitemap.xml", packed, Content_Encoding="gzip")
    with pytest.raises(NotImported, match="huge"):
        taken(server)

    def drip(out: BinaryIO) -> None:
        for _ in range(200):
            out.write(b"x" * 10)
            time.sleep(0.02)

    monkeypatch.setattr(web, "SECONDS_A_PAGE", 0.3)
    server.lists(f"{server.address}/slow")
    server.answers["/slow"] = (200, {"Content-Type": "text/html"}, drip)
    assert "took more than" in taken(server)["/slow"]


def test_hostile_xml_is_no_sitemap(server: Server) -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    for body in (
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><urlset><url><loc>&l12;</loc></url></urlset>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>http://127.0.0.1/&f;</loc></url></urlset>',
        "<html><body>Not found, but with 200</body></html>",
        "not xml",
        "",
    ):
        server.says("/sitemap.xml", body)
        with pytest.raises(NotImported, match="sitemap"):
            taken(server)


def test_pages_that_fail_are_named_and_the_others_taken(server: Server) -> None:
    server.lists(*(f"{server.address}/{name}" for name in ("gone", "a", "image")))
    server.says("/a", PAGE.format("A"))
    server.says("/image", b"\x89PNG", Content_Type="image/png")
    found = taken(server)
    assert found["/a"] == ".html" and "404" in found["/gone"] and "image/png" in found["/image"]


# Ranges of the special registries that is_global of one Python or another calls public.
@pytest.mark.parametrize(
    "number",
    [
        *("192.0.0.1", "192.0.0.200", "192.88.99.1", "224.0.0.1", "100.64.0.1", "::1", "::10.0.0.1"),
        *("::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b:1::1", "64:ff9b::10.0.0.1", "2002:a00:1::1"),
        *("fec0::1", "3fff::1", "5f00::1", "2001::1", "fe80::1", "ff02::1"),
    ],
)
def test_a_name_that_leads_to_a_special_address_is_refused(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(0, 0, 0, "", (number, 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: answer)
    with pytest.raises(NotImported, match="private network"):
        Site("https://manual.example/").fetch("https://manual.example/page")


@pytest.mark.parametrize("address", ["http://a.example/\x7f", "http://a.example/" + "x" * 70_000, "http://[::1/"])
def test_an_odd_address_is_refused_and_ends_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("93.184.215.14", 80))])
    site = Site("http://a.example/")
    with pytest.raises(NotImported):
        site.fetch(address)
    (item,) = sitemap.fetch_pages(site, [address])
    assert item.refused
