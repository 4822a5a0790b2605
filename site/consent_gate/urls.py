from django.urls import path

from consent_gate.pages import views

urlpatterns = [
    path("cookies/", views.cookies_page, name="cookies"),
    path("cookies/choice/", views.choose, name="cookie-choice"),
    path("cookies/kept/", views.kept, name="cookie-choice-kept"),
    path("cookies/banner/", views.banner_fragment, name="cookie-banner"),
    path("cookies/receipt.json", views.receipt, name="cookie-receipt"),
    path("cookies.json", views.declarations, name="cookie-declarations"),
    path(".well-known/gpc.json", views.gpc, name="gpc"),
]
