"""The kinds of push channels: a mail in a fixed format, a signed webhook."""
