"""The shift timeline: every route as a row of stops along the clock."""
