// Points and polygons on the globe. Coordinates are [lng, lat] in degrees, distances in kilometres.
const KM_PER_DEGREE = 111.195;
const RADIANS = Math.PI / 180;

function isInRing(ring, x, y) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) {
      inside = !inside;
    }
  }
  return inside;
}

// Whether the point is in one of the polygons and in none of its holes.
export function contains(polygons, x, y) {
  return polygons.some(
    ([outer, ...holes]) => isInRing(outer, x, y) && !holes.some((hole) => isInRing(hole, x, y)),
  );
}

// The approximate distance from the point to the box in kilometres; 0 inside. Never too large.
export function boxDistanceKm([west, south, east, north], x, y) {
  const dy = Math.max(0, south - y, y - north);
  const dx = Math.min(...[x, x - 360, x + 360].map((lng) => Math.max(0, west - lng, lng - east)));
  const highest = Math.min(89.9, Math.max(Math.abs(y), Math.abs(south), Math.abs(north)));
  return Math.hypot(dx * Math.cos(highest * RADIANS), dy) * KM_PER_DEGREE;
}

function segmentDistance(ax, ay, bx, by) {
  // From the origin to the segment a-b, on a plane.
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const t = length ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length)) : 0;
  return Math.hypot(ax + t * dx, ay + t * dy);
}

// Kilometres from the point to the nearest edge; accurate to 1 % within a few hundred km.
export function distanceKm(polygons, x, y) {
  const scale = KM_PER_DEGREE * Math.cos(y * RADIANS);
  let nearest = Infinity;
  for (const ring of polygons.flat()) {
    for (let i = 1; i < ring.length; i += 1) {
      // Both ends are rotated by the same amount, so that no edge is split at the antimeridian.
      const [lng, lat] = ring[i - 1];
      const away = ((((lng - x) % 360) + 540) % 360) - 180;
      const ax = away * scale;
      const ay = (lat - y) * KM_PER_DEGREE;
      const bx = (away + ring[i][0] - lng) * scale;
      const by = (ring[i][1] - y) * KM_PER_DEGREE;
      nearest = Math.min(nearest, segmentDistance(ax, ay, bx, by));
    }
  }
  return nearest;
}
