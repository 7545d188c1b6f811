"""Read what a message in another language is, by a small lexicon of forms for each language.

The order of ``FORMS`` is that of reading: what comes first counts. What has no form is a problem, or more of one.
"""

import re
from collections.abc import Mapping

from bot.triage.text.plain_text import fold

HARM, SWITCH, PERSON, PRICE, HOURS, WAIT, NOT_SOLVED, SOLVED, HOW_TO, NO_CONTACT = (
    "harm", "switch", "person", "price", "hours", "wait", "not_solved", "solved", "how_to", "no_contact",
)  # fmt: skip
THANKS, GOODBYE, GREETING, YES, NO, PROBLEM = "thanks", "goodbye", "greeting", "yes", "no", "problem"
STATUS, NEVER_MIND = "status", "never_mind"
FORMS = (
    HARM, SWITCH, NEVER_MIND, NO_CONTACT, PRICE, HOURS, STATUS, WAIT, PERSON, NOT_SOLVED, SOLVED, HOW_TO,
    THANKS, GOODBYE, GREETING, YES, NO,
)  # fmt: skip
# Somebody who is asked for, and a verb that brings one, in whatever order.
_SOMEBODY_WANTED: Mapping[str, tuple[str, str]] = {
    "de": (
        r"mensch\w*|mitarbeiter\w*|techniker\w*|berater\w*|kolleg\w+|ansprechpartner\w*|jemand\w*|person",
        r"verbinden sie|verbinde mich|durchstellen|stellen sie mich|weiterleiten|weiter verbinden|geben sie mir|"
        r"holen sie|rufen sie mich|hätte gern\w*|bekomme ich",
    ),
    "fr": (
        r"quelqu'un|technicien\w*|humain|conseill\w+|collègue|personne|opérateur|agent",
        r"passez[- ]moi|mettez[- ]moi|transférez[- ]moi|connectez[- ]moi|donnez[- ]moi|je peux avoir|puis-je avoir|"
        r"être mis en relation|qu'on m'appelle|rappelez",
    ),
    "es": (
        r"alguien|técnic\w+|human\w+|persona|agente|asesor\w*|operador\w*|compañer\w+",
        r"p[aá]s[ea]me|p[oó]ng[ae]me|comun[ií]que\w*|conect\w+|transfi[eé]r\w+|deme|d[ée]me|me pueden? pasar|me "
        r"atienda|que me llame",
    ),
    "it": (
        r"qualcuno|tecnic\w+|umano|persona|operatore|consulente|collega",
        r"mi (?:passi|passate|metta|colleghi|trasferisca)|passatemi|mi faccia parlare|mi dia|posso avere|vorrei "
        r"parlare",
    ),
    "pt": (
        r"alguém|técnic\w+|human\w+|pessoa|atendente|operador\w*|colega|assistente",
        r"pass[ea]-?\s?me|me passe|transfir\w+|me coloque|ponha-me|ligue-me|me conecte|encaminh\w+ me|dê-me|me dê",
    ),
    "nl": (
        r"iemand|medewerker|technicus|persoon|mens|collega|adviseur",
        r"verbind|doorverbind\w*|verbinden|geef (?:me|mij)|krijg ik|schakel \w+ door|laat \w+ mij bellen|bel (?:me|"
        r"mij)",
    ),
}
_ASKS_FOR = {code: rf"\b(?:{verb})\b.{{0,60}}\b(?:{noun})\b" for code, (noun, verb) in _SOMEBODY_WANTED.items()}
_LEXICON: Mapping[str, Mapping[str, str]] = {
    "de": {
        HARM: r"(?:rechnung|daten|buchung|kunde|datei|firma|alles|sicherung|beleg|konto|konten|eintr[aä]g|"
        r"bilanz)\w*.{0,60}"
        r"(?:verschwunden|gelöscht|\bweg\b|verloren|nicht mehr da|überschrieben|beschädigt|futsch)|"
        r"(?:gelöscht|verloren|überschrieben).{0,40}(?:rechnung|daten|buchung|datei|alles)|datenverlust",
        SWITCH: r"\b(?:auf|in) deutsch\b|\bsprechen sie deutsch\b|\bdeutsch (?:weiter|sprechen|schreiben)",
        NEVER_MIND: r"\b(?:vergessen sie (?:es|das)|vergiss es|egal|lassen (?:sie|wir) (?:es|das)(?: gut sein)?|"
        r"schon gut|nicht mehr nötig|brauche ich nicht mehr|hat sich erübrigt|abbrechen)\W*(?:$|[,.;])",
        NO_CONTACT: r"\b(?:keine|lieber keine) (?:e-?mail|adresse|telefon\w*|nummer)|\bnur (?:hier|in diesem|"
        r"dieser) ?(?:im )?"
        r"(?:chat)?\b|\blieber nicht\b",
        PRICE: r"\bkoste(?:t|n)\b|\b(?:stunden)?preise?\b.*\?|\bwas (?:verlangen|berechnen|nehmen) sie\b|"
        r"\btarife?\b|\bgebühr|\bkostenlos\b|\bstundensatz\b|\bzahlen\b.*\?",
        HOURS: r"\böffnungszeit|\bbürozeit|\bwann\b.*\b(?:da|erreichbar|geöffnet|offen|besetzt)\b|\bbis wann\b|"
        r"\bgeöffnet\b.*\?",
        STATUS: r"\bwie (?:steht|weit|sieht|ist der stand)\b.*\b(?:fall|anliegen|ticket|problem|sache|anfrage|"
        r"meldung|"
        r"vorgang|auftrag|tr-)|"
        r"\bgibt es (?:schon |etwas )*neues\b|"
        r"\bstatus\b.*\?",
        WAIT: r"\bwie ?lange\b|\bwann\b.*\b(?:antwort\w*|melde\w*|jemand|dran|hilft)\b|\bwartezeit|\bwie weit\b",
        PERSON: rf"{_ASKS_FOR['de']}|"
        r"\b(?:mensch|mitarbeiter|techniker|jemand|person|berater|kollege)\w*\b.*\b(?:sprechen|reden|"
        r"verbinden|"
        r"anruf\w*|schreiben|bitte)|\b(?:brauche|möchte|will)\b.*\b(?:mensch|mitarbeiter|techniker|person|"
        r"berater)\w*|"
        r"\brufen sie mich\b|\brückruf|\b(?:mensch|mitarbeiter|techniker)\w* bitte",
        NOT_SOLVED: r"\b(?:nicht|noch immer|immer noch|leider)\b.*\b(?:geklappt|geholfen|gelöst)\b|\bhilft "
        r"(?:mir )?nicht\b|"
        r"\b(?:geht|funktioniert|klappt) (?:immer noch|leider|noch immer|trotzdem) nicht\b",
        SOLVED: r"\b(?:geklappt|geholfen|gelöst|erledigt)\b|\b(?:klappt|geht|läuft|funktioniert) (?:jetzt|"
        r"wieder|nun)\b",
        HOW_TO: r"\bwie (?:kann|könn|mach|geh|drück|leg|erstell|richt|stell|bekomm|änder|lösch|find|druck|"
        r"exportier|importier|"
        r"füg|schick|send|buch|erfass|lass|muss|soll|funktioniert|öffn|wird|werden|storni|trag|verschick|\w+ "
        r"(?:ich|wir|man))\w*|"
        r"\bwo (?:find|kann|ist|sind|steh|stell|seh)\w*|\b(?:kann|können) (?:ich|man|wir)\b.*\?|\bist es "
        r"möglich\b|\bgibt es\b.*\?",
        THANKS: r"\b(?:danke|vielen dank|herzlichen dank|dankeschön|besten dank)\b",
        GOODBYE: r"\b(?:auf wiedersehen|tschüss?|schönen tag noch|bis bald)\b",
        GREETING: r"hallo|guten (?:tag|morgen|abend)|grüß gott|moin|servus|hilfe|können sie mir (?:bitte "
        r")?helfen|helfen sie mir",
        YES: r"^\W*(?:ja|genau|richtig|jawohl)\b.{0,15}$",
        NO: r"^\W*(?:nein|nee|nö)\b.{0,15}$",
    },
    "fr": {
        HARM: r"(?:facture|donnée|écriture|client|fichier|dossier|sauvegarde|compte|tout)\w*.{0,60}(?:dispar|"
        r"supprim|effac|perdu|"
        r"écras|endommag)|(?:supprimé|effacé|perdu|écrasé).{0,40}(?:facture|donnée|fichier|écriture|tout)|perte "
        r"de données",
        SWITCH: r"\ben français\b|\bparlez[- ]vous français\b",
        NEVER_MIND: r"\b(?:laissez tomber|laisse tomber|oubliez (?:ça|cela|ma \w+)|peu importe|tant pis|plus "
        r"nécessaire|ce n'est pas grave|annulez|annuler)\W*(?:$|[,.;])",
        NO_CONTACT: r"\bpas d'(?:e-?mail|adresse)|\b(?:seulement|juste|uniquement) (?:ici|ce chat|dans ce chat)|"
        r"\bje préfère pas\b",
        PRICE: r"\bcombien\b.*\b(?:coût|cout|pay|prix|factur)\w*|\bcoûte?\b|\btarifs?\b|\bprix\b|\bpayant|\bgratuit",
        HOURS: r"\b(?:jusqu'à|à|dès) quelle heure\b|\bêtes-vous (?:encore )?(?:là|ouverts?)\b|\bhoraires?\b|"
        r"\bheures d'ouverture\b|\bouverts?\b.*\?|\bquand\b.*\b(?:ouvert|disponible|joignable)",
        STATUS: r"\b(?:où|ou) en (?:est|êtes|sommes)\b|\bdes nouvelles\b|\bstatut de\b|\bavancement\b",
        WAIT: r"\bcombien de temps\b|\bquand\b.*\b(?:répon|réponse|rappel|quelqu'un)|\btemps d'attente\b|"
        r"\battendre\b.*\?",
        PERSON: rf"{_ASKS_FOR['fr']}|"
        r"\b(?:parler|échanger|discuter|joindre)\b.*\b(?:quelqu'un|personne|technicien|humain|"
        r"conseiller)|\b(?:besoin|veux|"
        r"voudrais)\b.*\b(?:technicien|humain|conseiller|personne)\b|\brappel(?:ez|er)[- ]moi\b|\bun (?:humain|"
        r"technicien)\b.*"
        r"(?:plaît|svp)",
        NOT_SOLVED: r"\b(?:n'a pas|ça n'a pas|toujours pas|n'est pas|ne m'a pas)\b.*\b(?:marché|fonctionné|aidé|"
        r"résolu|réglé)\b|"
        r"\btoujours pas\b|\bça ne (?:marche|fonctionne) (?:toujours )?pas\b",
        SOLVED: r"\b(?:ça|cela|c'est|tout|a)\b.*\b(?:marché|fonctionné|aidé|résolu|réglé|bon maintenant)\b|\bça "
        r"(?:marche|fonctionne)"
        r" (?:maintenant|de nouveau|bien)?\b",
        HOW_TO: r"\bcomment\b|\boù (?:puis|est|sont|se|trouve|peut|dois)|\b(?:peut|puis|peux|pouvons)[- ](?:on|"
        r"je|nous)\b.*\?|"
        r"\best[- ]ce (?:possible|qu'on peut|que je peux)|\best-il possible\b",
        # "Merci d'enregistrer ceci" asks; "merci de votre aide" thanks.
        THANKS: r"\bmerci\b(?! d(?:e |')(?![nv]otre\b)\w{2,20}(?:er|ir|re)\b)",
        GOODBYE: r"\bau revoir\b|\bbonne journée\b|\bà bientôt\b",
        GREETING: r"bonjour|bonsoir|salut|au secours|à l'aide|aidez[- ]moi|pouvez[- ]vous m'aider",
        YES: r"^\W*(?:oui|exact\w*|d'accord)\b.{0,15}$",
        NO: r"^\W*non\b.{0,15}$",
    },
    "es": {
        HARM: r"(?:factura|dato|asiento|cliente|fichero|archivo|copia|cuenta|todo)\w*.{0,60}(?:desaparec|borrad|"
        r"eliminad|perdid|"
        r"sobrescrit|dañad)|(?:borrado|borré|eliminado|perdido|desaparecido).{0,40}(?:factura|dato|archivo|"
        r"fichero|todo)|"
        r"pérdida de datos",
        SWITCH: r"\ben (?:español|castellano)\b|\bhabla(?:n)? (?:usted(?:es)? )?español\b",
        NEVER_MIND: r"\b(?:olv[ií]del[oa]|olvida(?:lo)?|d[ée]jelo|d[ée]jalo|no importa|da igual|ya no hace falta|no "
        r"es nada|cancelar)\W*(?:$|[,.;])",
        NO_CONTACT: r"\bsin (?:correo|email|e-mail)|\bno tengo (?:correo|email)|\bsolo (?:aquí|este chat|por "
        r"este chat|por aquí)\b|"
        r"\bprefiero no\b",
        PRICE: r"\bcu[aá]nto\b.*\b(?:cuesta|vale|sale|cobra|pag)\w*|\bprecios?\b|\btarifas?\b|\bgratis\b|"
        r"\bgratuito\b",
        HOURS: r"\bqu[eé] horario\b|\bhasta (?:qu[eé] hora|cu[aá]ndo)\b|\bhorarios?\b|\bhoras de (?:oficina|"
        r"atención)\b|\ba qu[eé] hora\b|\bcu[aá]ndo\b.*\b(?:abren|"
        r"abre|abiert[oa]s?|están)\b",
        STATUS: r"\bc[oó]mo va\b|\b(?:hay|alguna) (?:novedad|noticia)\w*|\bestado de (?:mi|su|la)\b",
        WAIT: r"\bcu[aá]nto (?:tiempo|tarda|hay que esperar|falta)|\bcu[aá]ndo\b.*\b(?:respond|contest|llam|"
        r"atiend|alguien)|"
        r"\btiempo de espera\b|\besperar\b.*\?",
        PERSON: rf"{_ASKS_FOR['es']}|"
        r"\bhablar\b.*\b(?:alguien|persona|técnico|humano|agente|asesor)|\b(?:necesito|quiero|"
        r"quisiera)\b.*\b(?:técnico|"
        r"humano|persona|agente|asesor)\b|\bll[aá]m[ae]n?me\b|\bque me llamen\b|\bun (?:humano|técnico)\b.*por favor",
        NOT_SOLVED: r"\bno\b.*\b(?:funcionó|ha funcionado|ayudó|resuelto|solucionado|sirve|sirvió)\b|\b(?:sigue|"
        r"todavía|aún) "
        r"(?:sin|no)\b.*\b(?:funcion|solucion|resuel)\w*|\bsigue igual\b",
        SOLVED: r"\b(?:funcionó|ha funcionado|resuelto|solucionado|arreglado|me ha servido)\b|\bya (?:funciona|"
        r"está|va)\b",
        HOW_TO: r"\bc[oó]mo\b|\bd[oó]nde (?:puedo|está|están|encuentro|se)|\b(?:puedo|podemos|se puede)\b.*\?|"
        r"\bes posible\b",
        THANKS: r"\bgracias\b",
        GOODBYE: r"\b(?:adiós|hasta luego|hasta pronto)\b",
        GREETING: r"hola|muy buenas|buenos días|buenas(?: tardes| noches)?|ayuda|socorro|auxilio|puede "
        r"ayudarme",
        YES: r"^\W*(?:sí|si|claro|exacto|correcto)\b.{0,15}$",
        NO: r"^\W*no\b.{0,10}$",
    },
    "it": {
        HARM: r"(?:fattur|dat[io]|registrazion|client|file|archiv|backup|cont[io]|tutto)\w*.{0,60}(?:spari|"
        r"scompars|cancellat|pers[oiae]\b|"
        r"sovrascritt|danneggiat)|(?:cancellato|perso|eliminato|sovrascritto|spari\w+|"
        r"scompars\w).{0,40}(?:fattur|dati|file|archivi|"
        r"tutto)|perdita di dati",
        SWITCH: r"\bin italiano\b|\bparla(?:te)? italiano\b",
        NEVER_MIND: r"\b(?:lasci (?:stare|perdere)|lascia (?:stare|perdere)|non importa|fa niente|fa lo stesso|non "
        r"serve più|dimentichi|annulla)\W*(?:$|[,.;])",
        NO_CONTACT: r"\bniente (?:e-?mail|indirizzo)|\bsolo (?:qui|questa chat|in chat)\b|\bpreferisco (?:di "
        r")?no\b|\bnon ho (?:una )?e-?mail",
        PRICE: r"\bquanto\b.*\b(?:costa|costano|pag|prezzo)\w*|\bprezz[oi]\b|\btariff[ae]\b|\bgratis\b|"
        r"\bgratuit[oa]\b",
        HOURS: r"\borari[o]?\b|\bquando\b.*\b(?:apert|disponibil|raggiungibil)|\bfino a che ora\b|\ba che ora\b",
        STATUS: r"\ba che punto\b|\b(?:ci sono|qualche) (?:novità|notizi\w+)|"
        r"\bstato del(?:la)? (?:mi[oa]|richiesta|caso)\b",
        WAIT: r"\bquanto (?:tempo|ci vuole|devo aspettare|manca|si aspetta)|\bquando\b.*\b(?:rispond|richiam|"
        r"qualcuno)|\btempi? di attesa\b",
        PERSON: rf"{_ASKS_FOR['it']}|"
        r"\bparlare\b.*\b(?:qualcuno|persona|tecnico|umano|operatore)|\b(?:ho bisogno|vorrei|"
        r"voglio)\b.*\b(?:tecnico|umano|persona|"
        r"operatore)\b|\b(?:mi )?(?:chiami|chiamate|richiamate)(?:mi)?\b|\bun (?:operatore|tecnico)\b.*per favore",
        NOT_SOLVED: r"\bnon\b.*\b(?:ha funzionato|aiutato|risolto|funziona ancora|è servito)\b|\bancora non "
        r"funziona\b",
        SOLVED: r"\b(?:ha funzionato|risolto|sistemato|mi ha aiutato)\b|\b(?:ora|adesso) funziona\b|\bfunziona "
        r"(?:ora|adesso|di nuovo)\b",
        HOW_TO: r"\bcome (?:posso|si|faccio|possiamo|fare|devo|stamp|cre|import|esport|agg|cambi|invi|annull|"
        r"facciamo)\w*|\bdove (?:posso|si|è|"
        r"sono|trovo)\b|\b(?:posso|possiamo|si può)\b.*\?|\bè possibile\b",
        THANKS: r"\bgrazie\b",
        GOODBYE: r"\b(?:arrivederci|arrivederla|buona giornata)\b",
        GREETING: r"buongiorno|buonasera|salve|aiuto|può aiutarmi|potete aiutarmi|buon giorno",
        YES: r"^\W*(?:sì|si|certo|esatto)\b.{0,15}$",
        NO: r"^\W*no\b.{0,10}$",
    },
    "pt": {
        HARM: r"(?:fatura|dado|lançamento|cliente|ficheiro|arquivo|cópia|conta|tudo)\w*.{0,60}(?:desaparec|sumi|"
        r"apagad|eliminad|excluíd|perdid|"
        r"danificad)|(?:apaguei|apagado|perdi|perdemos|eliminei|excluí|desapareceram|sumiram).{0,40}(?:fatura|"
        r"dado|ficheiro|arquivo|"
        r"tudo)|perda de dados",
        SWITCH: r"\bem português\b|\bfalam? português\b",
        NEVER_MIND: r"\b(?:esque[çc]a(?: isso)?|deixe? (?:pra lá|para lá|estar|lá)|deixa (?:pra lá|estar)|não "
        r"importa|tanto faz|já não (?:é )?preciso|não precisa mais|cancelar)\W*(?:$|[,.;])",
        NO_CONTACT: r"\bsem (?:e-?mail|correio)|\bnão tenho e-?mail|\b(?:só|apenas|somente) (?:aqui|este chat|"
        r"por aqui|neste chat)\b|\bprefiro não\b",
        PRICE: r"\bquanto\b.*\b(?:custa|custam|cobra|pag)\w*|\bpreços?\b|\btarifas?\b|\bgrátis\b|\bgratuito\b",
        HOURS: r"\b(?:até )?que horas\b|\baté quando\b|\bhorários?\b|\ba que horas\b|\bquando\b.*\b(?:abrem|abre|"
        r"abert[oa]s?|disponíve\w*|atendem)\b|"
        r"\bestão abertos\b",
        STATUS: r"\bcomo (?:está|vai) (?:o|a) (?:meu|minha|nosso|nossa)\b|\b(?:há|alguma) novidade\w*|"
        r"\bestado do (?:meu|pedido)\b",
        WAIT: r"\bquanto tempo\b|\bquando\b.*\b(?:respond|contact|lig|alguém)|\btempo de espera\b|"
        r"\besperar\b.*\?|\bdemora\b",
        PERSON: rf"{_ASKS_FOR['pt']}|"
        r"\bfalar\b.*\b(?:alguém|pessoa|técnico|humano|atendente|assistente)|\b(?:preciso|quero|"
        r"gostaria)\b.*\b(?:técnico|humano|pessoa|"
        r"atendente)\b|\b(?:me ligue|liguem-me|ligue-me|me liguem)\b|\bum (?:humano|técnico)\b.*por favor",
        NOT_SOLVED: r"\bnão\b.*\b(?:funcionou|ajudou|resolveu|resolvido|deu certo)\b|\b(?:ainda|continua) "
        r"(?:não|sem|a não)\b",
        SOLVED: r"\b(?:funcionou|deu certo|resolvido|resolveu|ajudou)\b|\b(?:já|agora) (?:funciona|está a "
        r"funcionar)\b",
        HOW_TO: r"\bcomo (?:posso|faço|faz|se|podemos|é que|fazer|consigo|imprim|cri|import|export|adicion|"
        r"alter|envi|anul)\w*|\bonde (?:posso|está|estão|"
        r"fica|encontro|vejo)\b|\b(?:posso|podemos|pode-se|dá para)\b.*\?|\bé possível\b",
        THANKS: r"\bobrigad[oa]\b",
        GOODBYE: r"\b(?:adeus|até logo|até breve|tchau)\b",
        GREETING: r"olá|bom dia|boa (?:tarde|noite)|oi|ajuda|socorro|pode (?:me )?ajudar",
        YES: r"^\W*(?:sim|claro|exato|correto)\b.{0,15}$",
        NO: r"^\W*não\b.{0,10}$",
    },
    "nl": {
        HARM: r"(?:factu|gegevens|boeking|klant|bestand|back-?up|administratie|alles)\w*.{0,60}(?:verdwenen|"
        r"gewist|verwijderd|\bkwijt\b|\bweg\b|"
        r"overschreven|beschadigd)|(?:verwijderd|gewist|kwijtgeraakt|verdwenen).{0,40}(?:factu|gegevens|bestand|"
        r"alles)|"
        r"\bkwijt\b.*\bgegevens",
        SWITCH: r"\bin het nederlands\b|\bspreekt u nederlands\b|\bnederlands (?:verder|praten|schrijven)",
        NEVER_MIND: r"\b(?:laat maar(?: zitten)?|vergeet het|maakt niet uit|niet meer nodig|hoeft niet meer|geeft "
        r"niet|annuleren)\W*(?:$|[,.;])",
        NO_CONTACT: r"\bgeen (?:e-?mail|adres|telefoon)|\balleen (?:hier|deze chat|in deze chat)\b|\bliever niet\b",
        PRICE: r"\bkost(?:en)?\b.*\?|\bwat kost\b|\bhoeveel\b.*\b(?:kost|betaal)|\bprij(?:s|zen)\b|\btarie(?:f|"
        r"ven)\b|\bgratis\b",
        HOURS: r"\bopeningstijden\b|\bkantooruren\b|\bwanneer\b.*\b(?:open|bereikbaar|aanwezig)\b|\btot hoe laat\b",
        STATUS: r"\bhoe (?:staat|ver|zit)\b.*\b(?:melding|zaak|ticket|probleem|ermee)|"
        r"\b(?:al )?nieuws over\b|\bstatus van\b",
        WAIT: r"\bhoe ?lang\b|\bwanneer\b.*\b(?:antwoord|reageer|iemand|gebeld)\w*|\bwachttijd",
        PERSON: rf"{_ASKS_FOR['nl']}|"
        r"\b(?:iemand|medewerker|persoon|technicus|mens)\b.*\b(?:spreken|praten|bellen|graag)|\b(?:wil|"
        r"graag|nodig)\b.*\b(?:medewerker|"
        r"technicus|persoon|mens)\b|\b(?:spreken|praten) met\b|\bbel(?:t u)? mij\b",
        NOT_SOLVED: r"\bniet\b.*\b(?:gelukt|geholpen|opgelost|gewerkt)\b|\b(?:nog steeds|nog altijd) niet\b|"
        r"\bwerkt (?:nog|helaas) niet\b",
        SOLVED: r"\b(?:gelukt|geholpen|opgelost)\b|\bwerkt (?:nu|weer)\b|\bdoet het (?:nu|weer)\b",
        HOW_TO: r"\bhoe (?:kan|moet|maak|druk|doe|krijg|stel|voeg|importeer|exporteer|verander|wijzig|verstuur|"
        r"vind|werkt|zet|boek|\w+ ik|\w+ we)\b|"
        r"\bwaar (?:kan|vind|staat|is|zijn)\b|\bkan (?:ik|men|je)\b.*\?|\bis het mogelijk\b",
        THANKS: r"\b(?:bedankt|dank u|dank je|dankjewel|hartelijk dank)\b",
        GOODBYE: r"\b(?:tot ziens|fijne dag)\b",
        GREETING: r"hallo|goede(?:morgen|middag|navond)|goeden? ?(?:dag|avond)|dag|help|kunt u mij helpen",
        YES: r"^\W*(?:ja|klopt|precies)\b.{0,15}$",
        NO: r"^\W*nee\b.{0,15}$",
    },
    "pl": {
        HARM: r"(?:faktur|dane|danych|księgowa|klien|plik|kopi|wszystk)\w*.{0,60}(?:znik|usuni|skasowa|utraco|"
        r"nadpisa|uszkodz)|"
        r"(?:usunąłem|usunęłam|skasowałem|skasowałam|straciliśmy|zniknęły|zniknęła).{0,40}(?:faktur|dane|plik|"
        r"wszystk)|utrata danych",
        SWITCH: r"\bpo polsku\b",
        NEVER_MIND: r"\b(?:nieważne|nieistotne|proszę zapomnieć|już nie trzeba|nic takiego|anuluj)\W*(?:$|[,.;])",
        NO_CONTACT: r"\bnie mam (?:e-?maila|adresu)|\bbez (?:e-?maila|adresu)|\btylko (?:tutaj|tu|ten czat|na "
        r"czacie)\b|\bwolę nie\b",
        PRICE: r"\bile\b.*\b(?:kosztuje|kosztują|płac|zapłac)\w*|\bcen[ay]\b|\bcennik|\bza darmo\b|\bbezpłatn",
        HOURS: r"\bgodziny (?:pracy|otwarcia)\b|\bw jakich godzinach\b|\bkiedy\b.*\b(?:otwar|dostępn|czynn)|"
        r"\bdo której\b",
        STATUS: r"\bjaki jest (?:stan|status)\b|\bco z (?:moim|moją|naszym)\b|\bna jakim etapie\b|\bsą jakieś "
        r"wieści\b",
        WAIT: r"\bjak długo\b|\bile\b.*\b(?:czeka|czasu)|\bkiedy\b.*\b(?:odpowi|zadzwoni|ktoś)|\bczas oczekiwania\b",
        PERSON: r"\b(?:rozmawiać|porozmawiać|rozmowę|kontakt|połączyć)\b.*\b(?:kimś|człowiekiem|technikiem|"
        r"konsultantem|"
        r"osobą|pracownikiem)|\b(?:chcę|"
        r"potrzebuję|proszę)\b.*\b(?:człowieka|technika|konsultanta)\b|\bzadzwońcie\b|\bproszę o telefon\b",
        NOT_SOLVED: r"\bnie\b.*\b(?:pomogło|zadziałało|rozwiązan|udało)\w*|\b(?:nadal|wciąż|dalej) nie\b",
        SOLVED: r"\b(?:pomogło|zadziałało|rozwiązan[ey]|udało się)\b|\b(?:już|teraz) działa\b",
        HOW_TO: r"\bjak (?:mogę|można|zrobić|wydruk|druk|doda|utworzy|zaimport|wyeksport|zmieni|wysła|usun|"
        r"znale|ustaw|się)\w*|\bgdzie (?:mogę|jest|są|"
        r"znajdę|można)\b|\bczy (?:mogę|można|da się)\b",
        THANKS: r"\b(?:dziękuję|dzięki|dziękujemy)\b",
        GOODBYE: r"\b(?:do widzenia|miłego dnia)\b",
        GREETING: r"dzień dobry|dobry wieczór|witam|cześć|pomocy",
        YES: r"^\W*(?:tak|zgadza się|dokładnie)\b.{0,15}$",
        NO: r"^\W*nie\b.{0,10}$",
    },
}


def _pattern(form: str, words: str) -> str:
    """Return the pattern of a form; a greeting says hardly anything else."""
    return rf"^\W*(?:{words})(?:\W+(?:{words}))?(?:\W+\w+){{0,2}}\W*$" if form == GREETING else words


_READERS = {
    code: tuple((form, re.compile(_pattern(form, forms[form]), re.DOTALL)) for form in FORMS)
    for code, forms in _LEXICON.items()
}
_LONGEST = 2_000
_ENDS_ASKING = re.compile(r"\w{3,}[^?]{0,40}\?\s*\Z")
# A question with a negation tells of trouble in most: "why does it not print?".
_DENIES = re.compile(
    r"\b(?:nicht|kein\w*|nichts|ne|pas|plus|rien|aucun\w*|no|nada|ning[uú]n\w*|nunca|non|niente|nessun\w*|niet|geen|"
    r"niets|n[aã]o|"
    r"nenhum\w*|nie|fehler\w*|erreur\w*|error\w*|errore|fout\w*|erro)\b"
)
# What would end something ends nothing beside a denial, a "but", an "only" or a "yesterday"; that nothing more is
# wanted is no denial.
_ENDING = (SOLVED, THANKS, YES, GOODBYE)
_HOLDS_BACK = re.compile(
    r",\s{0,2}ma\b|\b(?:nur|seulement|s[oó]lo|solamente|soltanto|só|apenas|alleen|slechts|tylko|aber|jedoch|sondern|"
    r"gestern|außer|mais|sauf|hier soir|pero|sino|ayer|salvo|però|ieri|tranne|mas|"
    r"porém|"
    r"ontem|exceto|maar|echter|gisteren|behalve|ale|lecz|wczoraj)\b|\bhier\b[^.?!\n]{0,12}\b(?:ça|ca|c'était)\b"
)
_NOTHING_MORE = re.compile(
    r"\b(?:keine (?:weiteren )?fragen|nichts (?:weiter|mehr)|mehr (?:brauche|wollte) ich nicht|(?:rien|plus) "
    r"(?:d'autre|de question\w*)|"
    r"nada m[aá]s|ninguna (?:otra )?pregunta|nient'altro|nessun'altra|niente altro|mais nada|nenhuma (?:outra "
    r")?(?:dúvida|pergunta)|"
    r"niets (?:meer|anders)|geen (?:verdere )?vragen|nic więcej|kein problem\w*|pas de problème|sin problemas?|"
    r"senza problemi|"
    r"sem problemas?|geen probleem)\b"
)


def form_of(text: str, language: str) -> str:
    """Return what a message in another language is: one of ``FORMS``, else a problem."""
    folded = fold(text[:_LONGEST]).replace("’", "'")
    found = next(((form, pattern) for form, pattern in _READERS.get(language, ()) if pattern.search(folded)), None)
    if found is None:
        return HOW_TO if _ENDS_ASKING.search(folded) and not _DENIES.search(folded) else PROBLEM
    form, pattern = found
    if form in _ENDING and _is_held_back(folded):
        return NOT_SOLVED
    asks_besides = form in (THANKS, YES, NO, SOLVED) and _ENDS_ASKING.search(pattern.sub(" ", folded))
    return HOW_TO if asks_besides and not _DENIES.search(pattern.sub(" ", folded)) else form


def _is_held_back(folded: str) -> bool:
    """Return whether a word denies the success or the thanks that others state."""
    return bool(_HOLDS_BACK.search(folded) or _DENIES.search(_NOTHING_MORE.sub(" ", folded)))
