"""The pages: banner, cookies page, and what tools may read."""
