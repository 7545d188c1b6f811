"""Everything of an installation in open formats, for those who leave: no program of ours is needed to read it."""
