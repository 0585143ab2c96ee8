// Says what is in view: after a badge was pressed how many people, and where the nearest are when
// there is nobody.
import { covers } from "./cut.js";
import { people, say } from "./words.js";

const SHOWN = 5000; // milliseconds

export class Seen {
  constructor(view) {
    this.view = view;
    this.status = document.getElementById("map-status");
    this.nowhere = document.getElementById("map-nowhere");
    this.isAsked = false;
    view.on("closer", () => {
      this.isAsked = true;
    });
    view.map.on("moveend", () => this.tellSum());
    view.on("cut", ({ detail }) => this.look(detail.shown));
  }

  tellSum() {
    if (!this.isAsked) {
      return; // what the buttons said stays
    }
    this.isAsked = false;
    const { map, badges } = this.view;
    const seen = map.getBounds();
    const inView = [...badges.shown.values()].filter(({ badge }) => seen.contains(badge.at));
    const sum = inView.reduce((total, { badge }) => total + badge.people, 0);
    const told = say("inViewNow", { n: inView.length, people: people(sum) });
    this.status.textContent = told;
    setTimeout(() => {
      if (this.status.textContent === told) {
        this.status.textContent = ""; // it lies on the map
      }
    }, SHOWN);
  }

  // Of those who chose a whole country or region nobody knows whether they are here.
  look(shown) {
    const { map } = this.view;
    if (map.getSize().x) {
      const seen = map.getBounds();
      const isEmpty = !shown.some((node) => !node.rest && covers(node, seen));
      this.point(isEmpty ? this.view.nearest() : null);
    }
  }

  point(nearest) {
    this.nowhere.hidden = !nearest;
    if (nearest) {
      const told = { name: nearest.name, people: people(nearest.people) };
      this.nowhere.querySelector('[data-part="words"]').textContent = say("nobodyInView", told);
      this.nowhere.querySelector('[data-part="way"]').onclick = () => this.view.goTo(nearest);
    }
  }
}
