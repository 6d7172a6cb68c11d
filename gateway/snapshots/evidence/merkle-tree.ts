import { createHash } from 'node:crypto';

/** One step from a leaf to the root: the hash beside it and on which side that stands. */
export interface MerkleStep {
  side: 'left' | 'right';
  hash: string;
}

/** Hash of a leaf's UTF-8 text, hex (RFC 9162 section 2.1.1: a zero byte in front keeps leaves and nodes apart). */
export function leafHash(text: string): string {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(text, 'utf8')
    .digest('hex');
}

/** Root over leaf hashes in their order, hex (RFC 9162 section 2.1.1); of no leaves the hash of nothing. */
export function merkleRoot(leaves: readonly string[]): string {
  const [only] = leaves;
  if (only === undefined) return createHash('sha256').digest('hex');
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return nodeHash(merkleRoot(leaves.slice(0, split)), merkleRoot(leaves.slice(split)));
}

/** The steps from the leaf at `index` up to the root (RFC 9162 section 2.1.3.1). */
export function merklePath(leaves: readonly string[], index: number): MerkleStep[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const left = leaves.slice(0, split);
  const right = leaves.slice(split);
  return index < split
    ? [...merklePath(left, index), { side: 'right', hash: merkleRoot(right) }]
    : [...merklePath(right, index - split), { side: 'left', hash: merkleRoot(left) }];
}

/** The root that a leaf hash and its steps lead to. */
export function rootOfPath(leaf: string, path: readonly MerkleStep[]): string {
  return path.reduce(
    (hash, step) => (step.side === 'left' ? nodeHash(step.hash, hash) : nodeHash(hash, step.hash)),
    leaf,
  );
}

function nodeHash(left: string, right: string): string {
  return createHash('sha256')
    .update(Buffer.from([1]))
    .update(Buffer.from(left, 'hex'))
    .update(Buffer.from(right, 'hex'))
    .digest('hex');
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** Math.ceil(Math.log2(count) - 1);
}
