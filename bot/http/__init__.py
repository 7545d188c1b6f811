"""HTTP helpers that every surface of the gateway shares: event streams, request bodies, errors, files."""
