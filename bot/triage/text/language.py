"""Tell the language of a message by its small words, greetings and letters.

Error messages and names in another language inside an English sentence must not count, and a message that shows no
language, such as a version, has none: then the language of the conversation stays.
"""

import re
from collections.abc import Mapping

from bot.triage.text.plain_text import fold, word_set

ENGLISH, OTHER = "en", "other"
# Words that are frequent in one language and are no English words; what two languages share says little of either.
_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    "de": word_set(
        "hallo ich wir sie mich uns ihnen unser unsere unserem unseren mein meine meinem meiner ist sind war "
        "nicht und "
        "oder das der die den dem des ein eine einen einer kann können könnte auf für von vom bei beim zu zum "
        "zur im wenn mir "
        "mehr kein keine nach seit heute gestern morgen habe haben hat hatte geht läuft wird werden noch schon nur "
        "auch weiter programm aber immer wieder jetzt alle alles dass ob als es sich mit sehr leider gibt man "
        "bin über "
        "wer welche welcher welches ihr ihre ihren ihrem dieser dieses diese diesem aus durch gegen vor unter "
        "zwischen doch dann denn weil damit bitte nichts niemand darf muss soll wollen müssen sollen würde "
        "würden dort"
    ),
    "fr": word_set(
        "je nous vous mon ma mes notre nos votre vos est sont pas et ou le la les un une des du de au aux peux "
        "peut avec "
        "comment dans sur ne plus quand depuis hier aujourd'hui c'est j'ai n'est ça que qui ce cette il elle on "
        "se s'il "
        "mais très "
        "toutes tous tout ont été suis avons avez d'un d'une l'on qu'est-ce n'arrive pour par en à "
        "moi toi lui leur leurs ces cet cela où sans donc alors même rien dit veut doit faut être avoir êtes "
        "sommes ceci tout-à-fait"
    ),
    "es": word_set(
        "yo nosotros mi mis nuestro nuestra nuestras es está están son no y el la los las un una puedo podemos "
        "con para por "
        "en que cuando desde ayer hoy como tengo se me lo del al su ha he han ya pero muy todas todos sin si "
        "esta este "
        "estar tiene tienen hay hace qué quién esto eso ese esa aquí allí más menos nada nadie algo debe deben "
        "puede pueden sobre hasta porque les tu tus sus"
    ),
    "it": word_set(
        "io noi mio mia miei nostro nostra nostre è sono non e il lo la gli le un una posso possiamo con per "
        "nel nella nei "
        "che quando da ieri oggi ho ha hanno della del dei si mi ma molto tutte tutti come di al alla in questa "
        "questo dopo "
        "fino ora siete siamo hai abbiamo avete ci vi ti ne cosa qual cui più anche fare fatto qui lì tutto "
        "niente nessuno deve devono può possono sul sulla sui dal dalla dai nello senza perché solo già ancora "
        "ogni quella quello"
    ),
    "pt": word_set(
        "eu nós meu minha meus nosso nossa nossas é está estão são não e o os as um uma posso podemos com para "
        "por em que "
        "quando desde ontem hoje como tenho se me do da dos das no na ao foi mas muito todas todos já você de "
        "sem este esta "
        "até vocês nas pelo pela aqui ali isto isso ele ela eles seu sua seus suas tem têm há fazer estar nada "
        "ninguém algo deve devem pode podem sobre porque mais menos também ainda só"
    ),
    "nl": word_set(
        "hallo ik wij we je uw mij mijn ons onze is niet en het een de kan kunnen met van bij wanneer sinds "
        "gisteren vandaag "
        "heb hebben heeft zijn meer geen op te dat dit die er maar ook nog al alle naar om als wordt deze voor wat zo "
        "allemaal lezen weten waar welke jullie haar mag moet moeten wil willen zou zouden niets niemand iets "
        "alles daar toch omdat "
        "tussen onder tegen uit veel"
    ),
    "pl": word_set(
        "ja my mi mnie mój moja moje nasz nasza nasze jest są nie i lub mogę możemy z ze do dla na od w we po "
        "kiedy wczoraj "
        "dzisiaj dziś mam mamy się już to jak co czy ale tylko wszystkie tego tej przez nam "
        "tym kto gdzie musi może mogą nikt nic coś tutaj tam bardzo więcej mniej oraz albo bo więc żeby aby bez "
        "pod nad między"
    ),
}
# One such word is as good as two small ones: greetings, question words, words of every office.
_STRONG_WORDS: Mapping[str, frozenset[str]] = {
    "de": word_set(
        "erscheint meldung bericht berichte bildschirm kennwort passwort dateien leer "
        "wiedersehen seiten "
        "guten tag grüß moin servus bitte danke dank hilfe deutsch möchte möchten brauche brauchen könnten "
        "warum wieso wie "
        "wann wieviel kostet kosten funktioniert rechnung rechnungen drucken drucke druckt drucker startet fehler "
        "fehlermeldung gelöscht verschwunden geklappt mitarbeiter techniker sprechen öffnet schließt dürfen "
        "datensicherung buchung buchungen kunde kunden lässt weitermachen auf-wiedersehen tschüss gelöst"
    ),
    "fr": word_set(
        "serveur écran rapports ordinateur s'affiche apparaît connexion mot-de-passe "
        "imprimante imprimantes blanches seulement toujours fichiers ouvre bloqué "
        "bonjour bonsoir salut s'il plaît français pourquoi combien coûte veux voudrais besoin aide "
        "aider secours "
        "parler quelqu'un technicien imprimer facture factures logiciel fonctionne marche démarre disparu "
        "supprimé erreur "
        "attendre merci sauvegarde banque l'importation résolu où quel quelle puis-je peut-on faut-il "
        "au-secours faire"
    ),
    "es": word_set(
        "copia seguridad falla fallan fallo código aparece pantalla servidor archivo informes contraseña "
        "ordenador usuario "
        "adiós impresora páginas clientes cliente sigue funcionar solo hablo desaparecidas "
        "hola buenos buenas días tardes noches español cómo qué cuándo cuánto cuánta dónde cuesta necesito "
        "quiero quisiera "
        "ayuda ayúdame hablar persona técnico alguien imprimir factura facturas funciona desaparecido borrado "
        "abre gracias "
        "puede ayudar hago soporte solucionado resuelto arranca programa"
    ),
    "it": word_set(
        "codice schermo appare compare fallisce messaggio importazione esportazione utente relazioni "
        "tecnici scrivono inglese "
        "arrivederci stampante clienti prezzi orari possibile quali vostri vostro sparite pagine chiude apro "
        "buongiorno buonasera salve italiano perché quanto quando costa vorrei voglio bisogno aiuto aiutare "
        "aiutarmi parlare "
        "persona tecnico qualcuno stampare fattura fatture funziona sparite spariti scomparse cancellato grazie "
        "risolto "
        "assistenza errore programma avvia faccio posso dove"
    ),
    "pt": word_set(
        "cópia segurança falha código aparece ecrã servidor relatório relatórios utilizador mensagem "
        "adeus impressora adicionar perfeito fecha sozinho abro páginas clientes funcionou "
        "olá bom boa tarde noite português obrigado obrigada preciso quero gostaria ajuda ajudar falar pessoa "
        "técnico alguém "
        "quanto custa suporte imprimir fatura faturas funciona desapareceram desapareceu apagado faço fazer "
        "você consigo "
        "resolvido extrato onde programa porque"
    ),
    "nl": word_set(
        "bereikbaar rapporten bestand scherm verschijnt wachtwoord gebruiker foutcode leeg "
        "ziens fijne drukt pagina's klant klanten "
        "goedemorgen goedemiddag goedenavond nederlands alstublieft bedankt dank hoe waarom hoeveel kost "
        "graag wil "
        "hulp helpen spreken iemand medewerker technicus afdrukken factuur facturen werkt verdwenen verwijderd "
        "kunt waar "
        "opgelost gelukt foutmelding"
    ),
    "pl": word_set(
        "widzenia drukarka drukuje strony witam klienta klientów "
        "dzień dobry cześć witam polsku proszę dziękuję pomoc pomóc pomocy jak dlaczego ile kosztuje chcę chciałbym "
        "chciałabym potrzebuję rozmawiać człowiekiem technikiem kimś drukować wydrukować faktura fakturę "
        "faktury faktur "
        "działa zniknęły zniknęła usunięte błąd rozwiązane gdzie"
    ),
}
# A message that is hardly more than one of these is in the language; in a longer one they decide nothing.
_GREETINGS: Mapping[str, frozenset[str]] = {
    "de": word_set("hallo hallöchen moin moinsen servus grüezi tach mahlzeit"),
    "fr": word_set("bonjour bonsoir salut coucou allô"),
    "es": word_set("hola buenas holi"),
    "it": word_set("ciao salve buongiorno buonasera buondì"),
    "pt": word_set("olá ola oi"),
    "nl": word_set("hoi hallo dag goedendag goeiedag goeiemorgen goedemorgen goedemiddag"),
    "pl": word_set("cześć witam hejka siema"),
}
MOST_WORDS_OF_A_GREETING = 2
_ENGLISH_WORDS = word_set(
    "the a an i we you it is are was were my our your not no and or can cannot can't to of in on at for with "
    "from by when "
    "since does do did don't doesn't has have had be been this that there please hello hi how what why where "
    "but if me us "
    "they he she will would should as so just after before all any some still says thanks thank help need error work "
    "working print who which again yes ok okay get got want could i'm it's i've they're invoice invoices"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_QUOTED = re.compile(r"[\"“„«][^\"”“»\n]*[\"”“»]|\S{1,200}@\S{1,200}|https?://\S{1,500}|www\.\S{1,500}")
# Letters and marks of one of the languages only.
_MARKS = (
    ("es", re.compile(r"[¿¡ñ]")),
    ("de", re.compile(r"ß")),
    ("pt", re.compile(r"[ãõ]")),
    ("pl", re.compile(r"[ąęłśżźćń]")),
    ("fr", re.compile(r"[œûë]|\bc'est\b|\b(?:j|qu|n|s|t|m)'[a-zéèêà]")),
    ("it", re.compile(r"\b(?:[dns]ell|all|dall|sull|quest|un|tutt|dov|com|cos)'[a-zàèéìòù]|\w(?:zione|zioni|ità)\b")),
    ("es", re.compile(r"\w(?:ción|ciones)\b")),
    ("pt", re.compile(r"\w(?:ção|ções)\b")),
)
# Languages that one look at the letters tells.
_LETTERS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    (OTHER, re.compile(r"[^\W\d_]")),
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_FEWEST_POINTS, _POINTS_OF_A_STRONG_WORD = 2, 2
_LEAST_SHARE = 0.3
# Points by which a language must lead that of the conversation, so that a word of both does not change it.
_LEAD_OF_ANOTHER = 3
LANGUAGES = (*_SMALL_WORDS, *(code for code, _ in _LETTERS))


def language_of(text: str, likely: str | None = None) -> str | None:
    """Return the code of the language of a message: "en", "de", ``other`` for one without a name here; None in doubt.

    ``likely`` is the language of the conversation, which two languages with the same words are decided by.
    """
    unquoted = _QUOTED.sub(" ", fold(text)).replace("’", "'")
    words = _WORD.findall(unquoted)
    if not words:
        return None
    letters = "".join(words)
    if len(_LATIN.findall(letters)) * 2 < len(letters):
        return next(code for code, pattern in _LETTERS if pattern.search(letters))
    return _by_words(words, unquoted, likely)


def foreign_language(text: str, likely: str | None = None) -> str | None:
    """Return the code of a language other than English; None for English and in doubt."""
    found = language_of(text, likely)
    return None if found == ENGLISH else found


def _greets_in(words: list[str], likely: str | None) -> str | None:
    """Return the language of a bare greeting; what two languages share is in the likely one, else in the first."""
    if len(words) > MOST_WORDS_OF_A_GREETING or not _ENGLISH_WORDS.isdisjoint(words):
        return None
    codes = [code for code, greetings in _GREETINGS.items() if words[0] in greetings]
    return likely if likely in codes else next(iter(codes), None)


def _by_words(words: list[str], text: str, likely: str | None) -> str | None:
    if greets := _greets_in(words, likely):
        return greets
    scores = {code: _points(code, words, text) for code in _SMALL_WORDS}
    english = sum(word in _ENGLISH_WORDS for word in words)
    code = max(scores, key=lambda one: (scores[one], one == likely))
    best = scores[code]
    if likely in scores and best < scores[likely] + _LEAD_OF_ANOTHER:
        code, best = likely, scores[likely]
    if best >= _FEWEST_POINTS and best > english and best >= _LEAST_SHARE * len(words):
        return code
    return ENGLISH if english >= _FEWEST_POINTS and english >= _LEAST_SHARE * len(words) and english > best else None


def _points(code: str, words: list[str], text: str) -> int:
    strong = sum(word in _STRONG_WORDS[code] for word in words)
    small = sum(word in _SMALL_WORDS[code] for word in words)
    marks = sum(bool(pattern.search(text)) for marked, pattern in _MARKS if marked == code)
    return strong * _POINTS_OF_A_STRONG_WORD + small + marks
