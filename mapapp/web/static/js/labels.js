// Names on the map: countries, then their regions, then towns, as many as there is room for.
// They repeat the list, so they are hidden from screen readers.
import { covers, pixelsAcross } from "./cut.js";
import { loadJson } from "./data.js";
import { placeName } from "./words.js";

const MOST = 70;
const PARTS_AT = { country: 330, region: 210 }; // as badges split, so do the names
const NAMED_AT = { country: 58, region: 64, zone: 0 }; // pixels across from which there is a name
const BELOW = { world: "country", country: "region", region: "zone" };
const LETTER = { country: 8.2, region: 7.4, zone: 7.2 }; // pixels, a little more than they are
const LINE = 20; // so that names under each other stand apart
const BESIDE = 5; // and beside each other
const CITY = 600; // residents a square kilometre across: a region that is a city, named as one
const SCATTERED = 100; // residents a kilometre across: fewer have only groups of far islands

export class Labels {
  // `countries()` lists the countries, `url` has the names of parts. Labels avoid `circles()` and
  // elements that match the selector `over`. `partsAt` says from which size on, in pixels, areas
  // give way to the names of their parts.
  constructor(map, { countries, url, over, circles = () => [], partsAt = PARTS_AT }) {
    Object.assign(this, { map, countries, url, over, circles, partsAt });
    this.parts = new Map(); // by area id; null while on its way
    this.shown = new Map(); // markers by area id
    map.createPane("labels").setAttribute("aria-hidden", "true");
    this.update();
  }

  update() {
    const { map } = this;
    const zoom = map.getZoom();
    const seen = map.getBounds().pad(0.1);
    const frame = this.frame();
    const taken = [...this.circles(), ...this.covered(frame)];
    const fresh = new Map();
    for (const area of this.candidates(zoom, seen)) {
      const box = fresh.size < MOST ? this.boxFor(area, zoom, taken, frame) : null;
      if (box) {
        taken.push(box);
        fresh.set(area.id, { area, box });
      }
    }
    this.draw(fresh);
  }

  // The visible part of the map, in pixels at its zoom.
  frame() {
    const { x, y } = this.map.getPixelBounds().min;
    const size = this.map.getSize();
    return { left: x, right: x + size.x, top: y, bottom: y + size.y };
  }

  // What covers the map: a name half under it cannot be read.
  covered({ left, top }) {
    const map = this.map.getContainer().getBoundingClientRect();
    const boxes = [...document.querySelectorAll(this.over)].map((it) => it.getBoundingClientRect());
    return boxes.map((box) => ({
      left: left + box.left - map.left,
      right: left + box.right - map.left,
      top: top + box.top - map.top,
      bottom: top + box.bottom - map.top,
    }));
  }

  // Areas whose names would fit: countries and regions with the most residents first, and zones
  // with the largest towns, because all zones have about the same number of residents.
  candidates(zoom, seen) {
    const found = [];
    const stack = this.countries();
    while (stack.length) {
      const area = stack.pop();
      if (area.level === "country" && area.population < area.across * SCATTERED) {
        continue; // the name would lie on other people's sea
      }
      const pixels = pixelsAcross(area, zoom);
      const splits = pixels >= (this.partsAt[area.level] ?? Infinity);
      if (splits && covers(area, seen)) {
        stack.push(...this.partsOf(area));
      }
      const isCity = area.level === "region" && area.population >= area.across ** 2 * CITY;
      const fits = isCity || (pixels >= NAMED_AT[area.level] && area.name.length * 3 < pixels);
      // A zone without a town of its own is named "near" another, which is no name for a map.
      const isTown = area.level === "zone" && !area.isNear;
      if (
        !splits &&
        (area.level === "zone" ? isTown : fits) &&
        seen.contains([area.lat, area.lng])
      ) {
        found.push(area);
      }
    }
    return found.sort((a, b) => rankOf(b) - rankOf(a) || a.id - b.id);
  }

  partsOf(area) {
    if (!this.parts.has(area.id)) {
      this.parts.set(area.id, null);
      this.load(area).catch(() => this.parts.delete(area.id));
    }
    return this.parts.get(area.id) ?? [];
  }

  async load(area) {
    const parts = await namedParts(this.url, area);
    this.parts.set(area.id, parts);
    if (parts.length) {
      this.update();
    }
  }

  // The position of the name, in pixels: on its point or, if there is a badge, below the badge.
  boxFor(area, zoom, taken, frame) {
    const { x, y } = this.map.project([area.lat, area.lng], zoom);
    const half = (area.name.length * LETTER[area.level]) / 2 + BESIDE;
    for (const down of [0, 9 + LINE / 2, 24 + LINE / 2]) {
      const box = {
        left: x - half,
        right: x + half,
        top: y + down - LINE / 2,
        bottom: y + down + LINE / 2,
      };
      if (isWithin(box, frame) && !taken.some((other) => touch(box, other))) {
        return { ...box, down };
      }
    }
    return null;
  }

  draw(fresh) {
    for (const [id, { marker, down }] of this.shown) {
      if (fresh.get(id)?.box.down !== down) {
        marker.remove();
        this.shown.delete(id);
      }
    }
    for (const [id, { area, box }] of fresh) {
      if (!this.shown.has(id)) {
        this.shown.set(id, { marker: this.mark(area, box.down), down: box.down });
      }
    }
  }

  mark(area, down) {
    const text = document.createElement("span");
    text.textContent = area.name;
    const icon = L.divIcon({
      className: `map-label map-label-${area.level}`,
      html: text,
      iconSize: [0, 0],
      iconAnchor: [0, -down],
    });
    const options = { icon, pane: "labels", interactive: false, keyboard: false };
    return L.marker([area.lat, area.lng], options).addTo(this.map);
  }
}

// The parts of an area from the file of names; the parts of the world (id 0) are the countries.
export async function namedParts(url, { id: parent, level }) {
  const columns = await loadJson(url.replace("{id}", parent));
  const { ids, names, codes, lat, lng, population, across, rank } = columns ?? { ids: [] };
  return ids.map((id, i) => ({
    id,
    level: BELOW[level],
    code: codes?.[i],
    name: placeName(names[i], codes?.[i]),
    isNear: names[i].startsWith("near "),
    lat: lat[i],
    lng: lng[i],
    population: population[i],
    across: across[i],
    rank: rank?.[i],
  }));
}

function rankOf({ rank, population }) {
  return rank ?? population;
}

function isWithin(a, b) {
  return a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;
}

function touch(a, b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
