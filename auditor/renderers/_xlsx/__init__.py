"""The parts of the workbook."""
