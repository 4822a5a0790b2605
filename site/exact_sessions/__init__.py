"""A session engine for Django that loses no concurrent change, keeps no session key, and lets ended sessions rest."""
