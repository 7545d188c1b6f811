"""Decode bytes that a mail calls text, whatever charset it names or leaves out."""

import codecs
import re

from charset_normalizer import from_bytes

# Programs name the subset and send the superset: https://encoding.spec.whatwg.org/#names-and-labels
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
# Their bytes are ASCII, and so valid UTF-8 that means something else.
_SEVEN_BITS = {"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_kr", "hz"}
_SEVEN_BITS |= {"utf-16", "utf-16-le", "utf-16-be", "utf-32"}
# In UTF-7 any sign can be spelt so that what looks for it does not see it.
_NOT_BELIEVED = {"utf-7"}


def decoded(data: bytes, charset: str | None) -> str:
    """Return the text; a byte that no charset knows becomes U+FFFD. Raises nothing."""
    named = _codec(charset)
    if named not in _SEVEN_BITS:
        try:
            return data.decode("utf-8")  # what names another charset and is valid UTF-8 is UTF-8
        except UnicodeDecodeError:
            pass
    if named is not None:
        try:
            return data.decode(named)
        except (UnicodeDecodeError, ValueError):
            pass
    best = from_bytes(data[:65_536]).best()
    return data.decode(best.encoding if best is not None else named or "cp1252", errors="replace")


def _codec(charset: str | None) -> str | None:
    """Return the name of the text codec that is meant; None for one that Python does not have."""
    try:
        found = codecs.lookup(re.sub(r"[^\w.:-]", "", charset or ""))
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding or found.name in _NOT_BELIEVED:
        return None
    return _MEANT.get(found.name, found.name)
