from django.urls import path

from tutorial import views

urlpatterns = [
    path("trivial/", views.trivial, name="trivial"),
    path("", views.index, name="index"),
    path("books/", views.BookPages.as_view(), name="books"),
    path("books/<int:pk>/", views.BookPage.as_view(), name="book"),
    path("authors/<int:pk>/", views.trivial, name="author"),
    path("genres/<slug:slug>/", views.trivial, name="genre"),
    path("sign-in/", views.trivial, name="login"),
    path("sign-out/", views.trivial, name="logout"),
]
