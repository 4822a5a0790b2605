"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with the numbers that OWASP gives for it: 19 MiB, twice over, in one lane.

    Django's own take 100 MiB and eight lanes for each password that somebody sends: eight at once would take 800 MB.
    Hashes with other numbers are still read; Django replaces each at its owner's next sign-in (`must_update`).
    Source: cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id
    """

    time_cost = 2
    memory_cost = 19 * 1024
    """In KiB."""
    parallelism = 1
