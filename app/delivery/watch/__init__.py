"""What the desk and the metrics see of the delivery while it runs: how far, how fast, what hinders it, who sends."""
