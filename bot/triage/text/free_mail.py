"""Mail domains where anybody gets an address: having one there proves nothing about a company."""

from bot.triage.text.plain_text import word_set

FREE_MAIL = word_set(
    """
    126.com 139.com 163.com aim.com aol.com att.net bell.net bellsouth.net bigpond.com bluewin.ch bol.com.br
    btinternet.com charter.net comcast.net cox.net daum.net duck.com earthlink.net email.com fastmail.com
    foxmail.com free.fr freenet.de gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net
    hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com
    inbox.com interia.pl juno.com laposte.net libero.it live.ca live.co.uk live.com live.fr live.nl mac.com
    mail.com mail.ru mailinator.com me.com msn.com naver.com netzero.net ntlworld.com o2.pl online.de
    optonline.net optusnet.com.au orange.fr outlook.com outlook.de outlook.fr pm.me posteo.de protonmail.ch
    protonmail.com proton.me qq.com rediffmail.com rocketmail.com rogers.com sbcglobal.net seznam.cz sfr.fr
    shaw.ca sina.com sky.com swissonline.ch sympatico.ca t-online.de talktalk.net telia.com telus.net
    terra.com.br tutanota.com tuta.io uol.com.br verizon.net virgilio.it virginmedia.com wanadoo.fr web.de
    windstream.net wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br
    yahoo.de yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru yeah.net ymail.com zoho.com ziggo.nl
    """
)


def is_free_mail(domain: str) -> bool:
    """Whether everybody can have an address at the domain, or at one above it."""
    parts = domain.strip().lower().rstrip(".").split(".")
    return any(".".join(parts[place:]) in FREE_MAIL for place in range(len(parts) - 1))
