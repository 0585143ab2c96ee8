// What the map shows, people or people per million residents: its shades, its legend, the order of
// its list, and the address, so that the choice can be sent and is there on coming back. Without
// scripts the same links load the page anew.

export class Modes {
  constructor(view) {
    this.view = view;
    this.links = [...document.querySelectorAll("[data-by]")];
    this.list = document.querySelector("#countries tbody");
    for (const link of this.links) {
      link.addEventListener("click", (event) => this.choose(event, link.dataset.by));
    }
    // The page before the map was opened is another entry of the history.
    window.addEventListener("popstate", () => this.write());
  }

  choose(event, mode) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      return; // in a tab of its own
    }
    event.preventDefault();
    this.view.setMode(mode);
    for (const link of this.links) {
      this.mark(link, link.dataset.by === mode);
    }
    this.paintDrawn();
    for (const legend of document.querySelectorAll("[data-legend]")) {
      legend.hidden = legend.dataset.legend !== mode;
    }
    this.sort();
    this.write();
  }

  // The drawn world is the map of a phone, and on paper. Its countries are links to their pages.
  paintDrawn() {
    const countries = new Map(this.view.tree.countries().map((node) => [node.code, node]));
    for (const link of document.querySelectorAll(".map-world a")) {
      const node = countries.get(link.getAttribute("href").split("/").pop());
      if (node) {
        link.firstElementChild.dataset.shade = this.view.shadeOf(node);
      }
    }
  }

  mark(link, isChosen) {
    const head = link.closest("th");
    const name = head ? "aria-sort" : "aria-current";
    const marked = head ?? link;
    if (isChosen) {
      marked.setAttribute(name, head ? "descending" : "true");
    } else {
      marked.removeAttribute(name);
    }
  }

  // As the server sorts it: mapapp/web/atlas/map_drawn.py.
  sort() {
    const { mode, tree } = this.view;
    const rows = [...(this.list?.rows ?? [])].map((row) => {
      const node = tree.get(Number(row.dataset.area));
      const name = row.cells[0].textContent;
      return { row, name, people: node.people, rate: mode === "rate" ? this.view.rateOf(node) : 0 };
    });
    rows.sort((a, b) => b.rate - a.rate || b.people - a.people || (a.name < b.name ? -1 : 1));
    this.list?.append(...rows.map(({ row }) => row));
  }

  write() {
    const { search } = this.links.find(({ dataset }) => dataset.by === this.view.mode);
    const { pathname, hash } = window.location;
    window.history.replaceState(window.history.state, "", pathname + search + hash);
  }
}
