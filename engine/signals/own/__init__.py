"""Signals of a person's own: read without being run, approved by hash, run in a process that can be killed."""
