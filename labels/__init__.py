"""What is printed: label data in, bytes out. No database."""
