"""What a commit may ask back: a supervisor's reason, or which of two changes is to hold."""
