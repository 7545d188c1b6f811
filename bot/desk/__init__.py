"""The technicians' desk: their web application under ``/desk``, served by the gateway."""
