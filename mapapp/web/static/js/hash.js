// The map's position and zoom in the URL, so that a view can be shared: #5/51.50/-0.10,
// #5/51.50/-0.10/GB-ENG or #GB-ENG. The position is the view's middle or an area, never a person's.

// As far as the map goes: in the east across the Pacific to the Americas.
const [WEST, EAST] = [-230, 330];

export function readHash(hash) {
  const parts = decoded(hash.replace(/^#/, "")).split("/");
  const [zoom, lat, lng] = parts.slice(0, 3).map(Number);
  const isView = parts.length >= 3 && [zoom, lat, lng].every(Number.isFinite);
  if (isView && Math.abs(lat) <= 90 && lng >= WEST && lng <= EAST) {
    return { view: { zoom, lat, lng }, code: parts[3] ?? "" };
  }
  return { view: null, code: parts.length === 1 ? parts[0] : "" };
}

// Whether an address names a view or an area of the map, and not a part of the page.
export function isView(hash) {
  const { view, code } = readHash(hash);
  return view !== null || Boolean(code && !document.getElementById(code));
}

// A truncated or mistyped URL can end in half a code, such as "%".
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

export function writeHash({ zoom, lat, lng }, code = "") {
  const place = [Number(zoom.toFixed(2)), lat.toFixed(2), lng.toFixed(2)];
  return `#${[...place, ...(code ? [encodeURIComponent(code)] : [])].join("/")}`;
}

// Walks down from the countries to the area with this code; a part's code begins with its parent's.
export async function findByCode(tree, code) {
  const known = () => [...tree.nodes.values()];
  for (let depth = 0; depth < 3; depth += 1) {
    const found = known().find((node) => node.code === code);
    if (found) {
      return found;
    }
    const around = known()
      .filter((node) => node.people > 0 && node.level !== "zone" && code.startsWith(node.code))
      .sort((a, b) => b.code.length - a.code.length)[0];
    if (!around || tree.parts(around)) {
      return null;
    }
    await tree.load(around);
  }
  return known().find((node) => node.code === code) ?? null;
}

export class Hash {
  constructor(view) {
    this.view = view;
    this.turn = 0;
    this.follow();
    const write = () => this.write();
    view.map.on("moveend", write);
    view.on("open", write);
    view.on("close", write);
    window.addEventListener("hashchange", () => this.follow());
  }

  write() {
    const { map, opened } = this.view;
    if (!map.getContainer().offsetParent) {
      return; // on a phone nobody sees it now
    }
    if (isView(window.location.hash) && window.location.hash !== this.known) {
      return; // typed a moment ago, and followed in the next
    }
    const { lat, lng } = map.getCenter();
    const hash = writeHash({ zoom: map.getZoom(), lat, lng }, opened?.code);
    window.history.replaceState(window.history.state, "", hash);
    this.known = window.location.hash;
  }

  async follow() {
    this.known = window.location.hash;
    const { view: place, code } = readHash(this.known);
    this.turn += 1;
    const { turn } = this;
    // A code alone may be a part of the page, such as the list.
    if ((place || !code) && this.view.opened && this.view.opened.code !== code) {
      this.view.close();
    }
    if (place) {
      this.view.map.setView([place.lat, place.lng], place.zoom, { animate: false });
    }
    const node = code ? await findByCode(this.view.tree, code).catch(() => null) : null;
    if (!node || turn !== this.turn) {
      return;
    }
    // Opened first: when the way there begins, the address names the area already.
    if (node.code !== this.view.opened?.code) {
      this.view.open(node);
    }
    if (!place) {
      this.view.goTo(node);
    }
  }
}
