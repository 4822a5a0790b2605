(window.pending ??= []);
{% for trace in traces -%}
{% set name = trace.name | tojson -%}
{% if trace.store in ("localStorage", "sessionStorage") -%}
{{ trace.store }}.removeItem({{ name }});
{% elif trace.store == "IndexedDB" -%}
pending.push(new Promise((resolve) => (indexedDB.deleteDatabase({{ name }}).onsuccess = resolve)));
{% elif trace.by == "worker" -%}
pending.push(navigator.serviceWorker.getRegistrations().then((all) => Promise.all(all.map((each) => each.unregister()))));
{% endif -%}
{% endfor %}
