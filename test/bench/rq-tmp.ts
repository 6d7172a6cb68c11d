import { recordQueries } from './measure/record-queries.ts';
const [c, e] = process.argv.slice(2).map(Number);
const r = await recordQueries(c ?? 0, e ?? 0, 400);
console.log(JSON.stringify({ ...r, queries: undefined }));
console.table(r.queries);
