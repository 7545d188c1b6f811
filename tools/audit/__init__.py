"""``make audit``: report locked packages with known security advisories, and why the others cannot be reached."""
