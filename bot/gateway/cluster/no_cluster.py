"""A gateway without a Redis: it tells nobody, and nobody tells it anything."""


class NullCluster:
    """Stands where ``other_gateways.OtherGateways`` does, so that Redis's 20 MB are loaded only where used."""

    def receiving(self) -> bool:
        return False

    def connected(self) -> None:
        """No Redis is wanted, so that ``/readyz`` names none."""

    def wake(self, topic: str) -> None:
        """Do nothing: news is found in the database."""

    def typing(self, topic: str, author: str, name: str, on: bool) -> None:
        """Seen on this gateway only."""

    def came_or_left(self, topic: str) -> None:
        """Do nothing: presence is known at this gateway only."""
