customElements.define("consent-banner", class extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: "open" });
    document.addEventListener("DOMContentLoaded", () => {
      root.append(document.getElementById("of-the-banner").content.cloneNode(true));
    });
  }
});
