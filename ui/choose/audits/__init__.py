"""Audits on the page Choose: what a choice or the corpus carries along unseen, each made when asked."""
