"""Read wishes for confidence, and questions about who reads, in the other languages that we answer in.

A sentence that names somebody, denies, and has a verb of learning or telling is a wish, in whatever order; to see or to
read counts only beside a verb that allows or forbids, since a report that nobody can see is trouble.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SENTENCE = re.compile(r"[^.!?;:\n]{1,400}")


@dataclass(frozen=True)
class _Words:
    """The words of one language: ``phrases`` are wishes by themselves, ``readers`` questions about who reads."""

    somebody: str
    denies: str
    learns: str
    sees: str
    allows: str
    phrases: str
    readers: str


_LEXICON: Mapping[str, _Words] = {
    "de": _Words(
        somebody=r"chef(?:in|s)?|vorgesetzte\w*|kolleg\w+|geschäftsführ\w+|niemand\w*|keine[rmn]?|team|leitung|"
        r"abteilung|firma|jemand\w*|andere\w*|partner\w*|mann|frau|buchhalt\w+|büro",
        denies=r"nicht|nichts|kein\w*|niemand\w*|nie|niemals|ohne",
        learns=r"wissen|erfahren|erfährt|mitbekomm\w+|mitkrieg\w+|sag(?:en|t|e)?|erzähl\w*|verrat\w*|verraten|"
        r"weitersag\w*|weitererzähl\w*|weitergeb\w*|weitergibt|zeig(?:en|t|e)|zu ohren|rauskomm\w*|herauskomm\w*",
        sees=r"sehen|sieht|lesen|liest|mitlesen|mitliest",
        allows=r"darf|dürfen|soll|sollen|sollte|sollten|muss|müssen|möchte|will|bitte|damit",
        phrases=r"unter uns|im vertrauen|vertraulich\w*|diskret\w*|für sich (?:behalten)?|behalten sie (?:das|es|"
        r"dies)|"
        r"nur für (?:sie|den techniker|den support|ihre augen)|geheim(?: ?halten)?|streng geheim",
        readers=r"wer (?:\w+ ){0,2}(?:diesen chat|dieses gespräch|diese (?:nachrichten?|unterhaltung)|meine "
        r"nachrichten) (?:mit)?"
        r"(?:lesen|liest|sehen|sieht)|wer (?:kann |darf |alles |sonst |noch |eigentlich |hier |das |dies |mein\w* |"
        r"alles ){0,4}(?:hier )?"
        r"(?:mitlesen|mitliest|liest|lesen|sehen|sieht)|(?:liest|sieht) (?:hier )?(?:noch )?(?:jemand|mein\w* \w+)|"
        r"kann (?:mein\w*|unser\w*|jemand|sonst jemand) ?\w* ?(?:das |dies |diesen chat |hier )+(?:mit)?(?:lesen|"
        r"sehen)|"
        r"(?:ist|bleibt) (?:das|dieser chat|dieses gespräch) (?:hier )?(?:vertraulich|unter uns|privat)",
    ),
    "fr": _Words(
        somebody=r"chefs?|patronn?e?s?|supérieure?s?|collègues?|directeur|directrice|direction|personne|équipe|"
        r"associée?s?|mari|femme|employeur|bureau|comptable|autres|quelqu'un",
        denies=r"ne|n'\w+|pas|rien|jamais|sans|aucun\w*",
        learns=r"savoir|sache\w*|apprendre|apprenne\w*|dire|dites|dis|raconte\w*|parl\w+|révél\w+|montr\w+|"
        r"transmett\w+|"
        r"au courant|découvr\w+|informe\w*",
        sees=r"voir|voie|lire|lise",
        allows=r"doit|doivent|peut|peuvent|puisse\w*|faut|veux|voudrais|souhaite",
        phrases=r"entre nous|confidentiel\w*|en confidence|discrétion|discret\w*|gardez (?:cela|ça|ceci|le) (?:pour "
        r"vous|"
        r"secret)|que pour vous|seulement pour (?:vous|le technicien)|en secret",
        readers=r"qui (?:d'autre )?(?:peut |pourra |va )?(?:lire|lit|voir|voit)|(?:est-ce que )?(?:mon|ma|mes|"
        r"quelqu'un) ?\w* "
        r"(?:peut|peuvent|pourra)(?:-il|-elle|-ils)? (?:lire|voir) (?:ceci|cela|ça|cette conversation|ce chat|ce "
        r"que)|"
        r"(?:est-ce|ce chat est|cette conversation est)[- ](?:confidentiel\w*|privée?)",
    ),
    "es": _Words(
        somebody=r"jef[ea]s?|supervisor\w*|compañer[oa]s?|director\w*|nadie|equipo|soci[oa]s?|marido|mujer|empresa|"
        r"oficina|contable|otros|alguien|colegas?",
        denies=r"no|nada|nunca|jamás|sin|nadie|ningun\w*",
        learns=r"saber\w*|sepa\w*|enter\w+|decir\w*|diga\w*|dig[aá]n?le|contar\w*|cuent\w+|mostr\w+|muestr\w+|"
        r"revel\w+|"
        r"pasar\w*|descubr\w+|averig\w+",
        sees=r"ver\w{0,2}|vea\w*|leer\w{0,2}|lea\w*",
        allows=r"debe\w*|puede\w*|quiero|quisiera|que|por favor",
        phrases=r"entre nosotros|en confianza|confidencial\w*|en secreto|discreción|discret[oa]s?|solo para "
        r"(?:usted\w*|el técnico)|"
        r"guárde\w* (?:esto|el secreto)",
        readers=r"qui[eé]n(?:es)? (?:más )?(?:puede[n]? |va a |pueden )?(?:leer|lee|leen|ver|ve|ven)\w* (?:esto|"
        r"est[ea] \w+|lo que|aquí|"
        r"mis)|puede[n]? (?:mi|mis|alguien) ?\w* (?:leer|ver)\w* (?:esto|est[ea] \w+|lo que)|es (?:esto "
        r")?confidencial",
    ),
    "it": _Words(
        somebody=r"cap[oi]|superior[ei]|collegh?[ieao]|direttore|direttrice|direzione|nessuno|squadra|soci[oa]?|"
        r"marito|"
        r"moglie|ufficio|azienda|titolare|contabile|altri|qualcuno|datore",
        denies=r"non|niente|nulla|mai|senza|nessun\w*",
        learns=r"sap\w+|sappia\w*|scopr\w+|dir\w{0,3}|dica\w*|dite\w*|raccont\w+|mostr\w+|rivel\w+|inoltr\w+|"
        r"informat\w+",
        sees=r"veder\w*|veda\w*|legger\w*|legga\w*",
        allows=r"dev\w+|può|possono|possa\w*|voglio|vorrei|che",
        phrases=r"tra (?:di )?noi|in confidenza|confidenzial\w*|riservat\w+|in segreto|discrezione|discret[oa]|solo "
        r"per "
        r"(?:lei|voi|il tecnico)|(?:lo |se lo )?tenga per sé",
        readers=r"chi (?:altro )?(?:può |possono )?(?:leggere|legge|vedere|vede)\w* (?:questo|quest[ao] \w+|quello "
        r"che|qui|ciò|i miei)|"
        r"(?:il mio|la mia|i miei|qualcuno) ?\w* (?:può|possono) (?:leggere|vedere) (?:questo|quest[ao] \w+|quello "
        r"che|qui)|"
        r"(?:è|resta) (?:tutto )?(?:riservat[oa]|confidenziale) ?\?",
    ),
    "pt": _Words(
        somebody=r"chefes?|patr(?:ão|oa)|supervisor\w*|colegas?|diretor\w*|ninguém|equipe|equipa|sóci[oa]s?|marido|"
        r"mulher|empresa|escritório|contador\w*|contabilista|outros|alguém",
        denies=r"não|nada|nunca|jamais|sem|ninguém|nenhum\w*",
        learns=r"saber|saiba\w*|descobr\w+|descubr\w+|dizer|diga\w*|contar|conte\w*|mostr\w+|revel\w+|repass\w+|"
        r"inform\w+",
        sees=r"ver|veja\w*|ler|leia\w*",
        allows=r"deve\w*|pode\w*|quero|queria|gostaria|que|por favor",
        phrases=r"entre nós|em confidência|confidencial\w*|em segredo|discrição|discret[oa]s?|só para (?:você\w*|o "
        r"técnico|si)|"
        r"em sigilo|sigilos[oa]",
        readers=r"quem (?:mais )?(?:pode |vai )?(?:ler|lê|ver|vê)\w* (?:isto|isso|est[ea] \w+|ess[ea] \w+|o que|"
        r"aqui|as minhas)|"
        r"(?:meu|minha|meus|alguém) ?\w* (?:pode|podem) (?:ler|ver) (?:isto|isso|est[ea] \w+|o que)|"
        r"(?:isto|isso) (?:é|fica) confidencial",
    ),
    "nl": _Words(
        somebody=r"baas|bazin|chefs?|collega'?s?|leidinggevende\w*|directeur|directie|niemand|team|partner|man|vrouw|"
        r"kantoor|bedrijf|boekhoud\w+|anderen|iemand|werkgever",
        denies=r"niet|niets|niks|nooit|geen|niemand|zonder",
        learns=r"weten|hor(?:en|t)|hoort|zeg(?:gen|t)?|vertel\w*|ontdekk\w+|achter(?:komen|komt)?|doorvertel\w*|"
        r"laten zien|"
        r"doorgev\w+|erachter",
        sees=r"zien|ziet|lezen|leest|meelezen",
        allows=r"mag|mogen|moet|moeten|wil|zou|graag",
        phrases=r"onder ons|tussen ons|vertrouwelijk\w*|in vertrouwen|discreet|geheim(?:houden)?|alleen voor (?:u|"
        r"jullie|de "
        r"technicus)|hou(?:d|dt)? (?:dit|het) voor (?:u|je)zelf",
        readers=r"wie (?:kan |kunnen |mag |allemaal |nog |hier |dit |er |mijn ){0,4}(?:\w+ )?(?:meelezen|meeleest|"
        r"lezen|leest|zien|ziet)|"
        r"kan (?:mijn|iemand|onze) ?\w* (?:dit|deze chat|dit gesprek|hier) (?:mee)?(?:lezen|zien)|"
        r"is (?:dit|deze chat) vertrouwelijk",
    ),
    "pl": _Words(
        somebody=r"szef\w*|przełożon\w+|koleg\w+|koleż\w+|dyrekt\w+|nikt|nikomu|nikogo|zespół|wspólnik\w*|firmie|"
        r"biurze|"
        r"księgow\w+|inni|ktoś",
        denies=r"nie|nic|nigdy|nikt|nikomu|nikogo|bez",
        learns=r"wiedzieć|wiedzia\w+|dowiedzieć|dowie\w*|mów\w*|powie\w*|pokaz\w+|przekaz\w+|zdradz\w+",
        sees=r"widzieć|zobaczyć|czytać|przeczytać",
        allows=r"może|mogą|powin\w+|musi|chcę|proszę|żeby",
        phrases=r"między nami|poufn\w+|w zaufaniu|w tajemnicy|dyskretn\w+|tylko dla (?:pana|pani|technika)",
        readers=r"kto (?:jeszcze )?(?:może |to )?(?:przeczyta\w*|czyta\w*|widzi|zobaczy\w*) ?(?:to|tę|ten|co)?|czy "
        r"to jest poufne",
    ),
}


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w'])(?:{words})(?!\w)")


_SOMEBODY, _DENIES, _LEARNS, _SEES, _ALLOWS, _PHRASES, _READERS = (
    {code: _whole(getattr(words, name)) for code, words in _LEXICON.items()}
    for name in ("somebody", "denies", "learns", "sees", "allows", "phrases", "readers")
)


def wishes_abroad(plain: str, language: str | None) -> Iterator[tuple[int, int]]:
    """Yield where a folded text in this language asks for confidence."""
    if language is None or language not in _LEXICON:
        return
    for sentence in _SENTENCE.finditer(plain):
        words = sentence[0]
        is_question = bool(_READERS[language].search(words))
        if (_PHRASES[language].search(words) or _forbids(words, language)) and not is_question:
            yield sentence.span()


def _forbids(words: str, language: str) -> bool:
    """Return whether a sentence forbids that somebody learns or sees something."""
    if not (_SOMEBODY[language].search(words) and _DENIES[language].search(words)):
        return False
    sees = _SEES[language].search(words) and _ALLOWS[language].search(words)
    return bool(_LEARNS[language].search(words) or sees)


def readers_asked_abroad(plain: str, language: str | None) -> Iterator[tuple[int, int]]:
    """Yield where a folded text in this language asks who reads the conversation."""
    if language is not None and language in _LEXICON:
        for found in _READERS[language].finditer(plain):
            yield found.span()
