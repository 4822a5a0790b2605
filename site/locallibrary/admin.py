from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = _("Local Library: administration")
admin.site.site_title = _("Local Library")
# Its script keeps in the browser whether it is open, which nobody is asked about; the index lists the same tables.
admin.site.enable_nav_sidebar = False
