"""The workbench: tools for those who write rules. They look at rules and never at real reports."""
