// The panel beside the map: an area's name, numbers, parts and listed people. What people wrote
// arrives as JSON and is only ever inserted as text.
import { loadJson } from "./data.js";
import { Sheet } from "./sheet.js";
import { number, people, perMillion, roundTo2, say } from "./words.js";

const MOST_PARTS = 8;

export class Panel {
  constructor(view) {
    this.view = view;
    this.box = document.getElementById("map-panel");
    this.sheet = new Sheet(view, this.box);
    this.turn = 0;
    view.on("open", ({ detail }) => this.open(detail.node));
    view.on("group", ({ detail }) => this.openGroup(detail.nodes));
    view.on("own", ({ detail }) => this.openOwn(detail.mark));
    view.on("close", () => this.close());
    this.part("close").addEventListener("click", () => view.close());
    this.part("zoom").addEventListener("click", () => view.goTo(this.node));
    // Escape closes the panel from anywhere in the map's part of the page.
    document.getElementById("map-stage").addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.box.hidden) {
        event.stopPropagation();
        view.close();
      }
    });
  }

  part(name) {
    return this.box.querySelector(`[data-part="${name}"]`);
  }

  begin(name, above, lines) {
    this.turn += 1;
    this.part("name").textContent = name;
    this.part("above").textContent = above;
    this.part("numbers").replaceChildren(...lines.map((line) => element("li", "", line)));
    this.sheet.setFolded(false);
    this.box.hidden = false;
    document.getElementById("map-stage").classList.add("has-panel");
    this.box.scrollTop = 0;
    this.box.focus({ preventScroll: true });
  }

  open(node) {
    const area = node.rest ? this.view.tree.get(node.id) : node;
    this.node = area;
    const above = this.view.tree.path(area).slice(0, -1).reverse();
    this.begin(area.name, above.map(({ name }) => name).join(", "), this.numbersOf(area));
    this.part("zoom").hidden = false;
    this.showLinks(area);
    this.showParts(area);
    this.showPeople(area);
  }

  openGroup(nodes) {
    const sum = nodes.reduce((total, node) => total + node.people, 0);
    this.begin(this.view.groupName(nodes), "", [people(sum)]);
    this.part("zoom").hidden = true;
    this.part("links").hidden = true;
    this.part("people").hidden = true;
    this.listParts(nodes);
  }

  openOwn({ title, area, notes }) {
    this.begin(title, area, notes);
    for (const name of ["zoom", "links", "people", "parts"]) {
      this.part(name).hidden = true;
    }
  }

  numbersOf(area) {
    const lines = [area.people ? people(area.people) : say("nobodyYet")];
    const rate = this.view.rateOf(area);
    if (rate) {
      lines.push(perMillion(rate));
    }
    if (area.population) {
      lines.push(say("residents", { n: roundTo2(area.population) }));
    }
    return lines;
  }

  showLinks(area) {
    const { urls } = this.view;
    this.part("links").hidden = !urls.area;
    this.part("page").href = (urls.area ?? "").replace("{code}", encodeURIComponent(area.code));
    const near = this.part("nearby");
    if (near) {
      near.href = `${urls.nearby}?area=${area.id}`;
    }
  }

  async showParts(area) {
    const turn = this.turn;
    this.part("parts").hidden = true;
    if (area.level === "zone" || !area.people) {
      return;
    }
    await this.view.tree.load(area).catch(() => null);
    const parts = (this.view.tree.parts(area) ?? []).filter((node) => !node.rest);
    if (turn === this.turn) {
      this.listParts(parts);
    }
  }

  listParts(parts) {
    const sorted = [...parts].sort((a, b) => b.people - a.people || a.id - b.id);
    const items = sorted.slice(0, MOST_PARTS).map((node) => {
      const button = element("button", "panel-part");
      button.type = "button";
      button.append(element("span", "", node.name), element("span", "number", number(node.people)));
      button.addEventListener("click", () => {
        this.view.goTo(node);
        this.view.open(node);
      });
      const item = element("li");
      item.append(button);
      return item;
    });
    if (sorted.length > MOST_PARTS) {
      items.push(element("li", "quiet small", say("moreParts", { n: sorted.length - MOST_PARTS })));
    }
    this.part("parts").hidden = !items.length;
    this.part("part-list").replaceChildren(...items);
  }

  async showPeople(area) {
    const turn = this.turn;
    const { urls } = this.view;
    this.part("people").hidden = !urls.people || !area.people;
    this.part("person-list").replaceChildren();
    this.part("person-note").textContent = "";
    this.part("people").removeAttribute("aria-busy");
    if (this.part("people").hidden) {
      return;
    }
    const url = urls.people.replace("{code}", encodeURIComponent(area.code));
    this.part("people").setAttribute("aria-busy", "true");
    const answer = await loadJson(url).catch(() => ({ people: [], note: say("noAnswer") }));
    if (turn === this.turn) {
      this.part("person-list").replaceChildren(...answer.people.map(personItem));
      this.part("person-note").textContent = answer.note;
      this.part("people").removeAttribute("aria-busy");
    }
  }

  close() {
    this.turn += 1;
    const hadFocus = this.box.contains(document.activeElement);
    this.box.hidden = true;
    document.getElementById("map-stage").classList.remove("has-panel");
    if (hadFocus) {
      const back = this.view.pressed?.isConnected
        ? this.view.pressed
        : this.view.map.getContainer();
      back.focus({ preventScroll: true });
    }
  }
}

function personItem({ name, about, place, you, connect, connectLabel, report, reportLabel }) {
  const item = element("li", you ? "person person-mine" : "person");
  const words = element("div");
  const bdi = element("bdi", "", name);
  const heading = element("p", "person-name");
  heading.append(bdi);
  if (you) {
    heading.append(" ", element("span", "tag", you));
  }
  words.append(heading, element("p", "quiet", about), element("p", "quiet", place));
  const acts = element("div", "person-acts");
  // Nobody asks or reports themself, and who does not want to be asked is not.
  if (connect) {
    acts.append(linkTo(connect, "button", say("connect"), connectLabel));
  }
  if (report) {
    acts.append(linkTo(report, "person-report", say("report"), reportLabel));
  }
  item.append(words, acts);
  return item;
}

function linkTo(href, className, text, label) {
  const link = element("a", className, text);
  link.href = href;
  link.setAttribute("aria-label", label);
  return link;
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
