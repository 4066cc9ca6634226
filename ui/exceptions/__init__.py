"""The exception queue, what is known of the selected one, and the work on it."""
