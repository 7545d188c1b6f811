"""Read a correction in plain words: what shall stand, and instead of what, as in "its 12.1.4 not 12.2.1"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.triage.reading.contact_details import EMAIL
from bot.triage.text.plain_text import fold

MOST_CHARACTERS = 400
# "2025 i meant" and "wait, it was QB-2170" take back what was said; "sorry" and "no" may begin
# an answer.
_TAKES_BACK = (
    r"(?:correction|(?:two|three|both|some|several|a few|my|\d) (?:mistakes|corrections|typos)(?: (?:of mine|of ours|"
    r"from me|there|above|sorry))*|both (?:are |were )?wrong|wrong(?=[,:;.!-])|"
    r"i got (?:\w{1,12} ){1,3}(?:wrong|mixed up)|come to think of it|i forgot(?=[,:;]| to (?:say|mention))|"
    r"to correct|let me correct(?: that| this| it| myself)?|i (?:have|need) to correct(?: that| this|"
    r" it| myself)?|typo|oops|"
    r"whoops|(?:scrap|strike|forget|ignore|disregard) (?:that|this|it|what i (?:said|wrote))(?: before)?|i(?:'m|"
    r" am| was) wrong(?: there| about that)?|"
    r"i (?:mis\w{2,12}|mixed|confused|swapped)(?: (?:it|that|them|this|the \w{1,15}))?(?: up)?|i got (?:it|that|"
    r"this) wrong|"
    r"(?:that(?:'s| is| was) )?my (?:bad|mistake|fault|error)|i (?:have )?made an? (?:mistake|error|typo)|(?:no,? |"
    r"oh,? )?(?:wait|hold on|hang on)(?: a \w+)?|"
    r"i (?:really |actually )?(?:mean|meant)(?: to (?:say|write))?|make (?:that|it)|(?:that|this|it)(?:'s| is|"
    r" was) (?:wrong|not right|incorrect|not correct|a typo)|"
    r"should (?:read|say)|wrong (?:one|number|version|mail|e-?mail|address|code|printer|phone|name|user)|after all|"
    r"i (?:typed|wrote|read|copied|gave(?: you)?|put) (?:\w{1,12} ){1,4}(?:wrong|wrongly|incorrectly)|"
    r"(?:digit|figure|letter|number|code|version)s? (?:\w{1,12} ){0,4}(?:is|was|are|were) (?:off|wrong|different)|"
    r"(?:the|is the) (?:right|correct|proper|real|actual) (?:one|number|code|version|address|name)|"
    r"(?:i )?(?:looked|checked|read(?: it| that)?) again|(?:on|at) (?:a )?(?:second|closer) (?:look|sight)|"
    r"is what (?:it|the \w{1,12}) (?:really |actually )?(?:shows?|says|said|reads?|is))"
)
_SOFT = (
    r"(?:oh|ah|well|sorry|actually|no|nope|in fact|really|(?:(?:i )?beg (?:your |you )?)?pardon(?: me)?|please|"
    r"rather|better|instead|(?:my )?apologies|(?:i )?apologi[sz]e|excuse me|forgive me|h+m+|"
    r"now that i think (?:of|about) it|i think|the right one is)"
)
_LEADS = re.compile(rf"\W*(?:(?:{_TAKES_BACK}|{_SOFT}|and|but|so|then|of course)(?!\w)[\s,;:.!-]{{0,4}}){{1,5}}")
_TRAILS = re.compile(
    rf"[\s,;:.!-]{{1,4}}(?:(?:{_TAKES_BACK}|{_SOFT}|thanks|thank you|(?:that|it)(?:'s| is| was|"
    rf"s)? (?:the )?(?:right|correct)(?: one)?|"
    r"is (?:the )?(?:right|correct)(?: one| version| number)?|(?:that|it)'?s (?:my|our) [\w -]{1,30}|"
    r"please use that|already|in the end)"
    r"[\s,;:.!-]{0,4}){1,4}\Z"
)
_STRONG = re.compile(rf"(?<!\w){_TAKES_BACK}(?!\w)")
_SOFT_START = re.compile(rf"\W*(?:{_SOFT}|not (?:all|every|each|both))(?!\w)")
_SOFT_MIDDLE = re.compile(r"(?<!\w)(?:is|are|was|were|it's|reads|says) (?:actually|in fact)(?= [^.!?\n]{0,20}\d)")
_SOFT_END = re.compile(rf"(?<!\bas)[\s,]{_SOFT}\W*\Z")
_USE = re.compile(
    r"(?<!\w)(?:please |better |rather |just |you (?:can|may|should) )?(?:use|call|take|ring|write to|mail|try|put|"
    r"change|set|correct)(?!\w)(?! (?:it|the program|this chat))"
)
# Up to where the old words go: "not 12.2.1, I misread it".
_OLD_END = (
    r"(?=[,;!?\n]|\.(?!\w)| (?:sorry|please|but|as|now|because|my|i|like|any ?more|anymore|after|though|"
    r"thanks)(?!\w)| - |\Z)"
)
_ENDS = r"(?P<old>[^,;!?\n]{1,80}?)" + _OLD_END
_CONTRASTS = (
    # "Not 8002. It reads QB-8003."
    re.compile(
        r"(?:(?<!\w)not|n't) (?P<old>(?=[^\s,;!?]{0,30}\d)[^\s,;!?]{1,40}?)[.!]+ (?=(?:it|that|the|what)\b)"
        r"(?P<new>[^!?\n]{1,80})"
    ),
    re.compile(
        r"(?:(?<!\w)not|n't) (?!only|just|yet|sure|really|"
        r"that )(?P<old>[^,;!?\n]{1,60}?)(?:,? but(?: rather)?|[,;] ?(?:it'?s|it is|but)?|"
        r" - ) (?P<new>[^,;!?\n]{1,80})"
    ),
    re.compile(
        rf"(?P<new>[^!?\n]{{1,160}}?)[,;]? (?:and |but )?(?:not|instead of|rather than|in place of) (?!only|"
        rf"just|yet|sure|really)(?:the |an? |on |in |for |since )?{_ENDS}"
    ),
    re.compile(
        r"(?P<old>[^,;!?\n]{1,60}?) (?:is|was|are) (?:wrong|incorrect|not right|not correct|a typo|"
        r"false)[,;.:!-]{0,2} (?:(?:it|that|this) )?(?:should (?:be|read|say)|must be|is|it'?s|its|"
        r"was)? ?(?P<new>[^;!?\n]{1,80})"
    ),
    re.compile(
        r"(?<!\w)(?:change|replace|correct|swap|set|update|make)(?: the| my|"
        r" our)? (?P<old>[^,;!?\n]{1,60}?) (?:to|with|by|into) (?P<new>[^;!?\n]{1,80})"
    ),
    re.compile(
        r"(?<!\w)i (?:said|wrote|typed|put|gave(?: you)?) (?P<old>[^;!?\n]{1,60}?)[,;.]? (?:but |"
        r"and )?(?:i meant|meant|it'?s|its|it is|it should be|that should be|should be) (?P<new>[^;!?\n]{1,80})"
    ),
    re.compile(
        r"(?:\A|[,;.!] )(?:the |my |our |it )?(?P<old>[^,;!?\n]{1,60}?) (?:should(?: have)?|must|"
        r"ought to) (?:be(?:en)?|read|say) (?P<new>[^;!?\n]{1,80})"
    ),
    re.compile(r"(?P<old>[^\s,;!?]{1,60}) ?(?:-{1,2}>|=>|→|➔) ?(?P<new>[^,;!?\n]{1,80})"),
)
# "Change the version to 12.2.0", "the role should be manager", "the version is wrong, it's 12.2.3".
_MAY_NAME = (_CONTRASTS[3], _CONTRASTS[4], _CONTRASTS[6])
_COPULA = re.compile(
    r"(?<!\w)(?:is|was|are|were|be|it's|its|'s|to|begins?|began|started|reads?|says?|said|shows?|"
    r"on|since|for|from|in|of|called|named|means?)(?!\w)(?: (?:the|an?|on|in|for|since))? "
)
_ARTICLE = re.compile(r"\A(?:the|an?|it'?s|it is|on|in|since|for|is|was)\s+(?=\S)")
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_ORDINAL = r"(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th|q[1-4])"
_SHAPES = (
    EMAIL,
    re.compile(r"(?<![\w.])[a-z]{1,6}-?\d[\w/-]*"),
    re.compile(r"(?<![\w.])\d{1,4}(?:\.\d{1,6}){1,3}(?![\w.]*\d)"),
    re.compile(r"(?<![\w.])\(?\d{3}\)?[ -]\d{3}[ -]\d{4}"),
    re.compile(r"(?<![\w.])[$€£]?\d[\d.,]*"),
    re.compile(rf"(?<!\w){_WEEKDAY}(?!\w)"),
    re.compile(rf"(?<!\w){_MONTH}(?!\w)"),
    re.compile(rf"(?<!\w){_ORDINAL}(?!\w)"),
)
_TOKEN = re.compile(r"[^\s,;!?()]*\d[^\s,;!?()]*")
# Between two codes or addresses of one kind: the second takes the place of the first.
_INSTEAD = re.compile(
    r"[\s,;:.!(–-]{1,4}(?:(?:no|nope|sorry|wait|oops|whoops|argh|err|i mean|i meant|or rather|rather|correction|"
    r"actually|make (?:that|it)|pardon(?: me)?|my mistake|scratch that)(?!\w)[\s,;:.!-]{0,4}){1,4}"
    r"(?:(?:it'?s|it is|that'?s|that is|it (?:says|reads)|the \w{1,12} is)\s)?"
)
_TAKES_ALL_BACK = re.compile(
    r"(?<!\w)(?:(?:sorry|no|oops)\W{1,4})?(?:i meant?(?: to (?:say|write))?|(?:scrap|forget|ignore|disregard) "
    r"(?:that|this|it|what i (?:said|wrote)))(?!\w)[\s,;:.!-]{0,4}"
)
_OF_A_CODE = re.compile(r"(?<!\w)(?:codes?|errors?|numbers?|digits?|figures?|message)(?!\w)")
# The trouble goes on with another code: nothing is taken back.
_GOES_ON = re.compile(
    r"(?<!\w)(?:(?<!see )now(?! (?:that|i see))|no longer|any ?more|also|too|then|first|next|after|as well|"
    r"another)(?!\w)"
)
_SETS_AGAINST = re.compile(r"(?<!\w)(?:not|instead|rather|wrong|before|but)(?!\w)|n't(?!\w)")


@dataclass(frozen=True)
class Correction:
    """``new`` shall stand where ``old`` stands, each in the customer's words; ``old`` may be a line's name instead."""

    new: str
    old: str
    may_name: bool = False


def takes_back(text: str) -> bool:
    """Return whether the words surely take something back: "i meant", "scrap that", "my mistake"."""
    return bool(_STRONG.search(fold(text)))


def announces_correction(text: str) -> bool:
    """Return whether the words may announce a correction: "sorry", "actually", "no", "better use"."""
    folded = fold(text)
    soft = _SOFT_START.match(folded) or _SOFT_MIDDLE.search(folded) or _SOFT_END.search(folded)
    return bool(_STRONG.search(folded) or soft or _USE.search(folded))


def contrasts_in(text: str) -> Iterator[Correction]:
    """Return the pairs of new and old words that a text sets against each other, the likeliest first."""
    text = text[:MOST_CHARACTERS]
    folded = fold(text)
    for pattern in _CONTRASTS:
        for match in pattern.finditer(folded):
            old = text[match.start("old") : match.end("old")].strip(" .,;:!\"'“”")
            new = without_announcement(text[match.start("new") : match.end("new")])
            if old and new:
                yield Correction(new, old, pattern in _MAY_NAME)


def without_announcement(text: str) -> str:
    """Return what is left without the words that only announce a correction, in front and at the end."""
    lead = _LEADS.match(fold(text))
    text = text[lead.end() :] if lead else text
    trail = _TRAILS.search(fold(text))
    return (text[: trail.start()] if trail else text).strip(" .,;:!\"'“”-")


def fitted(new: str, old: str) -> str:
    """Return the part of ``new`` that stands for ``old``: the day for a day, the figure for a figure, else all of
    it."""
    new = new[:MOST_CHARACTERS]
    folded = fold(new)
    for shape in _SHAPES:
        if shape.fullmatch(fold(old)):
            found = list(shape.finditer(folded))
            if found:
                return new[found[-1].start() : found[-1].end()].rstrip(".,")
    copula = list(_COPULA.finditer(folded))
    rest = new[copula[-1].end() :] if copula and len(old.split()) < len(new.split()) else new
    while article := _ARTICLE.match(fold(rest)):
        rest = rest[article.end() :]
    return rest.strip()


def keeps_shape(new: str, old: str) -> bool:
    """Return whether a date, a number or a code is replaced by one: "mixed up the digits" stands for no number."""
    shapes = [shape for shape in _SHAPES if shape.fullmatch(fold(old))]
    if not shapes:
        return any(map(str.isdigit, new)) or not any(map(str.isdigit, old))
    return any(shape.search(fold(new[:MOST_CHARACTERS])) for shape in shapes)


def without_corrected(text: str) -> str:
    """Return the text with blanks for what it takes back itself: the first code of "QB-2103, no sorry, QB-2104"."""
    head, folded = text[:MOST_CHARACTERS], fold(text[:MOST_CHARACTERS])
    found = sorted({match.span() for pattern in (EMAIL, _TOKEN) for match in pattern.finditer(folded)})
    for (begin, end), (start, stop) in pairwise(found):
        old, new = folded[begin:end].rstrip(".:"), folded[start:stop].rstrip(".:")
        if _INSTEAD.fullmatch(folded, begin + len(old), start) and old != new and is_same_kind(old, new):
            head = head[:begin] + " " * len(old) + head[begin + len(old) :]
    return head + text[MOST_CHARACTERS:]


def after_taking_back(text: str) -> str:
    """Return what follows the last words that take back what stands before them ("I meant"); empty without such."""
    found = list(_TAKES_ALL_BACK.finditer(fold(text[:MOST_CHARACTERS])))
    return text[found[-1].end() :].strip() if found else ""


def goes_on(text: str) -> bool:
    """Return whether the words say that more has come up, and so take nothing back: "now", "as well", "then"."""
    return bool(_GOES_ON.search(fold(text[:MOST_CHARACTERS])))


def is_same_kind(one: str, other: str) -> bool:
    """Return whether two tokens are addresses both, or codes, numbers or versions of the same shape."""
    if "@" in one or "@" in other:
        return EMAIL.fullmatch(one) is not None and EMAIL.fullmatch(other) is not None
    return is_shaped_alike(one, other)


def recast(text: str, token: str) -> str | None:
    """Return the number or code that a text sets in the place of ``token``, which it names or speaks of as a code.

    "8003 it is, not 8002" gives ``QB-8003`` for ``QB-8002``. None when the text only goes on with another one.
    """
    folded = fold(text[:MOST_CHARACTERS])
    digits, figures = _figures(token), tokens_with_digits(text)
    if not digits or _GOES_ON.search(folded):
        return None
    named = [one for one in figures if _figures(one) == digits]
    others = [one for one in dict.fromkeys(figures) if one not in named and _may_replace(one, token)]
    against = bool(named) and bool(_SETS_AGAINST.search(folded) or announces_correction(text))
    spoken = not named and len(figures) == 1 and announces_correction(text) and bool(_OF_A_CODE.search(folded))
    if len(others) != 1 or not (against or spoken):
        return None
    return token.replace(digits, _figures(others[0]), 1) if others[0].isdigit() else others[0]


def _may_replace(new: str, token: str) -> bool:
    digits = _figures(token)
    return is_shaped_alike(new, token) or (new.isdigit() and len(new) == len(digits) and digits in token)


def _figures(token: str) -> str:
    return "".join(filter(str.isdigit, token))


def tokens_with_digits(text: str) -> list[str]:
    """Return the numbers, codes and versions of a text, as written."""
    return [token.strip(".,:\"'") for token in _TOKEN.findall(text[:MOST_CHARACTERS])]


def is_shaped_alike(one: str, other: str) -> bool:
    """Return whether two codes are of one kind: the same letters around as many groups of digits."""
    return _outline(one) == _outline(other)


def _outline(token: str) -> str:
    return re.sub(r"\d+", "0", fold(token))
