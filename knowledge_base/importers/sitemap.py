"""Import the pages of a site that its sitemap lists: https://www.sitemaps.org/protocol.html"""

import html
import re
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from lxml import etree

from knowledge_base.importers.document import NotImported
from knowledge_base.importers.folder import Item
from knowledge_base.importers.kinds import CONTENT_TYPES
from knowledge_base.importers.web import Site

MOST_PAGES = 5_000
MOST_SITEMAPS = 100
LARGEST_SITEMAP = 50_000_000
SECONDS_FOR_ALL = 3_600.0
# What follows a visitor around, and makes one page several.
_TRACKING = re.compile(r"utm_\w+|ref|ref_src|fbclid|gclid|msclkid|mc_[ce]id|igshid", re.I)
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});)")
_REFRESH = re.compile(
    rb"""<meta[^>]{0,100}http-equiv=["']?refresh["']?[^>]{0,100}content=["']?\s*\d{0,2}\s*;\s*url=["']?([^"'>\s]{1,500})""",
    re.I,
)


def page_addresses(site: Site, address: str) -> list[str]:
    """Return the page addresses in the sitemap at ``address``, or in the site's own when that is no sitemap.

    Addresses of other sites are left out. Raises NotImported when there is no sitemap.
    """
    waiting, seen, pages = _sitemaps(site, address), set[str](), dict[str, None]()
    elsewhere: Counter[str] = Counter()
    while waiting and len(seen) < MOST_SITEMAPS:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        kind, found = _locations(_decompressed(site.fetch(one, LARGEST_SITEMAP).content))
        inside = [place for place in found if site.holds(place)]
        elsewhere.update(urlsplit(place).netloc for place in found if place not in inside and "://" in place)
        if kind == "sitemapindex":
            waiting += inside
        else:
            pages.update(dict.fromkeys(map(_address, inside)))
        if len(pages) > MOST_PAGES:
            raise NotImported(f"the sitemap names more than {MOST_PAGES:,} pages; name one of its parts")
    if not pages:
        other = next(iter(elsewhere.most_common(1)), None)
        named = f", but {other[1]} of {other[0][:80]}; if that is the site, give its address" if other else ""
        raise NotImported(f"the sitemap names no page of {site.host}{named}")
    return list(pages)


def fetch_pages(site: Site, wanted: list[str]) -> Iterator[Item]:
    """Yield the pages by address, each with its content or the reason why it is refused."""
    deadline = time.monotonic() + SECONDS_FOR_ALL
    waiting, known = list(wanted), set(wanted)
    while waiting:
        address = waiting.pop(0)
        if time.monotonic() > deadline:
            yield Item(address, "", refused="not fetched: the site took more than an hour")
            continue
        try:
            page = site.fetch(address)
            kind = CONTENT_TYPES.get(page.content_type)
            if kind is None:
                raise NotImported(f"of a kind that is not read ({page.content_type[:60] or 'unnamed'})")
            target = _leads_to(page.content, page.url) if kind == ".html" else None
            if target and site.holds(target) and target not in known:
                known.add(target)
                waiting.insert(0, target)
            yield Item(address, kind, page.content, page.charset, url=page.url)
        except NotImported as error:
            yield Item(address, "", refused=str(error))


def _address(place: str) -> str:
    """Return the one address of a page that a sitemap may spell in several ways."""
    parts = urlsplit(place)
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name)]
    query = urlencode(kept) if len(kept) < len(parse_qsl(parts.query, True)) else parts.query
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme.lower(), "")
    host = parts.netloc.lower()
    host = host.removesuffix(usual) if usual else host
    return parts._replace(
        scheme=parts.scheme.lower(), netloc=host, query=query, fragment="", path=parts.path or "/"
    ).geturl()


def _leads_to(content: bytes, address: str) -> str | None:
    """Return where a page that only leads to another one leads."""
    match = _REFRESH.search(content[:8192])
    if not match:
        return None
    try:
        return _address(urljoin(address, html.unescape(match[1].decode("utf-8", "replace"))))
    except ValueError:
        return None


def _sitemaps(site: Site, address: str) -> list[str]:
    """Return the address itself when it is a sitemap's, else those in robots.txt, else the usual place."""
    path = urlsplit(address).path
    if path.endswith((".xml", ".xml.gz", ".txt")):
        return [address]
    try:
        robots = site.fetch(urljoin(address, "/robots.txt"), 1_000_000).content.decode("utf-8", "replace")
    except NotImported:
        robots = ""
    named = [line.partition(":")[2].strip() for line in robots.splitlines() if line.lower().startswith("sitemap:")]
    return [place for place in named if site.holds(place)] or [urljoin(address, "/sitemap.xml")]


def _decompressed(content: bytes) -> bytes:
    """Decompress a .gz sitemap, up to the largest size of a sitemap."""
    if not content.startswith(b"\x1f\x8b"):
        return content
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(content, LARGEST_SITEMAP)
    except zlib.error:
        raise NotImported("broken: the sitemap is not a whole gzip file") from None
    if unpacker.unconsumed_tail:
        raise NotImported(f"huge: the sitemap unpacks to more than {LARGEST_SITEMAP // 1_000_000} MB")
    return plain


def _locations(content: bytes) -> tuple[str, list[str]]:
    """Return the root element's name and every <loc>; a plain list of addresses counts as well."""
    content = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if content[:4] == b"http":
        return "urlset", content.decode("utf-8", "replace").split()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", content), parser)
    except (etree.XMLSyntaxError, ValueError):
        raise NotImported("there is no sitemap at this address: what is there is not XML") from None
    name = etree.QName(root).localname
    if name not in ("urlset", "sitemapindex"):
        raise NotImported("there is no sitemap at this address: what is there is another kind of XML")
    entry = "sitemap" if name == "sitemapindex" else "url"
    # Pictures and films of a page have a <loc> too, in elements of their own.
    places = [found.text for page in root.iter(f"{{*}}{entry}") for found in page.iterchildren("{*}loc")]
    return name, [place.strip() for place in places if place and place.strip()]
