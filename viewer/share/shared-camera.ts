import type { Camera } from '../../gateway/contract/camera.ts';
import type { ShareInfo } from '../../gateway/contract/share.ts';

/** The camera as the player wants it, of what a share link tells; the rest is nobody's to know. */
export function sharedCamera(info: Extract<ShareInfo, { kind: 'live' }>): Camera {
  const unknown = { vendor: null, model: null, firmware: null, serial: null, mac: null, onvif: null };
  return {
    ...unknown,
    id: 'shared',
    name: info.cameraName,
    projectId: '',
    position: '',
    enabled: info.enabled,
    maintenanceUntil: null,
    ingestMode: null,
    schedule: null,
    light: 'green',
    reasons: [],
    rtsp: { main: '', sub: info.hasSub ? '' : null, username: '', hasPassword: false },
    main: info.main,
    sub: info.sub,
    createdAt: info.now,
  };
}
