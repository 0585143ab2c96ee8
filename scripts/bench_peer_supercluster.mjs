// npm's supercluster with the people of a site as points: run by bench_peers.py, in the folder in
// which npm installed it, as: node FILE POINTS RESULT. POINTS has a latitude and a longitude for
// each person, one after the other, as 64-bit numbers.
import { readFileSync, writeFileSync } from "node:fs";
import Supercluster from "supercluster";

const ROUNDS = 7;
const WORLD = [-180, -85, 180, 85];
const bytes = readFileSync(process.argv[2]);
const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
const points = [];
for (let at = 0; at < numbers.length; at += 2) {
  const coordinates = [numbers[at + 1], numbers[at]];
  points.push({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates } });
}

const spent = () => process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000;
const median = (taken) => [...taken].sort((one, other) => one - other)[taken.length >> 1];

function measured(what, rounds, act) {
  const walls = [];
  const cpus = [];
  let size = 0;
  for (let round = 0; round < rounds; round++) {
    const cpu = spent();
    const start = performance.now();
    size = act();
    walls.push(performance.now() - start);
    cpus.push(spent() - cpu);
  }
  const p95 = Math.max(...walls);
  return { what, median: median(walls), p95, cpu: median(cpus), bytes: size };
}

let index;
const found = [
  measured("index, after a change", 1, () => {
    index = new Supercluster({ radius: 40, maxZoom: 16 });
    index.load(points);
    return 0;
  }),
  measured("JSON of the world's clusters at zoom 6", ROUNDS, () => {
    return JSON.stringify(index.getClusters(WORLD, 6)).length;
  }),
];
writeFileSync(process.argv[3], JSON.stringify(found));
