"""The desktop: what a dispatcher sees and works at. Imports tower; nothing there imports it."""
