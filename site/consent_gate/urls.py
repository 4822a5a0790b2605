from django.urls import path

from consent_gate.pages import views

app_name = "consent"

urlpatterns = [
    path("cookies/", views.cookies_page, name="cookies"),
    path("cookies/choice/", views.choose, name="choice"),
    path("cookies/kept/", views.kept, name="kept"),
    path("cookies/banner/", views.banner_fragment, name="banner"),
    path("cookies/receipt.json", views.receipt, name="receipt"),
    path("cookies.json", views.declarations, name="declarations"),
    path(".well-known/gpc.json", views.gpc, name="gpc"),
]
