from django.contrib import admin

from catalog.models import Author, Book, BookInstance, Genre, GenreLike, Language


class BookInstanceInline(admin.TabularInline):
    model = BookInstance
    extra = 0


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    list_display = ("sort_name", "born", "died", "country")
    list_filter = ("country",)
    search_fields = ("search_text",)


@admin.register(Genre)
class GenreAdmin(admin.ModelAdmin):
    list_display = ("name", "likes")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012 (Django's own type is a plain dict)
    readonly_fields = ("likes",)


@admin.register(GenreLike)
class GenreLikeAdmin(admin.ModelAdmin):
    list_display = ("genre", "reader")


@admin.register(Language)
class LanguageAdmin(admin.ModelAdmin):
    list_display = ("name", "code")


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    list_display = ("title", "author", "year", "language")
    list_filter = ("language", "genres")
    list_select_related = ("author", "language")
    search_fields = ("search_text",)
    autocomplete_fields = ("author",)
    filter_horizontal = ("genres",)
    readonly_fields = ("views",)
    inlines = (BookInstanceInline,)


@admin.register(BookInstance)
class BookInstanceAdmin(admin.ModelAdmin):
    list_display = ("book", "shelf_mark", "status", "due_back")
    list_filter = ("status", "due_back")
    list_select_related = ("book",)
    autocomplete_fields = ("book",)
