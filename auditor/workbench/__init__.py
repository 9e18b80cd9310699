"""The workbench of rule authors: explain, complete, format, compare, write, publish."""
