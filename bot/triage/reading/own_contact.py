"""Whose an e-mail address in a message is: the writer's, or that of somebody whom the message is about."""

import re

from bot.triage.reading.contact_details import EMAIL
from bot.triage.text.plain_text import fold

_NEAR = 60
_MOST_AROUND_AN_ANSWER = 40
_QUOTED = re.compile(
    r"```.{1,2000}?```|`[^`\n]{1,400}`|\"[^\"\n]{1,400}\"|[“„«][^“”„«»\n]{1,400}[”“»]|(?<!\w)'[^'\n]{3,400}'(?!\w)",
    re.DOTALL,
)
# "My address is …", "reach me at …", "reply to …": what comes next is the writer's own, whatever else is said.
_OWN = re.compile(
    r"(?<!\w)(?:(?:my|our)(?: (?:own|new|work|private|personal|business|office|company|direct|correct|right))?"
    r"(?: (?:e-?mail|mail|address|contact)){0,2}(?: is| are|:|=)?|(?:e-?mail|mail|write(?: to)?|"
    r"reach|contact|answer|call|"
    r"send|forward|copy)(?: \w{1,12})?(?: to)? (?:me|us)(?: back)?(?: a copy)?(?: at| on| under| via| by e-?mail| to)?|"
    # "Write to …" asks for it; "when I write to …" tells of somebody else's.
    r"(?:(?<![\s\S])|(?<=[,;:(] )|(?:please|kindly|just|and|or|then|you can|you may|can you|could you) )write to|"
    r"i am|i'm|it is|it's|this is|(?:reply|answer|respond|write back|get back)(?: \w{1,12})? to|contact(?: is)?|"
    r"e-?mail(?: address)?(?: is)?|mail)[\s:=,-]{0,3}\Z"
)
# "…, mail to kim@…" at the end of a clause asks for it; "mail to kim@… fails" tells of it.
_MAIL_TO = re.compile(
    r"(?:(?<![\s\S])|(?<=[,;:(.] )|(?<=\n))(?:(?:please|kindly|best|or) ){0,2}"
    r"(?:e-?mail|mail|answers?|reply|replies|responses?|respond|write)"
    r"(?: (?:please|kindly|best|always|directly|only|then|back|me|us|it|this)){0,2} to[\s:]{1,3}\Z"
)
_CLAUSE_ENDS = re.compile(r"\s{0,3}(?:\Z|[,;!?\n)]|\.(?!\w)|(?:please|thanks|thank you)\b)")
_SOMEBODY_ELSES = re.compile(
    r"(?<!\w)(?:to|from|for|cc|bcc|of|by|(?:the |our |a )?(?:customers?|clients?|suppliers?|users?|"
    r"recipients?|senders?|"
    r"colleagues?|boss|accountants?)(?:'s?)?(?: (?:is|at|are))?|(?:his|her|their|somebody's|someone's|customer's|"
    r"client's|user's)(?: [\w-]{1,15}){0,2}(?: is)?|(?:e-?mail(?:s|ed|ing)?|mail(?:s|ed|ing)?|sent|send|sends|sending)"
    r"(?: (?:it|them|an?|the|this|that|invoices?|mails?|to)){0,4})[\s:=]{1,3}\Z"
)
_ERROR = re.compile(
    r"(?<!\w)(?:error|err|fail(?:s|ed|ure|ing)?|unavailable|undeliver\w{0,8}|rejected|refused|bounced?|denied|invalid|"
    r"unknown|not found|does not exist|mailbox|recipients?|smtp|status|exception|warn(?:ing)?|info|debug|fatal|cannot|"
    r"could not|unable|login failed|[45]\d\d)(?!\w)"
)
_MAIL_ERROR = re.compile(
    r"(?<!\w)(?:unavailable|undeliver\w{0,8}|rejected|refused|bounced?|unknown|invalid|mailbox|recipients?|smtp|failed)"
    r"[\s\w]{0,12}\Z"
)
# https://www.rfc-editor.org/rfc/rfc3463#section-2
_REPLY_CODE = r"(?<!\w)[45]\d\d[ -](?:\d\.\d{1,3}\.\d{1,3}|mailbox|user|requested|message|recipient)"
_LOG = re.compile(_REPLY_CODE + r"|\d{1,2}:\d{2}:\d{2}|\[(?:error|warn|warning|info|debug|\d+)\]|(?<!\w)\w{2,20}=<?")


def find_own_email(text: str) -> str | None:
    """Return the first address that the writer gives as a way to reach them.

    None of an error text, a quotation, a line of a log, angle brackets, or one that mail is sent to ("to kim@…").
    """
    folded = fold(text)
    quoted = [match.span() for match in _QUOTED.finditer(folded)]
    for match in EMAIL.finditer(text):
        if _is_own(folded, match.start(), match.end(), quoted):
            return match[0]
    return None


def find_given_email(text: str) -> str | None:
    """Return the address in an answer to the question for one: "to kim@…" and "Kim <kim@…>" give it then, too."""
    own = find_own_email(text)
    match = EMAIL.search(text)
    if own is not None or match is None or len(text) - len(match[0]) > _MOST_AROUND_AN_ANSWER:
        return own
    folded = fold(text)
    quoted = any(
        low < match.start() and match.end() < high for low, high in (one.span() for one in _QUOTED.finditer(folded))
    )
    return None if quoted or _in_an_error(folded, *match.span()) else match[0]


def _is_own(folded: str, start: int, end: int, quoted: list[tuple[int, int]]) -> bool:
    before = _before(folded, start)
    within = next(((low, high) for low, high in quoted if low < start and end < high), None)
    if within is not None:
        # Only the address itself may be quoted: my address is "kim@…".
        alone = within == (start - 1, end + 1)
        return alone and bool(_OWN.search(_before(folded, within[0])))
    if _in_brackets(folded, start, end):
        return False
    mailed = _MAIL_TO.search(folded[max(0, start - _NEAR) : start]) and _CLAUSE_ENDS.match(folded, end)
    if mailed or _OWN.search(before):
        return True
    return not _SOMEBODY_ELSES.search(before) and not _in_an_error(folded, start, end)


def _before(folded: str, start: int) -> str:
    """Return the end of the sentence in front of the address."""
    return re.split(r"[!?\n]|\.\s", folded[max(0, start - _NEAR) : start])[-1]


def _in_brackets(folded: str, start: int, end: int) -> bool:
    """Return whether the address stands in <…> or behind a sign, as in headers and logs. mailto: is a link's own."""
    opened = folded[max(0, start - 8) : start]
    if opened.endswith(("<mailto:", "mailto:")):
        return False
    return opened.endswith(("<", "=", "&lt;")) or folded[end : end + 1] == ">"


def _in_an_error(folded: str, start: int, end: int) -> bool:
    """Return whether the words right before the address, or its line, are those of a program."""
    line = folded.rfind("\n", max(0, start - 200), start) + 1 or max(0, start - 200)
    stop = folded.find("\n", end, end + 200)
    if _LOG.search(folded, line, start):
        return True
    colon = re.search(r"[:(]\s{0,3}\Z", folded[line:start])
    words = re.split(r"[.!?,;]\s", folded[line:start])[-1]
    behind = re.split(r"[.!?,;]\s", folded[end : stop if stop >= 0 else end + 40])[0][:40]
    direct = re.match(r"\s{0,3}(?:[:(-]|was|is|has been|does not|could not|cannot|not|rejected|failed|bounced)", behind)
    announced = not folded[line:start].strip() and _announces(folded[max(0, start - 200) : line])
    failed = (colon and _ERROR.search(words)) or (direct and _ERROR.search(behind)) or _MAIL_ERROR.search(words)
    return bool(failed or announced)


def _announces(before: str) -> bool:
    """Return whether the line above ends in a colon and names an error: "… failed permanently:"."""
    above = before.rstrip().rpartition("\n")[2]
    return above.endswith(":") and bool(_ERROR.search(above))
