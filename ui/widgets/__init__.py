"""Small drawing widgets that several panels share."""
