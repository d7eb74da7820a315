"""The command line, one command a file; each is imported only when it is called, so that help answers at once."""
