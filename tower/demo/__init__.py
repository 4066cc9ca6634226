"""The simulated shift: a day of deliveries that speaks to the gateway as real carriers do."""
