"""The kinds of pairs: how two rows can be alike, one file each."""
