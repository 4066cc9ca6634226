"""Time travel: any moment of the shift in the window, while live goes on behind it."""
