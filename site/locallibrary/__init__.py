"""The Django project: settings, addresses, and the pages' common look."""
