// Suggestions under a text field: the ARIA combobox pattern. The field is complete without it.
const WAIT = 150; // milliseconds after the last key
const LEAST = 2; // letters

class Suggest {
  constructor(input) {
    this.input = input;
    this.address = input.dataset.suggest;
    this.goes = "suggestGo" in input.dataset;
    this.items = [];
    this.active = -1;
    this.asked = 0;
    const typing = document.activeElement === input;
    this.build();
    this.listen();
    if (typing) {
      // Somebody was quicker than this script, and building took the focus away.
      input.focus();
      this.ask();
    }
  }

  build() {
    const box = document.createElement("div");
    box.className = "suggest";
    this.input.replaceWith(box);
    this.list = document.createElement("ul");
    this.list.className = "suggest-list";
    this.list.id = `${this.input.id}-suggestions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.label());
    this.list.hidden = true;
    this.said = document.createElement("p");
    this.said.className = "visually-hidden";
    this.said.setAttribute("role", "status");
    box.append(this.input, this.list, this.said);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries({ ...roles, "aria-controls": this.list.id })) {
      this.input.setAttribute(name, value);
    }
  }

  label() {
    return this.input.labels?.[0]?.textContent.trim() ?? "";
  }

  listen() {
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT);
    });
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    // The list must not take the focus: a press chooses while the field keeps it.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) {
        this.choose([...this.list.children].indexOf(option));
      }
    });
  }

  async ask() {
    const query = this.input.value.trim();
    const turn = (this.asked += 1);
    if (query.length < LEAST) {
      this.close();
      return;
    }
    try {
      const answer = await fetch(`${this.address}?q=${encodeURIComponent(query)}`);
      const found = answer.ok ? await answer.json() : { items: [] };
      if (turn === this.asked && document.activeElement === this.input) {
        this.show(found.items, found.said ?? "");
      }
    } catch {
      this.close(); // without an answer the field is still a field
    }
  }

  show(items, said) {
    this.items = items;
    this.active = -1;
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)));
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.said.textContent = said;
  }

  option(item, index) {
    const row = document.createElement("li");
    row.id = `${this.list.id}-${index}`;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", "false");
    const name = document.createElement("bdi");
    name.textContent = item.name;
    const detail = document.createElement("span");
    detail.className = "quiet small";
    detail.textContent = item.detail ?? "";
    row.append(name, detail);
    return row;
  }

  close() {
    this.askNoMore();
    this.show([], "");
  }

  // What is still to be asked or answered shall not change the list any more.
  askNoMore() {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps && this.items.length > 0) {
      event.preventDefault();
      this.move(steps[event.key]);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  move(step) {
    this.askNoMore(); // whoever chooses from this list must not have it replaced under the finger
    const options = [...this.list.children];
    options[this.active]?.setAttribute("aria-selected", "false");
    const count = options.length;
    this.active = this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count;
    const option = options[this.active];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  choose(index) {
    const item = this.items[index];
    if (this.goes && item.url) {
      window.location.assign(item.url);
      return;
    }
    this.input.value = item.value ?? item.name;
    this.close();
    // Other scripts of the page (the map beside the field, say) may want to know.
    this.input.dispatchEvent(new CustomEvent("suggest:chosen", { bubbles: true, detail: item }));
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  new Suggest(input);
}
