"""The command line: `tower`, `tower gateway`, `tower region`, `tower shift`, `tower replay`."""
