from cookie_audit.command import run

if __name__ == "__main__":
    run()
