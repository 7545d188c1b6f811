"""Passwords, PINs and keys that are told in words are replaced at the door, as card numbers are.

"The password is Kestrel!44" tells one; "I forgot the password", "the password is wrong" and "password: not accepted"
tell none. docs/decisions/0272 gives the rule.
"""

import re

from bot.triage.privacy.redaction import Redacted, WithoutCards
from bot.triage.text.plain_text import fold, word_set

MASK = "[password removed]"
MOST_CHARACTERS = 10_000
_LABEL = (
    r"(?<![\w-])(?:(?:master|admin|start|login|old|new|user)?-?(?:passwords?|passwort|kennwort|"
    r"wachtwoord)|pass ?phrase|"
    r"passcode|pwd|pw|recovery code|api key|secret key|mots? de passe|mdp|contraseñas?|parola d'ordine|senhas?|"
    r"palavra-passe|hasło|hasła)(?![\w-])"
)
# "password for the server", "mot de passe du compte".
_OF = (
    r"(?:\s(?:for|of|to|on|für|fürs|vom|von|de|du|della?|do|da|van|voor|dla|del)\s[^\s,.;:=]{1,40}"
    r"(?:\s[^\s,.;:=]{1,30})?)?"
)
_BRINGS = (
    r"(?P<link>\s{0,3}[:=]\s{0,3}|\s(?:is|was|ist|war|lautet|lautete|est|était|es|era|è|é|to|brzmi|"
    r"is nu|is now|now is|"
    r"is still|to jest)(?:\s?:)?\s)"
)
_VALUE = r"(?P<value>\"[^\"\n]{2,64}\"|'[^'\n]{2,64}'|“[^”\n]{2,64}”|„[^“\n]{2,64}“|«[^»\n]{2,64}»|[^\s,;\"“„«]{3,64})"
_TOLD = re.compile(rf"{_LABEL}{_OF}{_BRINGS}{_VALUE}")
# "pw Kestrel!44", "password Blue-72": what has the shape of a secret needs no "is".
_BESIDE = re.compile(rf"(?:{_LABEL}|(?<![\w-])pass(?:\s?[:=])?)\s(?P<value>[^\s,;:\"]{{4,64}})")
_PIN = re.compile(
    r"(?<![\w-])(?:pin|pin code|pin-code|code pin|geheimzahl|kod pin|código pin|codice pin)"
    r"(?:\s{0,3}[:=]\s{0,3}|\s(?:(?:is|ist|est|es|è|é|to|lautet)\s(?:now\s)?)?)(?P<value>\d{3,8})(?![\w.])"
)
_CLAUSE_OF_MASK = re.compile(r"[^.,;!?\n]{0,200}\[password removed\][.,;!]{0,2}(?:\s(?:and|so|but)\b)?")
FEWEST_CHARACTERS_LEFT = 12
_REMOVES = re.compile(
    r"\b(?:delete|remove|erase|take|hide|mask|scrub|clear|get) (?:\w+ ){0,3}(?:password|passwords|pin|pw|credentials|"
    r"login)\b(?: \w+){0,2} (?:from|out of|off|in|above|here)\b(?: (?:\w+ ){0,3}(?:that|this|it|title|chat|message|"
    r"messages|ticket|issue|reference|conversation|text|there|here|above)\b|\W*$)"
)
_ERROR_CODE = re.compile(r"[a-z]{2,4}-\d{3,5}")
_ENDING = re.compile(r"[.,;:!?)\]}'\"]{1,4}\Z")
_SYMBOL = re.compile(r"[^\w\s.'/@()?-]")
# What is said of a password, which is none: "wrong", "falsch", "expiré".
_SAID_OF_ONE = word_set(
    "not no never wrong right correct incorrect invalid valid expired weak strong short long too the a an my our your "
    "his her their this that it its same different new old lost forgotten unknown known missing empty blank gone "
    "required needed necessary asked accepted refused rejected denied set reset changed saved stored kept sent shown "
    "hidden visible gray grey red okay fine always still only just also now already again being in on at by for from "
    "with under over out off what where how why when who which and or but if so very quite really case-sensitive "
    "secret safe unsafe secure working broken locked blocked disabled enabled there here somewhere something anything "
    "nothing none n/a unchanged available unavailable impossible possible removed deleted "
    "falsch richtig nicht kein abgelaufen weg zu verloren vergessen unbekannt leer gesperrt ungültig das der die ein "
    "incorrect faux oublié perdu pas expiré trop invalide vide bloqué le la un une incorrecta incorrecto equivocada "
    "olvidada perdida caducada no demasiado vacía bloqueada errata sbagliata scaduta persa dimenticata troppo non "
    "vuota bloccata errada incorreta esquecida perdida expirada não muito vazia bloqueada onjuist fout verkeerd "
    "verlopen kwijt vergeten niet te leeg geblokkeerd złe nieprawidłowe błędne wygasło za puste zablokowane nie jest"
)
_DESCRIBES = re.compile(r"\w+(?:ed|ing|able|ible|ive|ous|ful|less|ly|iert|lich|bar|igt)\Z")


def redact_passwords(text: str) -> Redacted:
    """Mask every password, PIN and key that the words tell."""
    folded = fold(text[:MOST_CHARACTERS])
    spans: list[tuple[int, int]] = []
    for pattern, tells in ((_TOLD, _is_given), (_BESIDE, _is_beside), (_PIN, _is_pin)):
        for match in pattern.finditer(folded):
            start, end = _trimmed(folded, *match.span("value"))
            if end > start and tells(match, folded[start:end], text[start:end]):
                spans.append((start, end))
    if not spans:
        return Redacted(WithoutCards(text), False)
    pieces, place = [], 0
    for start, end in sorted(spans):
        if start >= place:
            pieces += [text[place:start], MASK]
            place = end
    return Redacted(WithoutCards("".join([*pieces, text[place:]])), True)


def without_passwords(text: str) -> str:
    """Return the text without the clauses that told a password; as it is when nothing else is left."""
    if MASK not in text:
        return text
    rest = _CLAUSE_OF_MASK.sub("", text).strip(" ,;.!\n")
    return rest if len(rest) >= FEWEST_CHARACTERS_LEFT else text


def asks_to_remove_password(text: str) -> bool:
    """ "Please delete my password from that title"; how a password is removed in the product is another question."""
    return bool(_REMOVES.search(fold(text[:MOST_CHARACTERS])))


def _trimmed(folded: str, start: int, end: int) -> tuple[int, int]:
    if folded[start] in "\"'“„«":
        return start, end
    ending = _ENDING.search(folded, start, end)
    # A "!" inside belongs to it, and so does one behind digits: "Blue72!".
    return start, ending.start() if ending else end


def _is_given(match: re.Match[str], value: str, written: str) -> bool:
    if value == MASK[: len(value)] or value in _SAID_OF_ONE or value.strip("\"'") in _SAID_OF_ONE:
        return False
    if value[0] in "\"'“„«" or _is_secret(written) or match["link"].strip() in (":", "=", "lautet", "brzmi"):
        return not _DESCRIBES.fullmatch(value) or not value.isalpha()
    behind = match.string[match.end("value") :].lstrip(".,;!) ")[:4]
    ends = (
        match.end("value") == len(match.string) or match.string[match.end("value")] in "\n,;" or value != match["value"]
    )
    ends = ends or behind.startswith(("and ", "und ", "et ", "y "))
    return ends and value.isalpha() and len(value) > 3 and not _DESCRIBES.fullmatch(value)


def _is_beside(_match: re.Match[str], value: str, written: str) -> bool:
    return _is_secret(written) and not _ERROR_CODE.fullmatch(value)


def _is_pin(_match: re.Match[str], value: str, _written: str) -> bool:
    return value.isdigit()


def _is_secret(written: str) -> bool:
    """Return whether a word has letters together with digits or signs, or capitals inside, as only secrets have."""
    letters = any(map(str.isalpha, written))
    digits = any(map(str.isdigit, written))
    inside = any(map(str.isupper, written[1:])) and any(map(str.islower, written))
    return (
        (letters and (digits or bool(_SYMBOL.search(written)))) or (inside and written.isalpha()) or written.isdigit()
    )
