"""When vehicles will arrive: P10, P50 and P90 of every stop still to be driven."""
