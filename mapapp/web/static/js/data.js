// Fetches each URL once. A map saved as one file contains its data under the same URLs.
import { decode } from "./topojson.js";

const answers = new Map();
let inside = null;

function readInside() {
  const element = document.getElementById("map-inside");
  return element ? JSON.parse(element.textContent) : {};
}

async function get(url) {
  inside ??= readInside();
  if (url in inside) {
    return inside[url];
  }
  if (window.location.protocol === "file:") {
    return null;
  }
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) {
    throw new Error(`${response.status}`);
  }
  return response.json();
}

function once(key, make) {
  if (!answers.has(key)) {
    const promise = make();
    answers.set(key, promise);
    promise.catch(() => answers.delete(key)); // a lost connection may come back
  }
  return answers.get(key);
}

// The JSON at the URL; null if a saved file does not contain it.
export function loadJson(url) {
  return once(url, () => get(url));
}

// The areas of a shape file as [{id, polygons, box, boxes}].
export function loadShapes(url) {
  return once(`shapes ${url}`, async () => {
    const topology = await loadJson(url);
    answers.delete(url); // the decoded form is enough
    return topology ? decode(topology) : [];
  });
}

// JSON in the page's <script type="application/json" id="…">.
export function embedded(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

const ICE = -60; // degrees; nobody lives beyond, and the projection makes it larger than Africa

export function withoutIce(shape) {
  const isLand = ([outer]) => outer.some(([, lat]) => lat > ICE);
  return { ...shape, polygons: shape.polygons.filter(isLand) };
}
