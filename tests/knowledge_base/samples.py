"""Pages that several tests index."""

from knowledge_base.pages import Page, page_from_markdown

REPRINT = """---
title: Reprint an invoice
chapter: Invoices
order: 1
---
An issued invoice can be printed again at any time; its number does not change.

## Reprint one invoice

1. Choose **Customers > Invoices**.
2. Find the invoice and choose *Print Again*.
3. The copy says "Copy" at the top.

## What can go wrong

- **QB-2107, printing stopped.** The printer's driver crashed. Install a new one.
"""

BACKUP = """---
title: Back up your company
chapter: Backup and restore
order: 2
---
## Make a backup

Choose **File > Back Up Company** and save the file on another disk.

## Restore

Choose **File > Restore Company** and pick the newest backup.
"""

USERS = """---
title: Add a colleague
chapter: Users
order: 3
---
## Give somebody an account

Choose **Tools > Users > Add**, type a name and a first password, and pick what they may do.
"""

ROUTER = """---
title: Connect to the server
chapter: Network
order: 4
source_url: https://manual.example/network?page=4#top
---
## Server not found

The name of the server is not known in your network. Type its address in figures.
"""


def pages() -> list[Page]:
    texts = {"reprint": REPRINT, "backup": BACKUP, "users": USERS, "router": ROUTER}
    return [page_from_markdown(slug, text) for slug, text in texts.items()]


def changed(page: Page, old: str, new: str) -> Page:
    """The page with other words in its Markdown; its front matter's fields are kept."""
    assert page.markdown is not None and old in page.markdown
    front = f"---\ntitle: {page.title}\nchapter: {page.chapter}\norder: {page.order}\n---\n"
    return page_from_markdown(page.slug, front + page.markdown.replace(old, new))
