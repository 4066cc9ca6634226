"""Settings of the room: what supervisors set for everybody, each kept in the journal."""
