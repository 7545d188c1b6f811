"""Take out of a reply what it only quotes. Words that nobody has said before stay, wherever in the mail they stand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import quotequail

from bot.triage.text.plain_text import canonical

_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+")
# The line of hyphens of mail programs: https://www.rfc-editor.org/rfc/rfc3676#section-4.3
_SIGNATURE = re.compile(r"\n-- ?\n")
_SENT_FROM = re.compile(
    r"(?:sent|envoy[eé]|gesendet|enviado|inviato|verzonden|wys[lł]ano|get outlook)\b.{0,20}?\b(?:from|depuis|de|mit|"
    r"von|desde|da|do meu|vanaf|met|z|for)\b.{1,50}",
    re.IGNORECASE,
)
_CONFIDENTIAL = re.compile(
    r"\b(?:confidential(?:ity)?|privileged|vertraulich\w*|confidenti(?:el|elle|alité)|confidencial\w*|riservat\w+|"
    r"vertrouwelijk\w*|poufn\w+)\b",
    re.IGNORECASE,
)
_ABOUT_THIS_MAIL = re.compile(
    r"\b(?:(?:this|the) (?:e-?mail|message|communication|transmission)|diese[rs]? (?:e-?mail|nachricht)|"
    r"ce (?:message|courriel|mail)|este (?:mensaje|correo|e-?mail)|esta mensagem|questo? (?:messaggio|e-?mail)|"
    r"dit (?:bericht|e-?mail)|deze e-?mail|ta wiadomość|confidentiality notice|intended recipient)\b",
    re.IGNORECASE,
)
_SHORTEST_NOTICE = 60
# The library's time grows with the square of the lines; a history that begins later is known by its marks and words.
FIRST_LINES = 300


@dataclass(frozen=True)
class Reply:
    """``text`` is what was written; ``cut`` are the signature and notices below it, ``quoted`` what was said before."""

    text: str
    cut: str = ""
    quoted: str = ""


def new_words(text: str, said_before: Iterable[str]) -> Reply:
    """Return a reply without what it quotes of the texts ``said_before``, its own signature and notices apart.

    Where nothing was said before, as in a new mail, everything is new: what somebody passes on is their report.
    """
    known = _Known(said_before)
    top, below = _halves(text) if known else (text, "")
    answer = _split(_without_known(top, known))
    # An answer may stand between the lines of what is quoted, or below it.
    further = _split(_without_known(below, known, answered_above=bool(answer.text)))
    words = "\n\n".join(one for one in (answer.text, further.text) if one)
    cut = "\n\n".join(one for one in (answer.cut, further.cut) if one)
    return Reply(words, cut, below)


class _Known:
    """The texts said before, without the line breaks that mail programs set anew."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts = [text for text in texts if text.strip()]
        self._texts = " \n ".join(f" {_squeezed(text)} " for text in texts)
        self._lines = {_squeezed(line) for text in texts for line in text.split("\n")} - {""}

    def __bool__(self) -> bool:
        return bool(self._lines)

    def holds(self, line: str, *, marked: bool, answered_above: bool) -> bool:
        """Return whether a line was said before. One that no mark of quoting stands before may as well be an answer in
        the same few words, unless the answer stands above.
        """
        words = _squeezed(line)
        if words in self._lines and (marked or answered_above or words.count(" ") >= 2):
            return True
        return (marked or words.count(" ") >= 3) and f" {words} " in self._texts


def _squeezed(text: str) -> str:
    """Return the words alone: no marks of quoting, formatting or lists, which programs change."""
    return " ".join(re.findall(r"\w+", canonical("\n".join(_QUOTED.sub("", line) for line in text.split("\n")))))


def _halves(text: str) -> tuple[str, str]:
    """Return what stands above the quoted history, and the history with what may stand in it."""
    try:
        found = quotequail.unwrap("\n".join(text.split("\n", FIRST_LINES)[:FIRST_LINES]))
    except (ValueError, IndexError, RecursionError):
        found = None
    if found is None:
        return text, ""
    top = (found.get("text_top") or "").rstrip()
    # The rest is read from the text itself, so that nothing gets lost between the parts of the library's answer.
    start = text.find(top) + len(top) if top else 0
    return text[:start], text[start:]


def _without_known(text: str, known: _Known, *, answered_above: bool = False) -> str:
    """Return the lines that nobody has said before. A line of the history's head ("On … wrote:") is no word either."""
    if not known:
        return text.strip()
    heads = _heads(text)
    kept = []
    for number, line in enumerate(text.split("\n")):
        marked = _QUOTED.match(line) is not None
        bare = _QUOTED.sub("", line)
        if not _squeezed(bare):
            kept.append("" if marked else line)
        elif number in heads:
            continue
        elif not ((marked or heads) and known.holds(bare, marked=marked, answered_above=answered_above)):
            kept.append(line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


_HEAD_BEGIN = re.compile(
    r"^(?:on|am|le|el|il|em|op|w dniu|dnia|\d{1,4}[-./]\d{1,2}|-{2,}|_{5,}|begin forwarded|from:|von:|de\s?:|da:|van:|"
    r"od:|sent:|gesendet:|envoyé\s?:|enviado:|inviato:|verzonden:|wysłano:|date:|datum:|fecha:|data:|to:|an:|à\s?:|para:|a:|"
    r"aan:|do:|cc:|kopie:|subject:|betreff:|objet\s?:|asunto:|oggetto:|assunto:|onderwerp:|temat:)",
    re.IGNORECASE,
)
_HEAD_END = re.compile(
    r"(?:wrote|schrieb(?: .*)?|a écrit|escribió|ha scritto|escreveu|schreef.*|napisał\(?a?\)?|pisze)\s?:\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-_]{3,}[^-_]{0,40}[-_ ]{0,40}")
_FIELD = re.compile(r"^\*{0,2}[\w-]{2,12}\s?:\*{0,2}\s", re.IGNORECASE)


def _heads(text: str) -> set[int]:
    """Return the numbers of the lines that only introduce what is quoted."""
    lines = [_QUOTED.sub("", line).strip() for line in text.split("\n")]
    found: set[int] = set()
    for number, line in enumerate(lines):
        for length in range(1, 4):
            joined = " ".join(lines[number : number + length])
            if _HEAD_BEGIN.match(line) and len(joined) < 300 and _HEAD_END.search(joined):
                found.update(range(number, number + length))
                break
    for number, line in enumerate(lines):
        run = _fields(lines, number)
        if len(run) >= 3 and _HEAD_BEGIN.match(line.strip("* ")):
            found.update(run)
        if _RULE.fullmatch(line) and any(_fields(lines, at) for at in (number + 1, number + 2)):
            found.add(number)
    return found


def _fields(lines: list[str], start: int) -> list[int]:
    run = []
    for number in range(start, min(start + 8, len(lines))):
        if not _FIELD.match(lines[number] + " "):
            break
        run.append(number)
    return run


def _split(text: str) -> Reply:
    """Return the words, and apart from them the signature below the line for it and the notices at the end."""
    found = _SIGNATURE.search(f"\n{text}\n")
    words = text
    cut: list[str] = []
    if found and found.start() > 0:
        words, below = text[: found.start()], text[found.start() :]
        cut.append(below.strip())
    paragraphs = re.split(r"\n\s*\n", words.strip())
    while len(paragraphs) > 1 and _is_notice(paragraphs[-1]):
        cut.insert(0, paragraphs.pop())
    return Reply("\n\n".join(paragraphs).strip(), "\n\n".join(cut))


def _is_notice(paragraph: str) -> bool:
    """Return whether a last paragraph is what a program, or a law, puts below every mail."""
    if "\n" not in paragraph and len(paragraph) < 80 and _SENT_FROM.fullmatch(paragraph.strip(" .\t<>")):
        return True
    long_enough = len(paragraph) >= _SHORTEST_NOTICE
    return long_enough and bool(_CONFIDENTIAL.search(paragraph) and _ABOUT_THIS_MAIL.search(paragraph))
