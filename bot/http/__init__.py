"""What every HTTP surface of the gateway shares: event streams, request bodies, errors, files."""
