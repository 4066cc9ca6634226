"""The gateway process: settings, sign-in, HTTP, commands, ingest, and the loops that keep watch."""
