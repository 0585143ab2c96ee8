// From a point to its area, in the browser alone: only the area's id ever leaves it (PRIVACY 1).
import { loadShapes } from "./data.js";
import { contains, distanceKm, isNearBox } from "./geometry.js";

const REACH = 200; // kilometres over water to the nearest country
const BORDER = 25; // how far drawn borders may lie from true ones

async function measured(url, x, y, within) {
  const shapes = await loadShapes(url);
  return shapes
    .filter(({ box }) => isNearBox(box, x, y, within))
    .map((shape) => ({
      id: shape.id,
      far: contains(shape.polygons, x, y) ? 0 : distanceKm(shape.polygons, x, y),
    }))
    .filter(({ far }) => far <= within)
    .sort((a, b) => a.far - b.far);
}

async function regionsNear(countries, urls, x, y, within) {
  const lists = await Promise.all(
    countries.map(async (country) => {
      const url = urls.regions.replace("{id}", country.id);
      const regions = await measured(url, x, y, within);
      return regions.map((region) => ({ ...region, country: country.id }));
    }),
  );
  return lists.flat().sort((a, b) => a.far - b.far);
}

// Zone shapes fit together without gaps, so a point on land is in exactly one of them; the
// regions only say in which files to look first.
async function zoneAmong(regions, urls, x, y, within) {
  let best = null;
  for (const region of regions) {
    const zones = await measured(urls.zones.replace("{id}", region.id), x, y, within);
    for (const zone of zones) {
      if (!best || zone.far < best.far) {
        best = { zone: zone.id, region: region.id, country: region.country, far: zone.far };
      }
    }
    if (best?.far === 0) {
      return best;
    }
  }
  return best;
}

// Returns {zone, region, country} (ids) for a point, or null where no land is within reach.
export async function findZone(lat, lng, urls) {
  const x = ((((lng + 180) % 360) + 360) % 360) - 180;
  const close = await measured(urls.countries, x, lat, BORDER);
  const found = await zoneAmong(await regionsNear(close, urls, x, lat, BORDER), urls, x, lat, BORDER);
  if (found) {
    return found;
  }
  const [nearest] = await measured(urls.countries, x, lat, REACH);
  if (!nearest) {
    return null;
  }
  const within = nearest.far + 2 * BORDER;
  return zoneAmong(await regionsNear([nearest], urls, x, lat, within), urls, x, lat, within);
}

// The device's position, asked for only when the person presses the button.
export function askPosition() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error("none"));
      return;
    }
    const take = ({ coords }) => resolve({ lat: coords.latitude, lng: coords.longitude });
    // A coarse position is all a zone needs, and it comes sooner.
    const options = { enableHighAccuracy: false, timeout: 15000, maximumAge: 600000 };
    navigator.geolocation.getCurrentPosition(take, reject, options);
  });
}
