"""The parts in which an answer from the manual is said: its words, and links to its section and to near ones."""

from bot.dialogue.evidence import Answer, ManualResult


def answer_text(answer: Answer) -> str:
    """Return the answer's lines in our notation, steps with their numbers."""
    if answer.kind != "steps":
        return "\n".join(answer.lines)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(answer.lines, answer.first))


def link_of(answer: Answer) -> dict[str, str]:
    """Return the card that links to the answer's section, or to where its steps go on, with its picture."""
    title = f"Continue at step {answer.first + len(answer.lines)}: {answer.title}" if answer.more_url else answer.title
    picture = {"picture": answer.picture, "picture_text": answer.picture_text} if answer.picture else {}
    return {"title": title, "url": answer.more_url or answer.url, "excerpt": "", **picture}


def links_of(answer: Answer, found: ManualResult) -> list[dict[str, str]]:
    """Return the answer's link, and one to each near section."""
    return [link_of(answer), *({**card, "title": f"Also: {card['title']}"} for card in found.cards[1:])]
