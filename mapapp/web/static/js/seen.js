// Says what is in view: after a badge was pressed how many people, and where the nearest are when
// there is nobody.
import { people, say } from "./words.js";

export class Seen {
  constructor(view) {
    this.view = view;
    this.status = document.getElementById("map-status");
    this.nowhere = document.getElementById("map-nowhere");
    this.isAsked = false;
    view.on("closer", () => {
      this.isAsked = true;
    });
    view.map.on("moveend", () => this.look());
  }

  look() {
    const { map, badges } = this.view;
    if (!map.getSize().x) {
      return; // on a phone nobody sees it now
    }
    const seen = map.getBounds();
    const inView = [...badges.shown.values()].filter(({ badge }) => seen.contains(badge.at));
    const sum = inView.reduce((total, { badge }) => total + badge.people, 0);
    const told = { n: inView.length, people: people(sum) };
    this.status.textContent = this.isAsked ? say("inViewNow", told) : "";
    this.isAsked = false;
    this.point(sum ? null : this.view.nearest());
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
