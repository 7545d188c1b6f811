"""What the browser tests of the widget have in common."""

from dataclasses import dataclass

from playwright.async_api import FrameLocator, Locator, Page

CHROMIUM_ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]


@dataclass(frozen=True)
class Chat:
    """The chat as somebody at the browser sees it."""

    page: Page
    inside: Page | FrameLocator

    @property
    def text_area(self) -> Locator:
        return self.inside.get_by_role("textbox", name="Your message")

    @property
    def log(self) -> Locator:
        return self.inside.get_by_role("log")

    def button(self, name: str) -> Locator:
        return self.inside.get_by_role("button", name=name, exact=True)

    def messages(self, author: str) -> Locator:
        """The bubbles of ``customer``, ``assistant``, ``technician`` or ``system``."""
        return self.inside.locator(f".from-{author} .bubble")

    async def write(self, text: str) -> None:
        await self.text_area.fill(text)
        await self.text_area.press("Enter")


async def open_widget(page: Page, address: str) -> Chat:
    """Go to a host page and open the chat by its launcher."""
    await page.goto(address)
    await page.get_by_role("button", name="Open support chat").click()
    chat = Chat(page, page.frame_locator("iframe[title='Support chat']"))
    await chat.text_area.wait_for()
    return chat
