from django.urls import path

from accounts import views

urlpatterns = [
    path("register/", views.register, name="register"),
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("arrival/", views.arrival, name="arrival"),
    path("password/", views.PasswordChange.as_view(), name="password-change"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
]
