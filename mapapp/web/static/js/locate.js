// Finds the area of a point within the browser: only the area's id ever leaves it (privacy rule 1).
import { loadJson, loadShapes } from "./data.js";
import { boxDistanceKm, contains, distanceKm } from "./geometry.js";

const REACH = 200; // kilometres over water to the nearest zone

// Regions that may contain the point, the likeliest first: by nearest box, then by smallest.
async function candidates(url, x, y) {
  const { ids, boxes } = await loadJson(url);
  const found = [];
  for (let i = 0; i < ids.length; i += 1) {
    const [west, south, east, north] = boxes.slice(4 * i, 4 * i + 4);
    const far = boxDistanceKm([west, south, east, north], x, y);
    if (far <= REACH) {
      found.push({ id: ids[i], far, size: (east - west) * (north - south) });
    }
  }
  return found.sort((a, b) => a.far - b.far || a.size - b.size);
}

// Returns {zone, region, far} (ids, kilometres) for a point, or null if no land is in range.
// The zones of all regions fit together without gaps: a point on land is in exactly one of them.
export async function findZone(lat, lng, urls) {
  const x = ((((lng + 180) % 360) + 360) % 360) - 180;
  let best = null;
  for (const region of await candidates(urls.boxes, x, lat)) {
    if (region.far > (best?.far ?? REACH)) {
      break; // nothing that follows can be nearer
    }
    for (const shape of await loadShapes(urls.zones.replace("{id}", region.id))) {
      if (boxDistanceKm(shape.box, x, lat) <= (best?.far ?? REACH)) {
        const inside = contains(shape.polygons, x, lat);
        const far = inside ? 0 : distanceKm(shape.polygons, x, lat);
        if (inside) {
          return { zone: shape.id, region: region.id, far };
        }
        if (far <= (best?.far ?? REACH)) {
          best = { zone: shape.id, region: region.id, far };
        }
      }
    }
  }
  return best;
}

// The device's position, asked for only when the person presses the button.
export function askPosition() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error("none"));
      return;
    }
    const take = ({ coords }) => resolve({ lat: coords.latitude, lng: coords.longitude });
    // A rough position is enough for a zone, and arrives sooner.
    const options = { enableHighAccuracy: false, timeout: 15000, maximumAge: 600000 };
    navigator.geolocation.getCurrentPosition(take, reject, options);
  });
}
