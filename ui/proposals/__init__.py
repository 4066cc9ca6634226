"""What Tower proposes: better orders, the best place for a stop, help after a breakdown."""
