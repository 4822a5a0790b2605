// Loads debug-toolbar's script when a developer opens the toolbar, or has opened it on an earlier page. By itself the
// script would keep "djdt.show" in the local storage of everybody who only looks at a page.

const HANDLE_AT = "265px"; // from the top, where the toolbar's own script puts it

const root = document.getElementById("djDebugRoot");
const toolbar = (root.shadowRoot ?? root).querySelector("#djDebug");
const handle = toolbar.querySelector("#djDebugToolbarHandle");

const load = () => import("../debug_toolbar/js/toolbar.js");

async function open() {
  await load();
  djdt.show_toolbar();
}

if (localStorage.getItem("djdt.show") === null) {
  for (const hidden of [toolbar, handle]) hidden.classList.remove("djdt-hidden");
  handle.style.top = HANDLE_AT;
  toolbar.querySelector("#djShowToolBarButton").addEventListener("click", open, { once: true });
} else {
  load();
}
