"""What the papers for people share: workbook, notices and the clerk's own list."""
