// Decides which areas have badges at a zoom level, and merges badges that would touch.
// Pure arithmetic: everyone is in exactly one badge, and no two badges overlap.
const DEPTH = { country: 0, region: 1, zone: 2 };
const SMALLEST = 14; // pixels of radius
const LARGEST = 27;
const GAP = 3;

// Pixels of the whole world for which the server draws badges (maps/drawn_world.py).
const DRAWN_FOR = [264, 480, 800, 1100];

export const AROUND = 360; // degrees, the whole world
const KM_PER_PIXEL = 156.543; // at the equator, zoom 0

export function kmPerPixel(lat, zoom) {
  return (KM_PER_PIXEL * Math.cos((lat * Math.PI) / 180)) / 2 ** zoom;
}

export function pixelsAcross(node, zoom) {
  return node.across / kmPerPixel(node.lat, zoom);
}

// Whether an area may reach into the bounds; a large area can fill them with its label far away.
export function covers(node, bounds) {
  return (node.boxes ?? [boxAround(node)]).some(
    ([west, south, east, north]) =>
      north >= bounds.getSouth() &&
      south <= bounds.getNorth() &&
      // Or across the Pacific, where what is in the west is drawn once more.
      [0, AROUND].some((on) => east + on >= bounds.getWest() && west + on <= bounds.getEast()),
  );
}

// Of the areas that reach over a point, the smallest: boxes of neighbours overlap.
export function smallestAround(areas, point) {
  const spot = point.toBounds(1);
  const around = areas.filter((area) => !area.rest && covers(area, spot));
  return around.sort((a, b) => a.across - b.across)[0];
}

// Without a known shape: twice the circle of the area's size, because areas are seldom round.
function boxAround({ lat, lng, across }) {
  const tall = across / 111;
  const wide = tall / Math.max(0.2, Math.cos((lat * Math.PI) / 180));
  return [lng - wide, lat - tall, lng + wide, lat + tall];
}

// The radius grows with the square root of the number, so that a badge's area shows the number.
export function radiusFor(most, width = Infinity) {
  const largest = Math.min(LARGEST, width / 18);
  const factor = Math.min(6, largest / Math.sqrt(Math.max(1, most)));
  return (people) => Math.min(largest + 3, Math.max(SMALLEST, factor * Math.sqrt(people)));
}

// The width for which the server drew the badges of a world that is so wide.
export function drawnFor(pixels) {
  return DRAWN_FOR.findLast((width) => width <= pixels) ?? DRAWN_FOR[0];
}

// The areas of a level to show, the ids of those that show their parts instead, and the areas whose
// parts are wanted but not loaded. All are of one level, because one scale is true for one alone.
// `isNear(node)` says whether loading is worthwhile; what is already loaded splits anyway.
export function cut(tree, level, isNear) {
  const shown = [];
  const wanted = [];
  const split = new Set();
  const stack = [...tree.top];
  while (stack.length) {
    const node = stack.pop();
    const splits = !node.rest && DEPTH[node.level] < DEPTH[level];
    const parts = splits ? tree.parts(node) : null;
    if (parts) {
      stack.push(...parts);
      split.add(node.id);
    } else {
      shown.push(node);
      if (splits && isNear(node)) {
        wanted.push(node);
      }
    }
  }
  return { shown, split, wanted };
}

// The areas in the west once more, where the bounds reach them across the Pacific.
export function beyond(nodes, bounds) {
  return nodes
    .filter(({ lat, lng }) => bounds.contains([lat, lng + AROUND]))
    .map((node) => ({ ...node, lng: node.lng + AROUND, key: `${node.key}+` }));
}

function bestTouching(placed, badge, gap, least) {
  let best = null;
  let nearest = Infinity;
  for (const other of placed) {
    const apart = Math.hypot(other.x - badge.x, other.y - badge.y);
    const room = Math.max(other.r + badge.r + gap, least);
    if (apart < room && apart / room < nearest) {
      best = other;
      nearest = apart / room;
    }
  }
  return best;
}

function absorb(into, badge, radius) {
  const people = into.people + badge.people;
  const [[west, north, east, south], [w, n, e, s]] = [into.box, badge.box];
  into.box = [Math.min(west, w), Math.min(north, n), Math.max(east, e), Math.max(south, s)];
  // In the middle of its areas: on the largest it would pass for that one's number.
  into.x = (into.box[0] + into.box[2]) / 2;
  into.y = (into.box[1] + into.box[3]) / 2;
  into.people = people;
  into.r = radius(people);
  into.members = [...into.members, ...badge.members];
}

// Badges {x, y, r, people, members} for the areas, largest first; `project` gives pixels,
// `least` the smallest distance between two centres (a finger needs more than a mouse).
export function merge(areas, project, radius, least = 0) {
  let badges = areas.map((node) => {
    const { x, y } = project(node);
    const box = [x, y, x, y];
    return { x, y, box, r: radius(node.people), people: node.people, members: [node] };
  });
  for (let changed = true; changed; ) {
    changed = false;
    badges.sort((a, b) => b.people - a.people || a.members[0].id - b.members[0].id);
    const placed = [];
    for (const badge of badges) {
      const other = bestTouching(placed, badge, GAP, least);
      if (other) {
        absorb(other, badge, radius);
        changed = true;
      } else {
        placed.push(badge);
      }
    }
    badges = placed;
  }
  return badges;
}

// The one area that a badge represents, or null: its only member, or a parent all of whose people
// are in it.
export function areaOf(tree, badge) {
  if (badge.members.length === 1) {
    return badge.members[0];
  }
  const above = (node) => (node.rest ? node.id : node.parent);
  const parent = above(badge.members[0]);
  const found = badge.members.every((node) => above(node) === parent) ? tree.get(parent) : null;
  return found && found.people === badge.people ? found : null;
}
