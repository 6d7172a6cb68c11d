/** A program: plays the labelled set and prints its confusion table. `npm run quality-table [-- tuning] [-- held-out FIRST LAST]`. */
import { setCameras } from './camera-life.ts';
import { ConfusionTable } from './confusion-table.ts';
import { playedLife } from './played-life.ts';

const [part = 'held-out', first = '0', last = '99'] = process.argv.slice(2);
const cameras = setCameras(part === 'tuning' ? 'tuning' : 'held-out', 1).slice(Number(first), Number(last));
const table = new ConfusionTable();
for (const camera of cameras) {
  console.error(`playing ${camera.name}, ${JSON.stringify(camera.coding)} …`);
  await table.judgeLife(camera.name, playedLife(camera));
}
console.log(`${table.text()}\n`);
for (const { camera, kind, expected, got, part: light, weather } of table.mistakes)
  console.log(`- ${camera}, ${light}, ${weather}: ${kind} is ${expected}, was called ${got}`);
