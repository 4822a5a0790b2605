"""The addresses of the pages that anybody can open."""

PAGES = (
    "/",
    "/about/",
    "/books/",
    "/books/?q=tolstoy",
    "/books/1/",
    "/authors/",
    "/authors/1/",
    "/genres/",
    "/genres/novel/",
    "/cookie-check/",
    "/cookies/",
    "/preferences/",
    "/privacy/",
    "/accounts/sign-in/",
    "/accounts/register/",
    "/privacy/workbench/",
)
"""Each answers 200 to a visitor who was never here."""
