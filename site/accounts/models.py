from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A reader with an account. Registration asks for a name and a password, and for nothing else."""
