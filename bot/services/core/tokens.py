"""Bearer tokens: only their hash is stored."""

import hashlib


def hash_token(token: str) -> str:
    """How tokens are stored: 256 random bits need no salt, so a plain SHA-256 does."""
    return hashlib.sha256(token.encode()).hexdigest()
