(element) => {
    // Says how a banner keeps the page behind it from being used, "" if it does not. `element` is in the banner, or its frame.
    const parentOf = (node) => node.parentElement ?? node.getRootNode().host ?? null;
    const path = [];
    for (let node = element; node && node !== document.body && node !== document.documentElement; node = parentOf(node)) path.push(node);
    const floats = (node) => /^(fixed|sticky|absolute)$/.test(getComputedStyle(node).position) || node.localName === "dialog";
    const banner = path.filter(floats).pop() ?? path[0] ?? element;
    const within = (node) => { for (let each = node; each; each = parentOf(each)) if (each === banner) return true; return false; };
    const box = banner.getBoundingClientRect();
    const beside = (x, y) => x < box.left || x > box.right || y < box.top || y > box.bottom;
    const centre = (node) => { const at = node.getBoundingClientRect(); return [at.left + at.width / 2, at.top + at.height / 2, at]; };
    const inWindow = (x, y) => x > 0 && y > 0 && x < innerWidth && y < innerHeight;
    const shown = (node) => node.checkVisibility ? node.checkVisibility({ visibilityProperty: true }) : true;
    const topmost = (x, y) => {
        let found = document.elementFromPoint(x, y);
        while (found?.shadowRoot?.elementFromPoint(x, y) && found.shadowRoot.elementFromPoint(x, y) !== found) found = found.shadowRoot.elementFromPoint(x, y);
        return found;
    };
    const content = [...document.querySelectorAll("a[href], button, input, h1, h2, h3, p, li, img, label")]
        .filter((node) => !within(node) && shown(node)).slice(0, 200)
        .map((node) => [node, ...centre(node)]).filter(([, x, y, at]) => at.width && at.height && inWindow(x, y) && !(box.width && !beside(x, y)));
    const covers = box.width >= 0.98 * innerWidth && box.height >= 0.98 * innerHeight;
    if (content.length) {
        const reached = content.filter(([node, x, y]) => { const top = topmost(x, y); return top && (node.contains(top) || top.contains(node) && top !== document.body && top !== document.documentElement); });
        return reached.length ? "" : "nothing of the page can be reached while the banner waits: a layer lies over it, or it is made inert";
    }
    if (covers) return "the banner covers the whole window";
    const texts = (node) => node.innerText?.replace(/\s+/g, "") ?? "";
    const outside = texts(document.body).length - (document.body.contains(banner) ? texts(banner).length : 0);
    const hidden = [...document.body.querySelectorAll("h1, h2, p, main, article, a[href]")].filter((node) => !within(node) && !shown(node)
        && !node.closest("noscript, template, dialog, [popover]") && node.textContent.trim().length > 0);
    return outside < 10 && hidden.length > 1 ? "the page's content is hidden while the banner waits" : "";
}
