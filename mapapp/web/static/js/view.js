// A map on the page: its numbers, its areas, and the messages between the map's parts.
import { AROUND, kmPerPixel, pixelsAcross, smallestAround } from "./cut.js";
import { embedded } from "./data.js";
import { Tree } from "./tree.js";
import { Whole } from "./whole.js";
import { people, perMillion, say, setWords, someNames } from "./words.js";

const REGIONS_FROM = 2500; // kilometres across a view that shows regions
const ZONES_FROM = 700;
const FILLS = 0.5; // of the view's shorter side

export class View extends EventTarget {
  constructor(map, config) {
    super();
    setWords(config.words, config.language);
    this.map = map;
    this.numbers = embedded("map-numbers");
    this.urls = { ...config.urls, ...this.numbers.urls };
    this.tree = new Tree(config.countries, this.numbers, this.urls);
    this.mode = document.querySelector("[data-legend]:not([hidden])").dataset.legend;
    this.opened = null;
    this.isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.hasFinger = window.matchMedia("(pointer: coarse)").matches;
    this.whole = new Whole(map, this.hasFinger);
  }

  on(name, listener) {
    this.addEventListener(name, listener);
  }

  tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // People per million residents; 0 where there are too few people to say.
  rateOf({ people: n, population }) {
    return population && n >= this.numbers.rateFrom ? (n / population) * 1e6 : 0;
  }

  // The shade (0 to 6) of an area in the selected mode.
  shadeOf(node) {
    const { limits, shades } = this.numbers.scales[this.mode];
    const value = this.mode === "rate" ? this.rateOf(node) : node.people;
    const reached = limits.filter((limit) => value >= limit).length;
    return value ? shades[Math.max(0, reached - 1)] : 0;
  }

  setMode(mode) {
    this.mode = mode;
    this.tell("mode", { mode });
  }

  // Highlight areas on hover, touch or focus; an empty list highlights nothing.
  point(nodes, at = null, badge = null) {
    this.tell("point", { nodes, at, badge });
  }

  open(node) {
    this.opened = node;
    this.tell("open", { node });
  }

  openGroup(nodes) {
    this.opened = null;
    this.tell("group", { nodes });
  }

  // Say what a mark of the reader's own means; the map does not move there, because the address
  // that a browser keeps would say where its reader is.
  openOwn(mark) {
    this.opened = null;
    this.tell("own", { mark });
  }

  close() {
    this.opened = null;
    this.tell("close");
  }

  // The level of the areas that the map shows now, which is one for the whole view: by how much of
  // the world is in it, and finer where the area in the middle fills it.
  level() {
    const { x, y } = this.map.getSize();
    if (!x) {
      return "country"; // nobody sees it yet
    }
    const middle = this.map.getCenter();
    const km = kmPerPixel(middle.lat, this.map.getZoom());
    const view = Math.max(x, y) * km;
    const fills = (area) => area && area.across >= FILLS * Math.min(x, y) * km;
    const country = smallestAround(this.tree.countries(), middle);
    const region = country && smallestAround(this.tree.parts(country) ?? [], middle);
    if (view <= ZONES_FROM || fills(region)) {
      return "zone";
    }
    return view <= REGIONS_FROM || fills(country) ? "region" : "country";
  }

  // Go to an area, close enough to show its parts (or, for a zone, its surroundings).
  goTo(node) {
    const { x, y } = this.map.getSize();
    const wanted = node.level === "zone" ? 160 : Math.min(x, y) * 0.7;
    const zoom = this.map.getZoom() + Math.log2(wanted / pixelsAcross(node, this.map.getZoom()));
    this.tell("going");
    this.move(this.at(node), Math.max(this.map.getMinZoom(), Math.min(9, zoom)));
  }

  // Where an area is now: seen across the Pacific, what lies in the west is in the east once more.
  at({ lat, lng }) {
    return [lat, this.map.getCenter().lng - lng > AROUND / 2 ? lng + AROUND : lng];
  }

  move(center, zoom) {
    this.isMoving = true;
    this.map.once("moveend", () => {
      this.isMoving = false;
    });
    if (this.isCalm) {
      this.map.setView(center, zoom, { animate: false });
    } else {
      this.map.flyTo(center, zoom, { duration: 0.7 });
    }
  }

  // The area with people that is nearest to the middle of the map; parts count where they are known.
  nearest() {
    const middle = this.map.getCenter();
    const away = (node) => middle.distanceTo([node.lat, node.lng]);
    const nearestOf = (nodes) => [...nodes].sort((a, b) => away(a) - away(b))[0];
    let found = nearestOf(this.tree.top);
    while (found && this.tree.parts(found)?.length) {
      found = nearestOf(this.tree.parts(found).filter((node) => !node.rest)) ?? found;
      if (found.level === "zone") {
        break;
      }
    }
    return found;
  }

  // What several areas are called: "7 countries", "5 regions in Germany".
  groupName(nodes) {
    const n = nodes.length;
    const levels = new Set(nodes.map((node) => node.level));
    const kind = levels.size > 1 ? "zone" : nodes[0].level;
    if (kind === "country") {
      return say("countries", { n });
    }
    const around = new Set(nodes.map((node) => this.tree.path(node)[0]));
    const [place] = around.size === 1 ? around : [];
    const key = { region: "regions", zone: "areas" }[kind];
    return place ? say(`${key}In`, { n, place: place.name }) : say(key, { n });
  }

  // What a screen reader says of a badge.
  label(nodes, sum) {
    const { name } = this.line(nodes);
    const inside = nodes.length > 1 ? ` (${someNames(nodes)})` : "";
    return `${name}${inside}: ${people(sum)}`;
  }

  // One line about areas: its name and its numbers.
  line(nodes) {
    const sum = nodes.reduce((total, node) => total + node.people, 0);
    if (nodes.length > 1) {
      return { name: this.groupName(nodes), text: `${people(sum)} · ${someNames(nodes)}` };
    }
    const [node] = nodes;
    if (node.notes) {
      return { name: node.title, text: [node.area, ...node.notes].join(" · ") };
    }
    const name = node.rest ? say("asWhole", { name: node.name }) : node.name;
    const rate = node.rest ? 0 : this.rateOf(node);
    const text = sum ? people(sum) : say("nobodyYet");
    return { name, text: rate ? `${text} · ${perMillion(rate)}` : text };
  }
}
