// Fills in what scripts can see in this browser. It reads, and sends nothing anywhere.

const place = document.querySelector("#scripts");

const date = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });

/** @param {{name: string, expires: number | null | undefined}} cookie `expires` in milliseconds; null: at browser close */
function withEnding({ name, expires }) {
  if (expires === undefined) return name;
  return `${name} (${expires === null ? place.dataset.close : `${place.dataset.until} ${date.format(expires)}`})`;
}

/** Each store with the names that it holds; undefined where this browser does not tell. */
const stores = {
  "document.cookie": () => document.cookie.split("; ").filter(Boolean).map((pair) => pair.split("=")[0]),
  cookieStore: async () => (await globalThis.cookieStore?.getAll())?.map(withEnding),
  localStorage: () => Object.keys(localStorage),
  sessionStorage: () => Object.keys(sessionStorage),
  IndexedDB: async () => (await indexedDB.databases?.())?.map((database) => database.name),
  CacheStorage: () => globalThis.caches?.keys(),
};

async function fillIn(store) {
  let names;
  try {
    names = await stores[store]();
  } catch {
    // A browser that blocks cookies blocks these too, and says so with an exception.
  }
  const word = names?.length ? names.join(", ") : names ? place.dataset.empty : place.dataset.unknown;
  place.querySelector(`[data-store="${store}"]`).textContent = word;
  if (names?.length) place.open = true;
}

if (place) await Promise.all(Object.keys(stores).map(fillIn));
