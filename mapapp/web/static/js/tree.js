// The areas with people, as a tree: countries come with the page, the rest is fetched when needed.
import { loadJson } from "./data.js";
import { placeName } from "./words.js";

// A country's zones are fetched at once up to this many people, above it region by region.
const ONE_ANSWER = 2000;

function rowsOf(columns, level) {
  return columns.ids.map((id, i) => ({
    id,
    key: String(id),
    level,
    parent: columns.parents ? columns.parents[i] : 0,
    code: columns.codes[i],
    name: level === "country" ? columns.names[i] : placeName(columns.names[i]),
    lat: columns.lat[i],
    lng: columns.lng[i],
    population: columns.population[i],
    across: columns.across[i],
    people: columns.counts ? columns.counts[i] : 0,
  }));
}

export class Tree {
  constructor(countries, numbers, urls) {
    this.urls = urls;
    this.nodes = new Map();
    this.kids = new Map();
    this.asked = new Map();
    const people = new Map(numbers.ids.map((id, i) => [id, numbers.counts[i]]));
    for (const country of rowsOf(countries, "country")) {
      country.people = people.get(country.id) ?? 0;
      this.nodes.set(country.id, country);
    }
    this.top = [...this.nodes.values()].filter((node) => node.people > 0);
  }

  get(id) {
    return this.nodes.get(id);
  }

  // All countries, including those without people.
  countries() {
    return [...this.nodes.values()].filter((node) => node.level === "country");
  }

  // The path from the area's country down to the area itself.
  path(node) {
    const parent = node.level === "country" ? null : this.nodes.get(node.parent);
    return parent ? [...this.path(parent), node] : [node];
  }

  // The parts of an area that have people, or undefined while they are not loaded.
  parts(node) {
    return node.rest || node.level === "zone" ? null : this.kids.get(node.id);
  }

  // Fetch the parts of an area (and of its siblings, if that costs little).
  load(node) {
    const country = this.path(node)[0];
    const whole = country.people <= ONE_ANSWER ? country : node;
    const level = node.level === "country" ? "region" : "zone";
    const under = level === "region" ? 0 : whole.id;
    const key = `${level} ${under}`;
    if (!this.asked.has(key)) {
      const promise = this.fetchParts(level, under);
      this.asked.set(key, promise);
      promise.catch(() => this.asked.delete(key));
    }
    return this.asked.get(key);
  }

  async fetchParts(level, under) {
    const query = `level=${level}${under ? `&under=${under}` : ""}&include=points`;
    const columns = await loadJson(`${this.urls.counts}?${query}`);
    const groups = new Map();
    for (const node of rowsOf(columns ?? emptyColumns(), level)) {
      this.nodes.set(node.id, node);
      groups.set(node.parent, [...(groups.get(node.parent) ?? []), node]);
    }
    for (const parent of this.parentsOf(level, under)) {
      this.kids.set(parent.id, withRest(parent, groups.get(parent.id) ?? []));
    }
  }

  // The areas with people whose parts are in the response for `level` under `under`.
  parentsOf(level, under) {
    const above = level === "region" ? "country" : "region";
    return [...this.nodes.values()].filter(
      (node) =>
        node.level === above && node.people > 0 && [0, node.id, node.parent].includes(under),
    );
  }
}

function emptyColumns() {
  return {
    ids: [],
    parents: [],
    codes: [],
    names: [],
    lat: [],
    lng: [],
    population: [],
    across: [],
  };
}

// People who chose a whole country or region have a separate badge at its label.
function withRest(parent, parts) {
  const rest = parent.people - parts.reduce((sum, part) => sum + part.people, 0);
  return rest > 0
    ? [...parts, { ...parent, key: `${parent.id}*`, people: rest, rest: true }]
    : parts;
}
