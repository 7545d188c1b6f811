"""Bearer tokens: only their hash is stored."""

import hashlib


def hash_token(token: str) -> str:
    """Return the form in which a token is stored: 256 random bits need no salt, so a plain SHA-256 does."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
