// Turns TopoJSON into plain polygons. Reads only the quantised form that this site serves.

// Returns the arcs as arrays of [lng, lat].
function decodeArcs({ arcs, transform }) {
  const [scaleX, scaleY] = transform.scale;
  const [moveX, moveY] = transform.translate;
  return arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => {
      x += dx;
      y += dy;
      return [x * scaleX + moveX, y * scaleY + moveY];
    });
  });
}

// A ring is a list of arcs; ~i is arc i reversed. Neighbouring arcs share an end point.
function joinRing(indexes, arcs) {
  const ring = [];
  for (const index of indexes) {
    const arc = index < 0 ? [...arcs[~index]].reverse() : arcs[index];
    for (let i = ring.length ? 1 : 0; i < arc.length; i += 1) {
      ring.push(arc[i]);
    }
  }
  return ring;
}

function polygonsOf(geometry, arcs) {
  if (geometry.type === "Polygon") {
    return [geometry.arcs.map((ring) => joinRing(ring, arcs))];
  }
  if (geometry.type === "MultiPolygon") {
    return geometry.arcs.map((polygon) => polygon.map((ring) => joinRing(ring, arcs)));
  }
  return []; // an area too small to draw
}

// The box [west, south, east, north] around polygons; each is a list of rings, the outer one first.
export function boxOf(polygons) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [outer] of polygons) {
    for (const [x, y] of outer) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

// Returns [{id, polygons, box, boxes}] from the object "areas".
export function decode(topology) {
  const arcs = decodeArcs(topology);
  return topology.objects.areas.geometries.map((geometry) => {
    const polygons = polygonsOf(geometry, arcs);
    // Around each of them: one around all would go around the world where a country has land on
    // both sides of 180°.
    const boxes = polygons.map((polygon) => boxOf([polygon]));
    return { id: geometry.id, polygons, box: boxOf(polygons), boxes };
  });
}
