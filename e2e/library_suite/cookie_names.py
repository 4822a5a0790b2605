"""The names of the site's own cookies in production settings: no sibling host may set one with this prefix."""

CHOICE = "__Host-cookie_choice"
SESSION = "__Host-sessionid"
CSRF = "__Host-csrftoken"
