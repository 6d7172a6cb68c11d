import type { Database } from '../base/database.ts';
import type { CameraRecord } from './camera-record.ts';

interface CameraRow {
  id: string;
  project_id: string;
  name: string;
  position: string;
  enabled: number;
  maintenance_until_ms: number | null;
  ingest_mode: string | null;
  schedule: string | null;
  onvif: string | null;
  onvif_password: string | null;
  rtsp: string;
  rtsp_password: string | null;
  device: string;
  created_at_ms: number;
}

/** What a device tells of itself, kept as one JSON column. */
type DeviceFields = Pick<
  CameraRecord,
  'vendor' | 'model' | 'firmware' | 'serial' | 'mac' | 'main' | 'sub' | 'snapshotUri'
>;

/** A camera with its passwords as they lie in the database: sealed. */
export interface StoredCamera {
  record: CameraRecord;
  sealedOnvifPassword: string | null;
  sealedRtspPassword: string | null;
}

/** The cameras table. */
export class CameraStore {
  readonly #tables;

  constructor(database: Database) {
    this.#tables = database.withTables<{ cameras: CameraRow }>();
  }

  async all(): Promise<StoredCamera[]> {
    const rows = await this.#tables
      .selectFrom('cameras')
      .selectAll()
      .orderBy('created_at_ms')
      .orderBy('id')
      .execute();
    return rows.map(toStored);
  }

  async insert(stored: StoredCamera): Promise<void> {
    await this.#tables.insertInto('cameras').values(toRow(stored)).execute();
  }

  /** All or none. */
  async insertAll(stored: readonly StoredCamera[]): Promise<void> {
    await this.#tables.transaction().execute(async (transaction) => {
      for (const each of stored) await transaction.insertInto('cameras').values(toRow(each)).execute();
    });
  }

  async update(stored: StoredCamera): Promise<void> {
    await this.#tables.updateTable('cameras').set(toRow(stored)).where('id', '=', stored.record.id).execute();
  }

  async remove(id: string): Promise<void> {
    await this.#tables.deleteFrom('cameras').where('id', '=', id).execute();
  }
}

function toRow({ record, sealedOnvifPassword, sealedRtspPassword }: StoredCamera): CameraRow {
  const device: DeviceFields = {
    vendor: record.vendor,
    model: record.model,
    firmware: record.firmware,
    serial: record.serial,
    mac: record.mac,
    main: record.main,
    sub: record.sub,
    snapshotUri: record.snapshotUri,
  };
  return {
    id: record.id,
    project_id: record.projectId,
    name: record.name,
    position: record.position,
    enabled: record.enabled ? 1 : 0,
    maintenance_until_ms: record.maintenanceUntilMs,
    ingest_mode: record.ingestMode,
    schedule: record.schedule === null ? null : JSON.stringify(record.schedule),
    onvif: record.onvif === null ? null : JSON.stringify(record.onvif),
    onvif_password: sealedOnvifPassword,
    rtsp: JSON.stringify(record.rtsp),
    rtsp_password: sealedRtspPassword,
    device: JSON.stringify(device),
    created_at_ms: record.createdAtMs,
  };
}

function toStored(row: CameraRow): StoredCamera {
  const device = JSON.parse(row.device) as DeviceFields;
  return {
    record: {
      id: row.id,
      name: row.name,
      projectId: row.project_id,
      position: row.position,
      enabled: row.enabled === 1,
      maintenanceUntilMs: row.maintenance_until_ms,
      ingestMode: row.ingest_mode as CameraRecord['ingestMode'],
      schedule: row.schedule === null ? null : (JSON.parse(row.schedule) as CameraRecord['schedule']),
      onvif: row.onvif === null ? null : storedOnvif(row.onvif),
      rtsp: JSON.parse(row.rtsp) as CameraRecord['rtsp'],
      ...device,
      createdAtMs: row.created_at_ms,
    },
    sealedOnvifPassword: row.onvif_password,
    sealedRtspPassword: row.rtsp_password,
  };
}

/** Rows of earlier versions lack what came later. */
function storedOnvif(json: string): CameraRecord['onvif'] {
  const later = { certificate: null, pending: false, moved: null };
  return { ...later, ...(JSON.parse(json) as NonNullable<CameraRecord['onvif']>) };
}
