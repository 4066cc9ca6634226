"""The port for whoever knows how the roads are: weather, and disturbances of traffic."""
