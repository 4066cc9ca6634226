"""Better orders for routes: written as a problem, searched, judged, offered."""
