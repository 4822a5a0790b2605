from django.urls import path

from catalog import views

urlpatterns = [
    path("", views.index, name="index"),
    path("books/", views.book_list, name="books"),
    path("books/<int:pk>/", views.book_detail, name="book"),
    path("authors/", views.author_list, name="authors"),
    path("authors/<int:pk>/", views.author_detail, name="author"),
    path("genres/", views.genre_list, name="genres"),
    path("genres/<slug:slug>/", views.genre_detail, name="genre"),
    path("genres/<slug:slug>/like/", views.like_genre, name="like-genre"),
]
