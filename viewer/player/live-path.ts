let pathOf = (cameraId: string): string => `/live/${encodeURIComponent(cameraId)}`;

/** Where a camera's live pictures stand on the gateway. */
export function livePath(cameraId: string): string {
  return pathOf(cameraId);
}

/** Behind a share link all live pictures of the page stand at one place; call it before the first player. */
export function takeLivePath(path: string): void {
  pathOf = () => path;
}
