import { longRecord } from './long-record.ts';
import { writeFile } from 'node:fs/promises';
const count = Number(process.argv[2] ?? 100000);
const r = await longRecord(count, 10, 48);
await writeFile(
  '/tmp/tl/site.json',
  JSON.stringify({
    url: r.gateway.url,
    password: r.gateway.adminPassword,
    camera: r.camera.id,
    pid: r.gateway.pid,
    cookie: r.api.cookie,
  }),
);
console.log('ready', r.gateway.url);
process.on('SIGTERM', () => void r.gateway.remove().then(() => process.exit(0)));
setInterval(() => {}, 1e6);
