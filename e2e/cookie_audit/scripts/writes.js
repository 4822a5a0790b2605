// Runs in each document before its own scripts: tells which script writes into the browser's stores, and changes nothing
// else but that the browser does not say that it is driven.
// A Proxy around each function keeps its name, length and source text as they are.
(() => {
    const tell = (store, what) => {
        try {
            window.cookieAuditNote({ store, what: what.map((each) => String(each).slice(0, 4096)), stack: new Error().stack, page: location.href });
        } catch { /* a document that may not tell: its page is still seen from outside */ }
    };
    const watched = (original, store, what) => new Proxy(original, {
        apply(target, self, given) {
            tell(store, what(self, given));
            return Reflect.apply(target, self, given);
        },
    });
    const watch = (interfaceName, method, store, what) => {
        const prototype = self[interfaceName]?.prototype;
        if (typeof prototype?.[method] === "function") prototype[method] = watched(prototype[method], store, what);
    };
    // Consent managers hide their banner from a browser that says it is driven: the audit is to see what people see.
    const driven = Object.getOwnPropertyDescriptor(Navigator.prototype, "webdriver");
    if (driven) Object.defineProperty(Navigator.prototype, "webdriver", { ...driven, get: new Proxy(driven.get, { apply: () => false }) });
    const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
    Object.defineProperty(Document.prototype, "cookie", {
        ...cookie, set: watched(cookie.set, "document.cookie", (_, given) => [given[0]]),
    });
    const session = (() => { try { return sessionStorage; } catch { return null; } })();
    watch("Storage", "setItem", "Storage", (self, given) => [self === session ? "sessionStorage" : "localStorage", given[0]]);
    watch("CookieStore", "set", "cookieStore", (_, given) => [given[0]?.name ?? given[0], given[0]?.value ?? given[1]]);
    watch("IDBFactory", "open", "IndexedDB", (_, given) => [given[0]]);
    watch("CacheStorage", "open", "Cache", (_, given) => [given[0]]);
    watch("ServiceWorkerContainer", "register", "service worker", (_, given) => [given[0]]);
})();
