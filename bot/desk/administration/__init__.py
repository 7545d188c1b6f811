"""The desk's pages for the manager: settings, people, contracts, reports, learning."""
