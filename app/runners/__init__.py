"""Who runs the jobs: inside one process (embedded), or once by hand (command). Features know neither."""
