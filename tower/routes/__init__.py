"""What a change of sequence does: travel, constraints, consequences, and better orders."""
