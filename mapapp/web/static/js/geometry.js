// Points and polygons on the globe. Coordinates are [lng, lat] in degrees, distances kilometres.
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

// Whether the point is within `margin` kilometres of the box, also across the 180th meridian.
export function isNearBox([west, south, east, north], x, y, margin) {
  const dy = margin / KM_PER_DEGREE;
  if (y < south - dy || y > north + dy) {
    return false;
  }
  const dx = Math.min(360, dy / Math.max(0.01, Math.cos(Math.min(89, Math.abs(y) + dy) * RADIANS)));
  return [x, x - 360, x + 360].some((lng) => lng >= west - dx && lng <= east + dx);
}

function segmentDistance(ax, ay, bx, by) {
  // From the origin to the segment a-b, on a flat sheet.
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  const t = length ? Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length)) : 0;
  return Math.hypot(ax + t * dx, ay + t * dy);
}

// Kilometres from the point to the nearest edge; good to a percent within a few hundred km.
export function distanceKm(polygons, x, y) {
  const scale = KM_PER_DEGREE * Math.cos(y * RADIANS);
  const flat = ([lng, lat]) => {
    const away = ((((lng - x) % 360) + 540) % 360) - 180;
    return [away * scale, (lat - y) * KM_PER_DEGREE];
  };
  let nearest = Infinity;
  for (const rings of polygons) {
    for (const ring of rings) {
      let [ax, ay] = flat(ring[0]);
      for (let i = 1; i < ring.length; i += 1) {
        const [bx, by] = flat(ring[i]);
        nearest = Math.min(nearest, segmentDistance(ax, ay, bx, by));
        ax = bx;
        ay = by;
      }
    }
  }
  return nearest;
}
