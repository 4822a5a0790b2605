from cookie_evidence.command import run

if __name__ == "__main__":
    run()
