"""The performance window: how the operation did, and which stops stand behind each number."""
