from django import template

from catalog.models import Author
from catalog.years import life_text, year_text

register = template.Library()

register.filter("year", year_text)


@register.filter
def life(author: Author) -> str:
    """When an author lived."""
    return life_text(author.born, author.died, approximate=author.approximate)
