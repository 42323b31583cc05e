"""What the tests stand on: real databases, a real SMTP server, a real HTTP receiver, forms filled in like a person."""
