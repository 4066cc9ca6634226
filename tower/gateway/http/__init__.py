"""The gateway over HTTP: one declaration per operation, from which routes and OpenAPI are made."""
