"""The routes by risk, the stops of the selected one, and those on no route."""
