"""What is heard of a delivery afterwards: claims, and returns booked back in."""
