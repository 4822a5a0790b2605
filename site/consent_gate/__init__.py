"""What the site may store on a visitor's device and in a session, and why: the declarations all else follows from."""
