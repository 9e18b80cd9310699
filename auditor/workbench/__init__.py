"""The workbench of rule authors: check, test, explain, complete, compare, write, publish rules."""
