import sys

from cookie_audit.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
