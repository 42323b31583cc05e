"""What keeps an installation running: health, setup, the doctor, and the demo that plays the main job.

Nobody asks this feature for anything; it asks all the others.
"""
