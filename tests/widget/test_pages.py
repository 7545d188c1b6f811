"""What the widget's addresses answer: content, safety headers, caching, size."""

import gzip
import re
from collections.abc import Iterator

import httpx
import pytest

from bot.widget.assets import CONTENT, FOLDER, TOKENS, read_assets

PAGES = ("/", "/privacy", "/widget/")
BUDGET_BEFORE_FIRST_INTERACTION = 15_000


@pytest.fixture(scope="module")
def client(site: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site) as opened:
        yield opened


def policy(response: httpx.Response) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["content-security-policy"].split(";")]
    return {name: sources for name, *sources in parts}


def addresses_in(html: str) -> list[str]:
    return re.findall(r'(?:href|src)="(/[^"#]*)"', html)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_runs_nothing_but_files_of_its_own_origin(client: httpx.Client, address: str) -> None:
    found = policy(client.get(address))
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["style-src"] == found["connect-src"] == ["'self'"]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:", client.get(address).text)


def test_any_site_may_frame_the_chat_and_none_the_site(client: httpx.Client) -> None:
    assert policy(client.get("/widget/"))["frame-ancestors"] == ["*"]
    assert policy(client.get("/"))["frame-ancestors"] == ["'none'"]


@pytest.mark.parametrize("address", [*PAGES, "/widget/embed.js", "/widget/accent.css"])
def test_nothing_is_sniffed_and_everything_is_revalidated(client: httpx.Client, address: str) -> None:
    first = client.get(address)
    assert first.headers["x-content-type-options"] == "nosniff"
    assert "immutable" not in first.headers["cache-control"]
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_under_the_digest_are_kept_for_a_year_and_under_an_old_one_are_not(client: httpx.Client) -> None:
    digest = read_assets().digest
    kept = client.get(f"/widget/static/{digest}/chat/main.js")
    old = client.get("/widget/static/0123456789ab/chat/main.js")
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert old.headers["cache-control"] == "no-cache"
    assert old.content == kept.content


@pytest.mark.parametrize("path", ["nothing.js", "..%2f..%2fblueprint.py", "../blueprint.py", "chat", "chat/"])
def test_only_the_widgets_own_files_are_served(client: httpx.Client, path: str) -> None:
    assert client.get(f"/widget/static/{read_assets().digest}/{path}").status_code == 404


def test_text_is_compressed_only_for_those_who_take_it(client: httpx.Client) -> None:
    plain = client.get("/widget/embed.js", headers={"Accept-Encoding": "identity"})
    refused = client.get("/widget/embed.js", headers={"Accept-Encoding": "gzip;q=0"})
    packed = client.get("/widget/embed.js", headers={"Accept-Encoding": "br, gzip"})
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert all("accept-encoding" in answer.headers["vary"].lower() for answer in (plain, packed))


def test_what_loads_before_the_first_interaction_is_small(client: httpx.Client) -> None:
    script = client.get("/widget/embed.js").content
    assert len(gzip.compress(script, 9)) <= BUDGET_BEFORE_FIRST_INTERACTION
    assert not re.search(rb"\bimport\b|\bfetch\(|XMLHttpRequest", script)


@pytest.mark.parametrize("address", PAGES)
def test_every_file_that_a_page_names_is_there(client: httpx.Client, address: str) -> None:
    named = addresses_in(client.get(address).text)
    ours = [path for path in named if path.startswith("/widget/")]
    assert len(ours) >= 4
    assert {path: client.get(path).status_code for path in ours} == dict.fromkeys(ours, 200)


def test_the_chat_page_preloads_every_module(client: httpx.Client) -> None:
    preloaded = re.findall(r'rel="modulepreload" href="/widget/static/\w+/([^"]+)"', client.get("/widget/").text)
    own = {path.relative_to(FOLDER).as_posix() for path in (FOLDER / "chat").rglob("*.js")}
    assert preloaded == sorted(own | {f"chat/view/{CONTENT.name}"})


def test_the_demo_page_says_what_the_vendor_promises(client: httpx.Client) -> None:
    page = client.get("/").text
    for promised in (
        '<a href="tel:2345424400">234-542-4400</a>',
        "Monday to Friday, 8:00 a.m. to 5:00 p.m. Eastern",
        "We are closed now.",
        "VISA or MasterCard",
        'href="/manual/"',
        'href="/manual/tips-for-faster-service"',
        'src="/widget/embed.js" async',
        "Tech Reference",
    ):
        assert promised in page


def test_the_privacy_page_says_who_reads_and_how_long_it_is_kept(client: httpx.Client) -> None:
    page = client.get("/privacy").text
    assert "our support staff read the whole" in page
    assert "two years" in page


def test_the_launcher_gets_the_operators_colour(client: httpx.Client) -> None:
    script = client.get("/widget/embed.js").text
    assert 'OPERATORS_COLOUR = "#1f5f8b"' in script
    assert "{{" not in script


def test_a_host_pages_colour_becomes_readable_shades_and_nonsense_is_refused(client: httpx.Client) -> None:
    light, dark = client.get("/widget/accent.css?colour=ffee00").text.split("@media")
    assert "--colour-accent: #" in light
    assert "#ffee00" not in light
    assert "--colour-accent: #ffee00" in dark
    assert client.get("/widget/accent.css?colour=red;}*{display:none").status_code == 404


def test_head_answers_like_get_without_the_body(client: httpx.Client) -> None:
    head = client.head("/widget/embed.js")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == client.get("/widget/embed.js").headers["etag"]


def test_the_design_tokens_are_the_manuals(client: httpx.Client) -> None:
    assert client.get(f"/widget/static/{read_assets().digest}/tokens.css").content == TOKENS.read_bytes()
