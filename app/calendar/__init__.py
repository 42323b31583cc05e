"""Calendar feeds by region and topic, single files, the page that builds a feed, and the list to embed."""

from app.calendar.queries import Feed, Subscription, address, feed, file, subscription

__all__ = ["Feed", "Subscription", "address", "feed", "file", "subscription"]
