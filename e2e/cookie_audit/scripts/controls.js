(elements, { words, whole }) => {
    // Describes what can be pressed on a page: each control's role and name, and which containers that look like a banner it lies in.
    const BANNER = /cookie|consent|gdpr|rgpd|dsgvo|lgpd|\bcmp\b|klaro|tarteaucitron|orejime/i;
    const PAGE = "main, [role=main], nav, footer, header";
    const MOST = 3000;
    const LONGEST_LABEL = 120;
    const parentOf = (node) => node.parentElement ?? node.getRootNode().host ?? null;
    const collapsed = (text) => (text ?? "").replace(/\s+/g, " ").trim();
    const LEFT_OUT = "script, style, template, noscript";
    const textOf = (node, leftOut = LEFT_OUT) => {
        const root = node.shadowRoot ?? node;
        const copy = [];
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (each) =>
            each.nodeType === Node.ELEMENT_NODE && each.matches(leftOut) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
        let length = 0;
        while (walker.nextNode() && length < 20000) {
            const each = walker.currentNode;
            if (each.shadowRoot) copy.push(textOf(each, leftOut));
            if (each.nodeType === Node.TEXT_NODE) { copy.push(each.data); length += each.data.length; }
        }
        return copy.join(" ");
    };
    const letters = words.filter((each) => !/[\u3040-\u30ff\u3400-\u9fff]/.test(each)).map((each) => each.replace(/ /g, "\\s+"));
    const others = words.filter((each) => /[\u3040-\u30ff\u3400-\u9fff]/.test(each));
    const about = new RegExp(`(?<!\\p{L})(?:${letters.join("|")})(?!\\p{L})${others.length ? `|${others.join("|")}` : ""}`, "iu");
    const known = new Map();
    const speaks = (node) => {
        if (!known.has(node)) known.set(node, about.test(textOf(node)));
        return known.get(node);
    };
    const called = (node) => `${node.localName} ${node.id} ${node.getAttribute("class") ?? ""} ${node.getAttribute("aria-label") ?? ""}`;
    const floats = (node) => /^(fixed|sticky)$/.test(getComputedStyle(node).position)
        || /^(dialog|alertdialog)$/.test(node.getAttribute("role") ?? "") || node.localName === "dialog";
    const visible = (node) => {
        const box = node.getBoundingClientRect();
        const shown = node.checkVisibility ? node.checkVisibility({ visibilityProperty: true }) : getComputedStyle(node).visibility !== "hidden";
        return shown && box.width > 0 && box.height > 0 && !node.closest("[inert]");
    };
    const byId = (node, ids) => ids.split(/\s+/).map((id) => node.getRootNode().getElementById?.(id)?.textContent ?? "").join(" ");
    const nameOf = (node) => collapsed(node.getAttribute("aria-label")
        || (node.getAttribute("aria-labelledby") && byId(node, node.getAttribute("aria-labelledby")))
        || (node.localName === "input" ? node.value : "") || node.innerText || textOf(node)
        || node.querySelector("img[alt]")?.alt || node.title);
    const roleOf = (node) => node.getAttribute("role")
        || (node.localName === "a" && node.hasAttribute("href") ? "link" : /^(button|input|summary)$/.test(node.localName) ? "button" : "");
    const ANY = "input[type=checkbox], [role=switch], [role=checkbox], button, input[type=submit], a[href]";
    // What is drawn for a hidden box may be the element around it, if that is around nothing else.
    const drawnFor = (node) => (parentOf(node)?.querySelectorAll(ANY).length === 1 ? parentOf(node) : null);
    const isBox = (node) => node.matches("input[type=checkbox], [role=switch], [role=checkbox]");

    const containers = [];
    const place = (node) => {
        let at = containers.findIndex((each) => each.node === node);
        if (at < 0) at = containers.push({ node }) - 1;
        return at;
    };
    const pathOf = (element) => {
        const path = [];
        for (let node = parentOf(element); node && node !== document.body && node !== document.documentElement; node = parentOf(node)) path.push(node);
        return path;
    };
    const containerOf = (element, path) => {
        if (whole) return [document.body, true];
        const page = path.findIndex((node) => node.querySelector(PAGE) || node.matches(PAGE));
        const inside = page < 0 ? path : path.slice(0, page);
        const like = inside.filter((node) => floats(node) || BANNER.test(called(node)));
        const outermost = like[like.length - 1];
        if (outermost) return [outermost, speaks(outermost) || like.some((node) => BANNER.test(called(node)))];
        if (self !== top && speaks(document.body)) return [document.body, true];
        // Not what only holds the buttons: one of them may be called after cookies.
        const spoken = inside.find((node) => speaks(node) && about.test(textOf(node, `${LEFT_OUT}, button, a, [role=button]`)));
        return spoken ? [spoken, true] : [inside[0] ?? element.parentElement ?? element, false];
    };

    const controls = [], boxes = [];
    elements.slice(0, MOST).forEach((element, index) => {
        const path = pathOf(element);
        if (isBox(element)) {
            const labels = [...(element.labels ?? [])];
            const shown = [element, ...labels, drawnFor(element)].filter(Boolean).some(visible);
            if (!shown) return;
            const own = collapsed(element.getAttribute("aria-label")
                || (element.getAttribute("aria-labelledby") && byId(element, element.getAttribute("aria-labelledby")))
                || labels.map((each) => each.innerText || each.textContent).join(" "));
            const beside = collapsed(parentOf(element)?.innerText);
            if (!own && beside.length > LONGEST_LABEL) return; // no purpose: what is around it speaks of more than this box
            const label = (own || beside).slice(0, LONGEST_LABEL);
            const [container, sure] = containerOf(element, path);
            const at = place(container);
            containers[at].sure ||= sure;
            let around = element;
            for (const node of path) {
                if (node.querySelectorAll("input[type=checkbox], [role=switch], [role=checkbox]").length > 1 || node === container) break;
                around = node;
            }
            boxes.push({
                index, label, path,
                checked: element.checked ?? element.getAttribute("aria-checked") === "true",
                locked: Boolean(element.disabled || element.readOnly || element.getAttribute("aria-disabled") === "true"),
                text: collapsed(textOf(around)).slice(0, 2000),
            });
            return;
        }
        if (!visible(element)) return;
        const name = nameOf(element);
        if (!name || name.length > 100) return;
        const [container, sure] = containerOf(element, path);
        containers[place(container)].sure ||= sure;
        const goes = element.localName === "a" && element.href && !/^(#|javascript:)/i.test(element.getAttribute("href") ?? "")
            && element.href.split("#")[0] !== location.href.split("#")[0];
        controls.push({ index, role: roleOf(element), name, leads: goes ? element.href : "", path });
    });
    const placed = ({ path, ...rest }) => ({
        ...rest, inside: containers.flatMap(({ node }, at) => (node === document.body || path.includes(node) ? [at] : [])),
    });
    return {
        controls: controls.map(placed), boxes: boxes.map(placed),
        containers: containers.map(({ node, sure }) => ({ sure: Boolean(sure), size: textOf(node).length })),
    };
}
