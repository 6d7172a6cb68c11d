/**
 * All that FFmpeg sees of the environment when it decodes pictures. With MALLOC_PERTURB_ 255 (mallopt(3), M_PERTURB) the C
 * library fills memory with zeros when it hands it out: FFmpeg's scaler reads a little past its rows, and must find
 * nothing there of pictures decoded before.
 */
export const pictureEnvironment = { LC_ALL: 'C', MALLOC_PERTURB_: '255' } as const;
