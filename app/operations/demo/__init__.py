"""The demo: a team, its newsletters and partners, a mailbox on loopback, and the tour that plays the main job."""
