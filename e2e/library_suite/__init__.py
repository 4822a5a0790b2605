"""This site under test: its server with any settings, and what a visitor sees. Imports nothing of the site."""
