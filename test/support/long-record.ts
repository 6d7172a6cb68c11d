import { join } from 'node:path';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Project } from '../../gateway/contract/project.ts';
import { ApiClient } from './api-client.ts';
import { freePort, GatewayProcess } from './gateway-process.ts';
import { makeManySnapshots } from './many-snapshots.ts';

/** A gateway with one camera and a long record of it; lives until `gateway.remove`. */
export interface LongRecord {
  gateway: GatewayProcess;
  api: ApiClient;
  camera: Camera;
  project: Project;
  /** Ids of the pictures, oldest first. */
  ids: string[];
}

const MINUTE = 60_000;

/** Starts a gateway, registers a camera that is switched off, and fills its record with `count` pictures `everyMin` apart, the last a while ago; each day lacks its pictures from 10:00 to 11:00 by the clock of Shanghai. */
export async function longRecord(count: number, everyMin: number, distinct: number): Promise<LongRecord> {
  const gateway = await GatewayProcess.start({
    http: { port: 0 },
    mqtt: { embedded: { port: await freePort() } },
    snapshots: { timeZone: 'Asia/Shanghai' },
  });
  const before = new ApiClient(gateway.url);
  await before.signIn('admin', gateway.adminPassword);
  const project = await before.must<Project>('POST', '/api/v1/projects', {
    name: '市人民医院东院区',
    district: '东区',
    milestones: [
      {
        id: 'step_frame',
        name: '主体结构封顶',
        unit: '市建工',
        owner: '周敏',
        dueOn: '2026-12-18',
        doneOn: null,
      },
      { id: 'step_fit', name: '装饰装修', unit: '市建工', owner: '周敏', dueOn: '2027-06-30', doneOn: null },
    ],
  });
  const fields = { name: '东南角塔吊', position: '高点 38 m', projectId: project.id, enabled: false };
  const source = { rtsp: { main: 'rtsp://127.0.0.1:9/main', username: 'a', password: 'b' } };
  const camera = await before.must<Camera>('POST', '/api/v1/cameras', { ...fields, ...source });
  await before.must('PATCH', `/api/v1/cameras/${camera.id}`, { enabled: false });
  await gateway.end();
  const data = join(gateway.folder, 'data');
  const untilMs = Math.floor(Date.now() / (everyMin * MINUTE)) * everyMin * MINUTE - 2 * everyMin * MINUTE;
  const ids = await makeManySnapshots({
    databaseFile: join(data, 'gantry.db'),
    pictureFolder: join(data, 'pictures'),
    cameraId: camera.id,
    count,
    everyMin,
    untilMs,
    distinct,
    gap: { fromMin: 120, toMin: 180 },
  });
  await gateway.restart();
  const api = new ApiClient(gateway.url);
  await api.signIn('admin', gateway.adminPassword);
  return { gateway, api, camera, project, ids };
}
