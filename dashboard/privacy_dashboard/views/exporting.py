"""The visitor's data as a file."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from privacy_dashboard.export import as_document, as_table
from privacy_dashboard.models import Right
from privacy_dashboard.overview import overview
from privacy_dashboard.rights_requests import note_rights_request


@never_cache
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everything as JSON, or with `format=csv` the cookies as a table. Leaves a trace, hence no plain link."""
    seen = overview(request, most_rows=None)
    rights_request = note_rights_request(request, Right.EXPORT)
    day = f"{seen.now:%Y-%m-%d}"
    if request.POST.get("format") == "csv":
        response = HttpResponse(as_table(seen.selection), content_type="text/csv; charset=utf-8")
        name = f"cookies-{day}.csv"
    else:
        document = as_document(seen) | {"trace": str(rights_request.pk) if rights_request else None}
        response = JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False, "default": repr})
        name = f"privacy-{day}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
