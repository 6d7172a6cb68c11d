const BIAS = 0x84;

/** Linear values of all 256 code words, 16 bits (ITU-T G.711, tables 1a and 2a). */
const VALUES = { pcmu: tableOf(muLaw), pcma: tableOf(aLaw) } as const;

/** The 16-bit samples of a G.711 payload, little-endian. */
export function g711Samples(law: 'pcmu' | 'pcma', payload: Uint8Array): Buffer {
  const values = VALUES[law];
  const samples = Buffer.allocUnsafe(payload.length * 2);
  for (let index = 0; index < payload.length; index += 1) {
    samples.writeInt16LE(values[payload[index] ?? 0] ?? 0, index * 2);
  }
  return samples;
}

function tableOf(law: (code: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_value, code) => law(code));
}

function muLaw(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + BIAS) << ((inverted & 0x70) >> 4);
  return inverted & 0x80 ? BIAS - magnitude : magnitude - BIAS;
}

function aLaw(code: number): number {
  const toggled = code ^ 0x55;
  const exponent = (toggled & 0x70) >> 4;
  const mantissa = ((toggled & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return toggled & 0x80 ? magnitude : -magnitude;
}
