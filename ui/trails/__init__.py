"""Where vehicles drove: trails, planned against driven, the moment of an exception, export."""
