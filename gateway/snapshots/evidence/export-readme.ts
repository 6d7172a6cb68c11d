/** The page that goes with an evidence bundle, Chinese and English. */
export function exportReadme(keyId: string): string {
  return `施工影像证据包 / Evidence bundle of construction pictures

核验：解压后在本文件夹运行（只需 Node.js 18 及以上，无需联网）
To check: unpack, and run in this folder (needs Node.js 18 or later, no network)

    node verify.mjs

公钥指纹须与网关公布的一致 / The key's fingerprint must be the one that the gateway published:
    ${keyId}

网关公布处 / where it was published: MQTT topic evidence/{date}, GET /api/v1/evidence/key
也可直接比对 / or compare in one step:  node verify.mjs --fingerprint ${keyId}

pictures/        原图，未经改动 / originals as recorded
links.jsonl      哈希链，每行一张 / the hash chain, one picture a line
manifest.json    说明、签名的链尾与每日根 / what this is, signed chain end and daily roots
public-key.pem   公钥 (Ed25519) / public key
`;
}
