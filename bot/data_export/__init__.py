"""Export an installation in open formats, so that it can be read without any program of ours."""
