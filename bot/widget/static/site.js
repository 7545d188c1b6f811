/** The demo page's own few lines: a button that opens the chat, as any host page may do it. */
document.getElementById("open-chat").addEventListener("click", () => window.techRefWidget?.open());
