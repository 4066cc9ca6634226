"""The figures as something to hand on: a printable page, a workbook, a file for other tables."""
