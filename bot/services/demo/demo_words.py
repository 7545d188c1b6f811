"""The texts of the demo: problems by category, questions to the manual, and made-up companies."""

PROBLEMS: dict[str, tuple[str, ...]] = {
    "data_damage": (
        "Since the power cut the company file will not open, it says it is damaged",
        "All invoices of last week have disappeared",
        "Somebody deleted the customer list by mistake",
    ),
    "licence_activation": (
        "Quillbook says the licence has expired but we renewed it last month",
        "Activation fails on the new computer",
        "The program is read only since this morning",
    ),
    "printing": (
        "Quillbook closes whenever I print an invoice",
        "The right edge of every invoice is cut off",
        "Labels come out on the wrong tray",
        "Print preview is fine but the paper stays blank",
    ),
    "backup_restore": (
        "The nightly backup stops with QB-4102",
        "Restoring last Friday's backup takes forever and then fails",
        "The USB disk is full and backups are missing",
    ),
    "import_export": (
        "The bank statement import stops at row 210",
        "CSV export puts every figure into one column",
        "Our bank changed its file and nothing is imported any more",
    ),
    "network_server": (
        "Nobody can reach the server since the update",
        "Two computers say the company is locked by another user",
        "The connection drops every ten minutes",
    ),
    "users_permissions": (
        "A new colleague cannot log in",
        "The bookkeeper lost the right to close the year",
        "I forgot my password and so did the administrator",
    ),
    "performance": (
        "Opening the customer list takes two minutes",
        "Everything is slow when three people work at once",
    ),
    "billing_account": (
        "You charged us twice for the support contract",
        "Please change the address on your invoice to us",
    ),
    "reports": (
        "The balance sheet does not balance after closing the year",
        "The VAT report leaves out credit notes",
    ),
    "invoices": (
        "The invoice number jumped from 1204 to 2204",
        "A paid invoice still shows as overdue",
        "Reminders go out for invoices that are paid",
    ),
    "crash_error": (
        "Error QB-2107 whenever I open a company",
        "The program does not start since yesterday's update",
        "It crashes when I search for a customer",
    ),
    "other": ("The date on all windows is American", "Where did the toolbar go"),
}
QUESTIONS = (
    "How do I reprint an invoice?",
    "How do I import a bank statement?",
    "How do I add a new user?",
    "How do I make a backup to a USB disk?",
    "How do I close the year?",
    "How do I change the logo on invoices?",
    "How do I move Quillbook to a new computer?",
)
NOT_UNDERSTOOD = (
    "flux it over to the other one please",
    "same as tuesday",
    "the green thing is not the green thing",
    "can it do the quarterly whatsit",
    "my cousin said to ask for the blue setting",
)
FIRST = ("Mia", "Noah", "Lena", "Omar", "Ines", "Paul", "Aiko", "Tom", "Sara", "Luis", "Nora", "Ivan", "Ella", "Hugo")
LAST = ("Jones", "Weber", "Silva", "Haddad", "Moreau", "Novak", "Sato", "Brown", "Rossi", "Lindgren", "Kaya", "Byrne")
COMPANIES = (
    "Corner Bakery", "Harbour Dental", "Fern & Field Gardens", "Northside Garage", "Blue Door Books", "Alder Joinery",
    "Summit Physio", "Old Mill Brewery", "Tidewater Sails", "Pinecone Nursery",
)  # fmt: skip
TECHNICIANS = (
    ("Anna Meyer", "applications"),
    ("Ben Okafor", "systems"),
    ("Chiara Conti", "data"),
    ("Dan Novak", "accounts"),
    ("Elin Berg", "applications"),
)
VERSIONS = ("12.2.1", "12.2.0", "12.1.4", "11.9.0")
IMPACTS = ("Only me; no rush", "Only me; today", "Several of us; today", "Everyone; right now")
ANSWERS = (
    "Thank you, I can see it on my side. Please close Quillbook, rename the layout folder, and start it again.",
    "I have reset it for you. Could you try once more?",
    "That is a known slip in this version. Installing the latest update puts it right; your data is safe.",
    "Please send me the log file from Help > About, then I can tell you more.",
)
THANKS = ("That did it, thank you!", "It works again.", "Great, thanks for the quick help.", "Yes, solved.")
NOTES = ("Same printer driver as last week's case.", "Customer is patient; call after 3 pm if needed.")
