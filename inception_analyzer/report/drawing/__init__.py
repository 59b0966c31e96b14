"""Architectures as pictures: what is drawn, where it goes, and the writers that put it into a file."""
