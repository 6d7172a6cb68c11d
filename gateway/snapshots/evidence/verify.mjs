#!/usr/bin/env node
// Checks an evidence bundle of a Gantry gateway. Needs Node.js 18 or later, nothing else, no network.
// Usage, in the unpacked folder:  node verify.mjs [--fingerprint SHA-256-OF-THE-KEY] [FOLDER]
// Exit code 0: all pictures are as the gateway recorded them. 1: something was changed; it is named.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const at = args.indexOf('--fingerprint');
const wanted = at >= 0 ? args.splice(at, 2)[1] : undefined;
const folder = args[0] ?? dirname(fileURLToPath(import.meta.url));
const faults = [];
const print = (line) => process.stdout.write(`${line}\n`);
const say = (what) => faults.push(what);
const sha256 = (...parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const text = (heading, fields) =>
  [heading, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`), ''].join('\n');

const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const key = createPublicKey(readFileSync(join(folder, 'public-key.pem')));
const keyId = sha256(key.export({ type: 'spki', format: 'der' }));
const isSigned = (signed, signature) =>
  verify(null, Buffer.from(signed, 'utf8'), key, Buffer.from(String(signature), 'base64'));
const links = readFileSync(join(folder, 'links.jsonl'), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const cameraId = manifest.camera.id;

// 1. Every link: its own hash, the one before it, its picture (or the signed word that retention removed it).
let before;
const named = new Set();
for (const link of links) {
  const { seq, prevHash, id, takenAt, scheduledFor, width, height, bytes, source } = link;
  const fields = {
    prevHash,
    id,
    cameraId: link.cameraId,
    takenAt,
    scheduledFor: scheduledFor ?? '-',
    width,
    height,
    bytes,
  };
  if (link.cameraId !== cameraId) say(`${id}: is of another camera`);
  if (sha256(text('gantry-snapshot-v1', { ...fields, sha256: link.sha256, source })) !== link.chainHash)
    say(`${id}: a recorded field was changed`);
  if (before && seq !== before.seq + 1)
    say(`${id}: ${seq - before.seq - 1} picture(s) missing or out of order before it`);
  else if (before && prevHash !== before.chainHash) say(`${id}: does not follow the picture before it`);
  if (link.removed) {
    const stone = {
      id,
      chainHash: link.chainHash,
      removedAt: link.removed.removedAt,
      policy: link.removed.policy,
    };
    if (!isSigned(text('gantry-tombstone-v1', stone), link.removed.signature))
      say(`${id}: was removed, but the gateway has not signed that`);
  } else if (link.file) {
    const name = `pictures/${id}.jpg`;
    named.add(`${id}.jpg`);
    if (!existsSync(join(folder, name))) say(`${id}: its picture is missing`);
    else if (sha256(readFileSync(join(folder, name))) !== link.sha256)
      say(`${id}: its picture was changed (${name})`);
  } else if (takenAt >= manifest.from && takenAt <= manifest.to) say(`${id}: its picture was left out`);
  before = link;
}
const pictures = existsSync(join(folder, 'pictures')) ? readdirSync(join(folder, 'pictures')) : [];
for (const name of pictures) if (!named.has(name)) say(`pictures/${name}: was not recorded by the gateway`);
if (links.length !== manifest.links)
  say(`links.jsonl: has ${links.length} lines instead of ${manifest.links}`);
if (named.size !== manifest.pictures) say(`${named.size} pictures instead of ${manifest.pictures}`);

// 2. Signed places of the chain: without the gateway's key nobody can make a chain that ends in one.
let signedSeq = 0;
const at_ = new Map(links.map((link) => [link.seq, link]));
for (const day of manifest.days) {
  const told = new Map(
    day.statement.split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
  );
  if (!isSigned(day.statement, day.signature)) say(`day ${day.date}: is not signed with this key`);
  if (told.get('date') !== day.date) say(`day ${day.date}: the signed date is ${told.get('date')}`);
  if (told.get('keyId') !== keyId) say(`day ${day.date}: names another key`);
  const { seq, chainHash, path } = day.leaf;
  let root = sha256(Buffer.from([0]), text('gantry-leaf-v1', { cameraId, seq, chainHash }));
  for (const { side, hash } of path) {
    const pair = side === 'left' ? [hash, root] : [root, hash];
    root = sha256(Buffer.from([1]), ...pair.map((part) => Buffer.from(part, 'hex')));
  }
  if (root !== told.get('root')) say(`day ${day.date}: the chain does not lead to the signed root`);
  if (at_.get(seq)?.chainHash !== chainHash)
    say(`day ${day.date}: picture ${seq} is not the one that was signed`);
  signedSeq = Math.max(signedSeq, seq);
}
const { head } = manifest;
if (head && at_.has(head.seq)) {
  const { seq, id, chainHash, signature } = head;
  if (!isSigned(text('gantry-head-v1', { cameraId, seq, id, chainHash }), signature))
    say('the end of the chain is not signed with this key');
  if (at_.get(seq).chainHash !== chainHash) say(`${id}: is not the end of the chain that was signed`);
  signedSeq = Math.max(signedSeq, seq);
}
if (signedSeq < (before?.seq ?? 0))
  say(`the last ${before.seq - signedSeq} pictures are covered by no signature`);
if (manifest.keyId !== keyId) say('public-key.pem is not the key of the manifest');
if (wanted !== undefined && wanted.toLowerCase() !== keyId)
  say(`the key is not the expected one but ${keyId}`);

const span = `${manifest.from} to ${manifest.to}`;
print(`${manifest.camera.project} / ${manifest.camera.name} (${cameraId}), ${span}`);
print(`${links.length} links, ${named.size} pictures, ${manifest.days.length} signed days`);
print(`key fingerprint ${keyId}${wanted === undefined ? ' (compare it with the published one)' : ''}`);
for (const fault of faults) print(`CHANGED  ${fault}`);
print(
  faults.length === 0 ? 'OK: every picture is as the gateway recorded it' : `${faults.length} fault(s) found`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
