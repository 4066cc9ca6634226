"""What is measured: every measure once, in words and as a formula."""
