import { pictureUrl } from '../api/gateway.ts';
import { clockText, dateText } from '../format/clock-text.ts';
import { bytesText, hashText, sizeText } from '../format/measure-text.ts';
import { ageText } from '../format/duration-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { now } from '../shell/now.ts';
import type { Camera } from '../../gateway/contract/camera.ts';
import type { Snapshot } from '../../gateway/contract/snapshot.ts';
import type { CameraRecord } from './camera-record.ts';

interface SnapshotViewProps {
  camera: Camera;
  snapshot: Snapshot;
  record: CameraRecord;
}

/** One snapshot of the record, large: its time and age, hash badge, and the way to the original bytes. */
export function SnapshotView({ camera, snapshot, record }: SnapshotViewProps) {
  const at = Date.parse(snapshot.takenAt);
  const time = `${dateText(at)} ${clockText(at)}`;
  return (
    <div class="camera-snapshot">
      <img
        src={pictureUrl(snapshot.id, 'large')}
        alt={translate('camera.picture', { name: camera.name, time })}
      />
      <span class="g-plate bl">
        <Icon name="clock" small />
        <b>{time}</b>
        <span class="dim">{ageText(at, now.value)}</span>
      </span>
      <span class="g-plate tr camera-seal" title={translate('camera.hashTitle', { hash: snapshot.sha256 })}>
        <Icon name="shield" small />
        {translate('camera.hash')}
        <span class="mono">{hashText(snapshot.sha256)}</span>
      </span>
      <a
        class="g-plate br camera-original"
        href={pictureUrl(snapshot.id, 'full')}
        download={`${camera.name}_${time.replace(/[ :]/g, '-')}.jpg`}
      >
        <Icon name="down-to" small />
        {translate('camera.download')}
        <span class="dim">
          {sizeText(snapshot.width, snapshot.height)} · {bytesText(snapshot.bytes)}
        </span>
      </a>
      <button
        class="camera-edge p"
        aria-label={translate('camera.previousPicture')}
        onClick={() => record.step(-1)}
      >
        <Icon name="back" />
      </button>
      <button
        class="camera-edge n"
        aria-label={translate('camera.nextPicture')}
        onClick={() => record.step(1)}
      >
        <Icon name="right" />
      </button>
    </div>
  );
}
