import type { Camera } from '../../gateway/contract/camera.ts';
import { deviceGateway } from '../api/device-gateway.ts';
import { loadFleet } from '../fleet/fleet-store.ts';
import { hashText } from '../format/measure-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { say } from '../shell/toast.tsx';
import { TaskFault } from './task-fault.tsx';
import { useTask } from './use-task.ts';

/** Says that the camera shows another certificate than the one that was accepted, and takes the new one. */
export function CertificateChange({ camera }: { camera: Camera }) {
  const task = useTask();
  const certificate = camera.onvif?.certificate ?? null;
  const changedTo = certificate?.changedTo ?? null;
  if (certificate === null || changedTo === null) return null;
  const accept = () =>
    task.run(async () => {
      await deviceGateway.acceptCertificate(camera.id, changedTo);
      await loadFleet();
      say(translate('tools.certificateAccepted', { name: camera.name }));
    });
  return (
    <section class="tool-certificate" role="alert">
      <Lamp shape="warn" />
      <div>
        <b>{translate('tools.certificate')}</b>
        <p>{translate('tools.certificateWhy')}</p>
        <p class="mono">
          {hashText(certificate.sha256)} → {hashText(changedTo)}
        </p>
        <button class="g-btn s" disabled={task.busy.value} onClick={() => void accept()}>
          {translate('tools.certificateAccept')}
        </button>
        <TaskFault task={task} />
      </div>
    </section>
  );
}
