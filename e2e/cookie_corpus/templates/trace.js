{% set base = "http://" ~ trace.host ~ port if trace.host else "" -%}
{% set name = trace.name | tojson -%}
{% set value = value | tojson -%}
{# What takes its time goes into `pending`, so that a visitor knows when to look. -#}
{% if kind != "worker" %}(window.pending ??= []);
{% endif -%}
{% if kind == "register" -%}
navigator.serviceWorker.register("/worker/{{ trace.name }}.js", { scope: "/" });
pending.push(navigator.serviceWorker.ready);
{% elif kind == "worker" -%}
self.addEventListener("install", (event) => {
  event.waitUntil(fetch("/image/{{ trace.name }}").then(() => self.skipWaiting()));
});
{% elif trace.by == "fetch" -%}
pending.push(fetch("{{ base }}/image/{{ trace.name }}", { credentials: "include", mode: "no-cors" }));
{% elif trace.by in ("image", "etag") -%}
document.body.append(Object.assign(new Image(), { src: "{{ base }}/image/{{ trace.name }}", alt: "" }));
{% elif trace.by == "frame" -%}
document.body.append(Object.assign(document.createElement("iframe"), { src: "{{ base }}/frame/{{ trace.name }}", title: "A map" }));
{% elif trace.store == "host" -%}
document.documentElement.dataset.visited = "yes";
{% elif trace.by == "local-storage-copy" -%}
const copy = localStorage.getItem({{ (trace.name ~ "_copy") | tojson }}) ?? {{ value }};
localStorage.setItem({{ (trace.name ~ "_copy") | tojson }}, copy);
document.cookie = {{ name }} + "=" + copy + "; " + {{ trace.attributes | tojson }};
{% elif trace.store == "localStorage" or trace.store == "sessionStorage" -%}
if ({{ trace.store }}.getItem({{ name }}) === null) {{ trace.store }}.setItem({{ name }}, {{ value }});
{% elif trace.store == "IndexedDB" -%}
pending.push(new Promise((resolve) => {
  const opening = indexedDB.open({{ name }});
  opening.onupgradeneeded = () => opening.result.createObjectStore("visitor").put({{ value }}, "id");
  opening.onsuccess = () => resolve(opening.result.close());
}));
{% elif trace.by == "cookie-store" -%}
if (!document.cookie.split("; ").some((each) => each.startsWith({{ name }} + "="))) {
  if (window.cookieStore) pending.push(cookieStore.set({{ name }}, {{ value }}));
  else document.cookie = {{ name }} + "=" + {{ value }} + "; " + {{ trace.attributes | tojson }};
}
{% else -%}
if (!document.cookie.split("; ").some((each) => each.startsWith({{ name }} + "="))) {
  document.cookie = {{ name }} + "=" + {{ value }} + "; " + {{ trace.attributes | tojson }};
}
{% endif %}
