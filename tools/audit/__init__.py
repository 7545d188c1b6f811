"""``make audit``: which locked packages have known security advisories, and why the rest cannot be reached."""
