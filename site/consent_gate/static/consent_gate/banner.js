// Answers the cookie banner without a reload, and renews it on a page that the browser brings back from its memory.
// Everything works without this module: the banner is a plain form.
//
// A page marks what follows from the answer with data-consent-renew, and an id: it is fetched anew when the visitor has
// answered. What is not marked stays as it is until the next page.

const place = document.getElementById("cookie-banner");

/** Shows what the server says, and takes the reader to a confirmation. */
function show(html) {
  place.innerHTML = html;
  place.querySelector("#cookie-outcome")?.focus();
}

// What somebody has filled in. Firefox counts every button among what a reader has touched.
const TOUCHED = ":is(input:not([type=hidden]), select, textarea):is(:user-valid, :user-invalid)";

/** Has the page say what follows from the answer, unless somebody has begun to write on it. */
async function renewPage() {
  const parts = [...document.querySelectorAll("[data-consent-renew][id]")];
  if (!parts.length || parts.some((part) => part.querySelector(TOUCHED))) return;
  const response = await fetch(location.href);
  if (!response.ok) return;
  const renewed = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of parts) {
    const now = renewed.getElementById(part.id);
    if (now) part.innerHTML = now.innerHTML;
  }
}

/** Sends the form as if without this module; a submit by script forgets which button was pressed. */
function sendPlainly(form, button) {
  const answer = Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value });
  form.append(answer);
  form.submit();
}

async function answer(event) {
  const form = event.target;
  if (!form.matches("[data-cookie-choice]")) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  fields.set("fragment", "1");
  try {
    const response = await fetch(form.action, { method: "POST", body: fields });
    if (!response.ok) throw new Error(response.statusText);
    show(await response.text());
    await renewPage();
  } catch {
    sendPlainly(form, event.submitter);
  }
}

function hide(event) {
  if (!event.target.closest("[data-hide-cookie-banner]")) return;
  event.preventDefault();
  place.replaceChildren();
  document.querySelector("main, [role=main]")?.focus();
}

/** A page from the back/forward cache is as it was left; the choice may have been made on another one since. */
async function renew(event) {
  if (!event.persisted) return;
  const here = new URLSearchParams({ next: location.pathname + location.search });
  const response = await fetch(`${place.dataset.fragment}?${here}`);
  if (response.ok) place.innerHTML = await response.text();
}

place.addEventListener("submit", answer);
place.addEventListener("click", hide);
addEventListener("pageshow", renew);

// The outcome has been read: a reload or a bookmark need not show it again.
if (place.querySelector("#cookie-outcome")) {
  const address = new URL(location.href);
  address.searchParams.delete("cookie-choice");
  history.replaceState(null, "", address.pathname + address.search);
}
