async () => {
    // What a document keeps beside cookies: a list of [store, key, the value's beginning]. One that may not look keeps nothing.
    const found = [];
    const look = async (store, read) => {
        try {
            for (const [key, value] of await read()) found.push([store, String(key), String(value ?? "").slice(0, 256)]);
        } catch { /* sandboxed, or without this store */ }
    };
    await look("localStorage", () => Object.entries(localStorage));
    await look("sessionStorage", () => Object.entries(sessionStorage));
    await look("IndexedDB", async () => (await indexedDB.databases()).map((each) => [each.name]));
    await look("Cache", async () => (await caches.keys()).map((each) => [each]));
    await look("service worker", async () => {
        const all = await navigator.serviceWorker.getRegistrations();
        return all.map((each) => [new URL(each.scope).pathname]);
    });
    return found;
}
