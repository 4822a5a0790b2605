"""A stranger's app: it counts visits in the session and keeps a colour in a cookie."""

from tests.foreign.project import SETTINGS, URLS, Step

COOKIES = """\
from datetime import timedelta

from consent_gate.api import CookieDeclaration, Purpose, SessionKeyDeclaration, declare

VISITS = declare(SessionKeyDeclaration(name="visits", purpose=Purpose.STATISTICS, reason="How often you came."))
COLOUR = declare(
    CookieDeclaration(
        name="colour", purpose=Purpose.PREFERENCES, reason="The colour that you chose.", lifetime=timedelta(days=180)
    )
)
"""

VIEWS = """\
from django.shortcuts import redirect, render

from shop.cookies import COLOUR


def home(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    context = {"visits": request.session["visits"], "colour": request.COOKIES.get("colour", "no colour")}
    return render(request, "shop/home.html", context)


def paint(request):
    response = redirect("home")
    COLOUR.send(response, "red")
    return response
"""

PAGE = """\
{% load consent_gate %}
<!DOCTYPE html>
<html lang="en">
  <head><meta charset="utf-8"><title>Shop</title></head>
  <body>
    {% cookie_banner %}
    <main>
      <p>Visit <b data-testid="visits">{{ visits }}</b>, painted in <b data-testid="colour">{{ colour }}</b>.</p>
      <a href="{% url 'paint' %}">Paint</a>
    </main>
  </body>
</html>
"""

FILES = {
    "shop/__init__.py": "",
    "shop/cookies.py": COOKIES,
    "shop/views.py": VIEWS,
    "shop/templates/shop/home.html": PAGE,
}

_ADDRESSES = "    path('', views.home, name='home'),\n    path('paint/', views.paint, name='paint'),\n"
THE_SHOP = (
    Step(SETTINGS, "INSTALLED_APPS = [\n", "INSTALLED_APPS = [\n    'shop',\n"),
    Step(URLS, "urlpatterns = [\n", f"from shop import views\nurlpatterns = [\n{_ADDRESSES}"),
)
