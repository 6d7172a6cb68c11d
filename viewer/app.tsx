import { Route, Switch } from 'wouter-preact';
import { isAdmin, mayManageCameras, session, startSession } from './api/session.ts';
import { HomePage } from './home/home-page.tsx';
import { translate } from './i18n/translate.ts';
import { Blank, LoadError } from './shell/blank.tsx';
import { isPhone } from './shell/is-phone.ts';
import { lazyPage } from './shell/lazy-page.tsx';
import { MePage } from './shell/me-page.tsx';
import { Shell } from './shell/shell.tsx';
import { SignInPage } from './sign-in/sign-in-page.tsx';
import { WallPage } from './wall/wall-page.tsx';

const CameraPage = lazyPage(async () => (await import('./camera/camera-page.tsx')).CameraPage);
const CredentialSetsPage = lazyPage(
  async () => (await import('./credentials/credential-sets-page.tsx')).CredentialSetsPage,
);
const ImportPage = lazyPage(async () => (await import('./import/import-page.tsx')).ImportPage);
const HealthPage = lazyPage(async () => (await import('./health/health-page.tsx')).HealthPage);
const NotificationsPage = lazyPage(
  async () => (await import('./notifications/notifications-page.tsx')).NotificationsPage,
);
const TimelinePage = lazyPage(async () => (await import('./timeline/timeline-page.tsx')).TimelinePage);
const RegisterPage = lazyPage(async () => (await import('./register/register-page.tsx')).RegisterPage);

/** The whole viewer: sign-in, or the shell with the page of the address. */
export function App() {
  const now = session.value;
  if (now.state === 'asking') return <div class="shell-center" aria-busy="true" />;
  if (now.state === 'failed') return <LoadError error={now.error} onRetry={() => void startSession()} />;
  if (now.state === 'signed-out') return <SignInPage />;
  return (
    <Shell>
      <Switch>
        <Route path="/">{isPhone.value ? <HomePage /> : <WallPage />}</Route>
        <Route path="/cameras/:id">{({ id }) => <CameraPage id={id} key={id} />}</Route>
        <Route path="/timeline/:id?">{({ id }) => <TimelinePage id={id ?? null} key={id ?? ''} />}</Route>
        <Route path="/health">
          <HealthPage />
        </Route>
        <Route path="/register">{mayManageCameras.value ? <RegisterPage /> : <Denied />}</Route>
        <Route path="/register/import">{mayManageCameras.value ? <ImportPage /> : <Denied />}</Route>
        <Route path="/register/sign-ins">
          {mayManageCameras.value ? <CredentialSetsPage /> : <Denied />}
        </Route>
        <Route path="/notifications">
          {isAdmin.value ? <NotificationsPage /> : <Denied why={translate('notify.denied')} />}
        </Route>
        <Route path="/me">
          <MePage />
        </Route>
        <Route>
          <Blank
            drawing="screen"
            title={translate('shell.notFound')}
            actions={
              <a class="g-btn pri" href="/">
                {translate('shell.toWall')}
              </a>
            }
          >
            {translate('shell.notFoundWhy')}
          </Blank>
        </Route>
      </Switch>
    </Shell>
  );
}

function Denied({ why = translate('shell.deniedRegister') }: { why?: string }) {
  return (
    <div class="shell-center">
      <Blank
        drawing="lock"
        title={translate('shell.denied')}
        actions={
          <a class="g-btn" href="/">
            {translate('shell.toWall')}
          </a>
        }
      >
        {why}
      </Blank>
    </div>
  );
}
