"""Stock Rasa as its documentation sets it up, to compare ours with (``make bench-rasa``)."""
