import sharp from 'sharp';

/** Pixels of a JPEG from outside; undefined when it is cut off or no picture at all. */
export async function stillSize(jpeg: Buffer): Promise<{ width: number; height: number } | undefined> {
  try {
    const picture = sharp(jpeg, { failOn: 'truncated', limitInputPixels: 40_000_000 });
    const { format, width, height } = await picture.metadata();
    if (format !== 'jpeg') return undefined;
    // The header alone proves nothing: decode it all.
    await picture.stats();
    return { width, height };
  } catch {
    return undefined;
  }
}
