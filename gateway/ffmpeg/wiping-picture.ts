/** Side of a wiping picture, pixels; no picture of a camera may have this size. */
export const WIPING_SIDE = 48;

/**
 * A small black key frame, Annex B with its parameter sets, made by x264 and x265. Decoded after a camera's picture it
 * makes the decoder give up all memory of that picture: frame buffers are kept by size, and those for a new size begin
 * with zeros.
 */
export const wipingPicture = {
  h264: Buffer.from(
    '000000016742c00ada37b0110000030001000003000a0f1226a00000000168ce0fc80000016588843a2628000902' +
      'c9c9d75d75d75e',
    'hex',
  ),
  h265: Buffer.from(
    '0000000140010c01ffff01600000030090000003000003001eba0240000000014201010160000003009000000300' +
      '0003001ea0620c596eaaf0bc05a020000003002000000300a1000000014401c073c1890000012801ac96f380060f' +
      'fecbfae750099f16400e331f',
    'hex',
  ),
} as const;
