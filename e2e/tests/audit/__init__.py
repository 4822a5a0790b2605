"""The audit of a site: its verdicts, its reports, and whole runs in both browsers."""
