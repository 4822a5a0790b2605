"""`python -m cookie_corpus`."""

from cookie_corpus.command import run

if __name__ == "__main__":
    run()
