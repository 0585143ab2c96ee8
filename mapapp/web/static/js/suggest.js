// Suggestions under a text field: the ARIA combobox pattern. The field is complete without it.
const WAIT = 150; // milliseconds after the last key
const LEAST = 2; // characters
const MOST = 8; // suggestions

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
      // The person was faster than this script, and rebuilding the field took the focus away.
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
    // A press on the list must not take the focus from the field.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest('[role="option"]');
      if (option) {
        this.choose(this.options().indexOf(option));
      }
    });
  }

  async ask() {
    const query = this.input.value.trim();
    this.asked += 1;
    const turn = this.asked;
    if (query.length < LEAST) {
      this.close();
      return;
    }
    try {
      const answer = await this.send(new URLSearchParams({ q: query }));
      const found = answer.ok ? await answer.json() : { items: [] };
      if (turn === this.asked && document.activeElement === this.input) {
        this.show(found.items, found.said ?? "", found.heading ?? "");
      }
    } catch {
      this.close(); // without an answer the field is still a field
    }
  }

  // A town that is typed says where somebody is: it stands in no address.
  send(asked) {
    return "suggestPost" in this.input.dataset
      ? fetch(this.address, { method: "POST", body: asked })
      : fetch(`${this.address}?${asked}&limit=${MOST}`);
  }

  // Guesses stand behind all others, under a heading of their own.
  show(items, said, heading = "") {
    this.items = items;
    this.active = -1;
    const rows = items.map((item, index) => this.option(item, index));
    const first = items.findIndex((item) => item.guess);
    if (first >= 0 && heading) {
      rows.splice(first, 0, this.heading(heading));
    }
    this.list.replaceChildren(...rows);
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.said.textContent = said;
  }

  heading(words) {
    const row = document.createElement("li");
    row.className = "suggest-heading small quiet";
    row.setAttribute("role", "presentation");
    row.textContent = words;
    return row;
  }

  options() {
    return [...this.list.querySelectorAll('[role="option"]')];
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

  // Pending requests and responses must no longer change the list.
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
    this.askNoMore(); // the list must not be replaced under the finger that chooses from it
    const options = this.options();
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
    // For other scripts on the page, such as the map beside the field.
    this.input.dispatchEvent(new CustomEvent("suggest:chosen", { bubbles: true, detail: item }));
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  new Suggest(input);
}
