import './technician-tools.css';
import { translate } from '../i18n/translate.ts';
import { CertificateChange } from './certificate-change.tsx';
import { CheckTool } from './check-tool.tsx';
import { LabelTool } from './label-tool.tsx';
import { PlanTool } from './plan-tool.tsx';
import { PtzTool } from './ptz-tool.tsx';
import { RemoveTool } from './remove-tool.tsx';
import { SignInTool } from './sign-in-tool.tsx';
import { Tool } from './tool.tsx';
import type { Camera } from '../../gateway/contract/camera.ts';

/** What a technician does to a camera: turn it, check it, correct sign-in and schedule, print its label, remove it. */
export function TechnicianTools({ camera }: { camera: Camera }) {
  return (
    <div class="tools">
      <CertificateChange camera={camera} />
      {camera.onvif === null ? null : <PtzTool camera={camera} />}
      <Tool title={translate('tools.check')} icon="wrench">
        <CheckTool camera={camera} />
      </Tool>
      <Tool title={translate('tools.signIn')} icon="key">
        <SignInTool camera={camera} />
      </Tool>
      <Tool title={translate('tools.plan')} icon="clock">
        <PlanTool camera={camera} />
      </Tool>
      <Tool title={translate('tools.label')} icon="scan">
        <LabelTool camera={camera} />
      </Tool>
      <Tool title={translate('tools.remove')} icon="power">
        <RemoveTool camera={camera} />
      </Tool>
    </div>
  );
}
