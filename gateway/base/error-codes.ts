/**
 * Every error code of the gateway with its meaning: the `code` of problem+json replies and of logged faults.
 * Closed: a new code is added here and, by a test, in ERRORS.md.
 */
export const errorCodes = {
  'bad-request': 'The request does not have the form that the interface asks for.',
  unauthenticated: 'No valid session or token came with the request.',
  'bad-credentials': 'User name or password is wrong.',
  forbidden: 'The user may not do this, or not in this project.',
  'not-found': 'The thing named does not exist or is outside the user’s projects.',
  'method-not-allowed': 'The path exists, but not for this method; Allow names those it has.',
  conflict: 'The change collides with what is already there.',
  'too-large': 'The request body is larger than allowed.',
  'too-many-requests': 'Too many tries; wait as Retry-After says.',
  'import-refused': 'Rows of the file are wrong; nothing was written.',
  'camera-offline': 'The camera cannot be reached or sends no picture now.',
  'camera-auth-failed': 'The camera refused the user name or password.',
  'camera-auth-paused': 'The camera refused the password lately; the gateway waits so that it is not locked.',
  'camera-protocol-error': 'The camera answered in a way that breaks its protocol.',
  'camera-unsupported': 'The camera does not offer what was asked of it.',
  'camera-certificate-changed': 'The camera shows another certificate than the one accepted for it.',
  'unsupported-codec': 'The camera sends a format that the gateway cannot hand on.',
  'address-not-allowed': 'The address lies outside discovery.allowedNetworks.',
  'no-picture': 'There is no picture to show yet.',
  'transcoder-busy': 'All permitted conversions are in use.',
  'ffmpeg-missing': 'No FFmpeg program was found.',
  'ffmpeg-failed': 'FFmpeg ended with an error.',
  'config-invalid': 'The configuration has a mistake.',
  'storage-failed': 'A file or the database could not be written or read.',
  'secret-unreadable': 'A stored password cannot be decrypted with the key of this data folder.',
  'port-in-use': 'The port is taken by another program.',
  'shutting-down': 'The gateway is stopping.',
  internal: 'A fault inside the gateway; the log has the details.',
} as const satisfies Record<string, string>;

/** One of the closed set of error codes. */
export type ErrorCode = keyof typeof errorCodes;
