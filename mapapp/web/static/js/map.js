// The functions that the map's generated set-up script calls, one for each element.
import { Badges } from "./badges.js";
import { Controls } from "./controls.js";
import { Hash } from "./hash.js";
import { Labels } from "./labels.js";
import { Panel } from "./panel.js";
import { Outline, Shading } from "./shapes.js";
import { Tip } from "./tip.js";
import { View } from "./view.js";

const views = new WeakMap();

function begin(map, config) {
  const view = new View(map, config);
  views.set(map, view);
  const container = map.getContainer();
  container.setAttribute("role", "application");
  container.setAttribute("aria-label", view.numbers.label);
  view.showWhole();
  map.on("click", () => view.opened && view.close());
  new ResizeObserver(() => map.invalidateSize({ pan: false, debounceMoveend: true })).observe(
    container,
  );
}

function areas(map) {
  const view = views.get(map);
  const pointed = new Outline(view, "shape-pointed");
  const opened = new Outline(view, "shape-opened");
  view.on("point", ({ detail }) => pointed.show(detail.nodes));
  view.on("outline", ({ detail }) => pointed.show(detail.nodes));
  view.on("open", ({ detail }) => opened.show([detail.node]));
  view.on("group", ({ detail }) => opened.show(detail.nodes));
  view.on("own", ({ detail }) => opened.show([detail.mark]));
  view.on("close", () => opened.show([]));
  // Without shapes, too, the numbers are there.
  new Shading(view).showCountries().finally(() => map.getContainer().classList.add("is-drawn"));
}

function labels(map) {
  const view = views.get(map);
  const made = new Labels(map, {
    countries: () => view.tree.countries(),
    url: view.urls.names,
    over: ".map-tools, .map-legend, .map-shut, .map-page > .leave, .own-mark .own-pill",
    circles: () => view.badges.circles(),
  });
  view.on("cut", () => made.update());
  view.on("own-placed", () => made.update());
}

window.mapapp = {
  begin,
  areas,
  badges: (map) => {
    views.get(map).badges = new Badges(views.get(map));
  },
  labels,
  tip: (map) => new Tip(views.get(map)),
  panel: (map) => new Panel(views.get(map)),
  controls: (map) => new Controls(views.get(map)),
  hash: (map) => {
    new Hash(views.get(map));
    // For a script that only the pages of members have.
    document.dispatchEvent(new CustomEvent("map:ready", { detail: views.get(map) }));
  },
};
