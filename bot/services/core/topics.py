"""Topics of the hub that wakes listeners."""

DESK = "desk"
