"""The tour: the product's main job, played over real HTTP and SMTP as real clients would."""
