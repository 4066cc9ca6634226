"""What predicts arrivals, how good it is, and why one arrival is when it is."""
