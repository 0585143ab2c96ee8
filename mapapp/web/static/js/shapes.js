// Drawing areas: the world's countries, the regions of countries that were split, and whatever
// is pointed at. Colours come from the style sheet; here a shape only gets its class.
import { loadShapes } from "./data.js";

// Leaflet wants [lat, lng].
function latlngs(polygons) {
  return polygons.map((rings) => rings.map((ring) => ring.map(([x, y]) => [y, x])));
}

export function drawShape(map, shape, pane, className, interactive = false) {
  return L.polygon(latlngs(shape.polygons), {
    pane,
    className,
    interactive,
    smoothFactor: 0.6,
    renderer: rendererFor(map, pane),
  });
}

// One renderer a pane, with room around the view so that panning shows no edge.
function rendererFor(map, pane) {
  map.mapappRenderers ??= new Map();
  if (!map.mapappRenderers.has(pane)) {
    map.createPane(pane);
    map.mapappRenderers.set(pane, L.svg({ pane, padding: 0.6 }));
  }
  return map.mapappRenderers.get(pane);
}

// The file that holds an area's shape.
export function shapesUrl(urls, node) {
  if (node.level === "country") {
    return urls.countries;
  }
  return (node.level === "region" ? urls.regions : urls.zones).replace("{id}", node.parent);
}

export async function shapeOf(urls, node) {
  const shapes = await loadShapes(shapesUrl(urls, node));
  return shapes.find((shape) => shape.id === node.id);
}

export class Shading {
  constructor(view) {
    this.view = view;
    this.layers = new Map(); // by area id
    this.split = new Set(); // countries whose regions are drawn or on their way
    view.on("mode", () => this.paint());
    view.on("cut", ({ detail }) => this.showRegions(detail.split));
  }

  async showCountries() {
    for (const shape of await loadShapes(this.view.urls.countries)) {
      this.add(shape, "countries");
    }
    this.paint();
  }

  add(shape, pane) {
    const node = this.view.tree.get(shape.id) ?? null;
    const layer = drawShape(this.view.map, shape, pane, `shape shape-${pane}`, node !== null);
    if (node) {
      layer.on("mouseover mousemove", (event) => this.view.point([node], event.containerPoint));
      layer.on("mouseout", () => this.view.point([]));
      layer.on("click", () => this.view.open(node));
    }
    layer.addTo(this.view.map);
    this.layers.set(shape.id, layer);
  }

  paint() {
    for (const id of this.layers.keys()) {
      this.paintOne(id);
    }
  }

  paintOne(id) {
    const element = this.layers.get(id).getElement();
    const node = this.view.tree.get(id);
    if (element) {
      element.dataset.shade = node ? this.view.shadeOf(node) : 0;
    }
  }

  showRegions(split) {
    for (const id of this.split) {
      if (!split.has(id)) {
        this.removeRegions(id);
      }
    }
    for (const id of split) {
      if (!this.split.has(id)) {
        this.split.add(id);
        this.addRegions(id);
      }
    }
  }

  async addRegions(id) {
    const shapes = await loadShapes(this.view.urls.regions.replace("{id}", id));
    if (!this.split.has(id)) {
      return; // zoomed out in the meantime
    }
    for (const shape of shapes) {
      if (!this.layers.has(shape.id)) {
        this.addRegion(shape, id);
      }
    }
    if (shapes.length) {
      this.layers.get(id)?.getElement()?.classList.add("is-split");
    }
  }

  addRegion(shape, countryId) {
    this.add(shape, "regions");
    this.layers.get(shape.id).countryId = countryId;
    this.paintOne(shape.id);
  }

  removeRegions(id) {
    this.split.delete(id);
    this.layers.get(id)?.getElement()?.classList.remove("is-split");
    for (const [shapeId, layer] of this.layers) {
      if (layer.countryId === id) {
        layer.remove();
        this.layers.delete(shapeId);
      }
    }
  }
}

// Outlines of what is pointed at (and, apart from it, of what the panel shows).
export class Outline {
  constructor(view, className) {
    this.view = view;
    this.className = className;
    this.layers = [];
    this.turn = 0;
  }

  async show(nodes) {
    this.turn += 1;
    const turn = this.turn;
    const found = nodes.slice(0, 40).map((node) => shapeOf(this.view.urls, node));
    const shapes = await Promise.all(found.map((promise) => promise.catch(() => null)));
    if (turn !== this.turn) {
      return; // something else is pointed at by now
    }
    this.layers.forEach((layer) => layer.remove());
    this.layers = shapes
      .filter(Boolean)
      .map((shape) => drawShape(this.view.map, shape, "outlines", this.className).addTo(this.view.map));
  }
}
