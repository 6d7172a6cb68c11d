/** Quantizers of ITU-T T.81 annex K for quality 50, in zigzag order: luminance, then chrominance (RFC 2435 section 4.2). */
export const usualQuantizers: readonly [luminance: Uint8Array, chrominance: Uint8Array] = [
  bytesOf(
    '100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933383740485c4e404457453738' +
      '506d51575f626768673e4d71797064785c656763',
  ),
  bytesOf('1112121815182f1a1a2f63423842' + '63'.repeat(50)),
];

/** The Huffman tables of ITU-T T.81 annex K.3 that RFC 2435 takes for granted, as one DHT segment's contents. */
export const usualHuffmanTables: Uint8Array = Buffer.concat([
  // luminance DC: class and number, codes of each length, symbols
  bytesOf('00'),
  bytesOf('00010501010101010100000000000000'),
  bytesOf('000102030405060708090a0b'),
  // luminance AC: class and number, codes of each length, symbols
  bytesOf('10'),
  bytesOf('0002010303020403050504040000017d'),
  bytesOf(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a' +
      '25262728292a3435363738393a434445464748494a535455565758595a636465666768696a73747576777879' +
      '7a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9' +
      'cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
  ),
  // chrominance DC: class and number, codes of each length, symbols
  bytesOf('01'),
  bytesOf('00030101010101010101010000000000'),
  bytesOf('000102030405060708090a0b'),
  // chrominance AC: class and number, codes of each length, symbols
  bytesOf('11'),
  bytesOf('00020102040403040705040400010277'),
  bytesOf(
    '000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f117' +
      '18191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778' +
      '797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7' +
      'c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa',
  ),
]);

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
