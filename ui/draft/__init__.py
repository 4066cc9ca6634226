"""Changes of sequence a dispatcher tries out before anything is sent."""
