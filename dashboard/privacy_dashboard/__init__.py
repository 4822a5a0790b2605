"""What is stored, shown: for developers, a debug-toolbar panel."""
