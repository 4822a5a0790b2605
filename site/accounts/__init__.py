"""Accounts: register, sign in with or without "remember me", sign out."""
