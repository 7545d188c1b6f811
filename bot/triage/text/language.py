"""In which language a message is written, as far as a handful of small words tells.

The assistant speaks English only. This is for telling the others so in their own language; error messages and
names in another language inside an English sentence must not count.
"""

import re
from collections.abc import Mapping

from bot.triage.text.plain_text import fold, word_set

# Words that are frequent in one language and are no English words; what two languages share says little of either.
_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "de": word_set(
        "ich wir sie unser unsere unserem mein meine ist sind nicht und oder das der ein eine einen kann "
        "können bitte hilfe guten tag hallo mit auf für von bei wenn mehr kein keine beim nach seit heute "
        "gestern startet funktioniert geht drucken rechnung rechnungen danke wie wo warum habe haben möchte"
    ),
    "fr": word_set(
        "je nous vous mon ma mes notre nos est sont pas et ou le la les un une des du peux peut bonjour merci "
        "avec pour dans sur ne plus quand depuis hier aujourd'hui imprimer facture factures logiciel aide "
        "comment pourquoi c'est j'ai n'est ça fonctionne veux s'il plaît"
    ),
    "es": word_set(
        "yo nosotros mi mis nuestro nuestra es está son no y el la los las un una puedo podemos hola gracias "
        "con para por en que cuando desde ayer hoy imprimir factura facturas programa ayuda cómo como favor "
        "tengo buenos días funciona abre quiero qué se"
    ),
    "it": word_set(
        "io noi mio mia nostro nostra è sono non e il lo la gli le un una posso possiamo buongiorno ciao "
        "grazie con per nel nella che quando da ieri oggi stampare fattura fatture programma aiuto come "
        "perché ho funziona della del si mi"
    ),
    "pt": word_set(
        "eu nós meu minha nosso nossa é está são não e o os as um uma posso podemos olá obrigado obrigada com "
        "para por em que quando desde ontem hoje imprimir fatura faturas programa ajuda como tenho bom dia "
        "funciona consigo você"
    ),
    "nl": word_set(
        "ik wij mijn ons onze niet en het een de kan kunnen hallo bedankt met voor van bij wanneer sinds "
        "gisteren vandaag afdrukken factuur facturen programma hulp hoe waarom heb hebben graag werkt "
        "goedemorgen zijn meer geen"
    ),
    "pl": word_set(
        "ja my mój moja nasz nasza jest są nie i lub mogę możemy dzień dobry dziękuję z dla na od kiedy "
        "wczoraj dzisiaj drukować faktura faktury faktur program pomoc jak dlaczego mam działa proszę się już"
    ),
}
_ENGLISH = word_set(
    "the a an i we you it is are was were my our your not no and or can cannot can't to of in on at for "
    "with from by when since does do did don't doesn't has have had be been this that there please hello "
    "hi how what why where but if me us they he she will would should as so just after before all any "
    "some still says"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_QUOTED = re.compile(r"[\"“„«][^\"”“»\n]*[\"”“»]")
OTHER = "other"
# Languages that one look at the letters tells.
_LETTERS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    (OTHER, re.compile(r"[^\W\d_]")),
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_FEWEST_WORDS = 2
_LEAST_SHARE = 0.3
LANGUAGES = (*_SMALL_WORDS, *(code for code, _ in _LETTERS))


def foreign_language(text: str) -> str | None:
    """Return the code of the language a message is written in ("de"), ``other`` for one we cannot name, None for
    English.

    Short messages and doubtful ones count as English: the assistant's own "not understood" is the milder mistake.
    """
    words = _WORD.findall(_QUOTED.sub(" ", fold(text)).replace("’", "'"))
    if not words:
        return None
    letters = "".join(words)
    if len(_LATIN.findall(letters)) * 2 < len(letters):
        return next(code for code, pattern in _LETTERS if pattern.search(letters))
    return _by_small_words(words)


def _by_small_words(words: list[str]) -> str | None:
    scores = {code: sum(word in known for word in words) for code, known in _SMALL_WORDS.items()}
    code = max(scores, key=lambda one: scores[one])
    english = sum(word in _ENGLISH for word in words)
    if scores[code] < _FEWEST_WORDS or scores[code] <= english or scores[code] < _LEAST_SHARE * len(words):
        return None
    return code
