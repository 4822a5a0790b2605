"""The parts as strangers have them: from their wheels, in environments and projects of their own."""
