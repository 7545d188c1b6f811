/** The site's own few lines: a button that opens the chat, as any host page may have one. */
for (const button of document.querySelectorAll("[data-open-chat]")) {
  button.addEventListener("click", () => window.techRefWidget?.open());
}
