"""What HTTP's headers say, read as browsers read and write them: cookies that came, cookies that leave, where from."""
