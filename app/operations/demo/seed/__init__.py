"""The Saxon demo: who publishes, the team, newsletters, dates all over the regions, first announcements, partners.

Names of people are made up and say so; every address ends in ``.example``.
"""

from app.operations.demo.seed.dates import plan_dates
from app.operations.demo.seed.house import PEOPLE, DemoPerson, found_house, found_partners, is_founded
from app.operations.demo.seed.news import plan_news

__all__ = ["PEOPLE", "DemoPerson", "found_house", "found_partners", "is_founded", "plan_dates", "plan_news"]
