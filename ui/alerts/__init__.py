"""How the desktop calls attention to exceptions: sound, tray, notices in the window."""
