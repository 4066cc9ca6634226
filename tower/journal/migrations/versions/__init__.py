"""One file a revision; they run in order and are never edited once released."""
