"""What each event does to the records it is about; `tower.domain.fold` puts them together."""
