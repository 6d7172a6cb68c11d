import './import.css';
import { useMemo } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { deviceGateway } from '../api/device-gateway.ts';
import { problemCode, problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { Icon } from '../icons/icon.tsx';
import { Lamp } from '../icons/lamp.tsx';
import { DropZone } from './drop-zone.tsx';
import { FaultTable } from './fault-table.tsx';
import { RosterImport, cellFaults } from './roster-import.ts';
import type { ImportResult } from '../../gateway/contract/camera-import.ts';

/** Cameras from a spreadsheet: template, dry run with errors by cell, import, result; and the roster to take away. */
export function ImportPage() {
  const roster = useMemo(() => new RosterImport(), []);
  const now = roster.now.value;
  return (
    <main class="import">
      <header>
        <Link class="tap" href="/register" aria-label={translate('import.back')}>
          <Icon name="back" />
        </Link>
        <div>
          <h1>{translate('import.title')}</h1>
          <p>{translate('import.lead')}</p>
        </div>
        <div class="acts">
          <a class="g-btn" href={deviceGateway.templateUrl} download>
            <Icon name="table" small />
            {translate('import.template')}
          </a>
          <a class="g-btn" href={deviceGateway.rosterUrl} download>
            <Icon name="down-to" small />
            {translate('import.roster')}
          </a>
        </div>
      </header>
      {now.state === 'failed' ? (
        <div class="g-note bad" role="alert">
          <Lamp shape="bad" />
          <span>
            {problemText(now.error)} <span class="mono">{problemCode(now.error)}</span>
          </span>
        </div>
      ) : null}
      {now.state === 'empty' || now.state === 'failed' ? (
        <DropZone onFile={(file) => void roster.check(file)} />
      ) : null}
      {now.state === 'reading' ? (
        <Working words={translate('import.reading', { name: now.file.name })} />
      ) : null}
      {now.state === 'checked' ? <Checked roster={roster} result={now.result} /> : null}
      {now.state === 'writing' ? <Writing roster={roster} total={now.total} /> : null}
      {now.state === 'done' ? <Done roster={roster} result={now.result} /> : null}
    </main>
  );
}

function Working({ words, share = null }: { words: string; share?: number | null }) {
  return (
    <div class="g-panel import-work" role="status">
      <b>{words}</b>
      <div class="g-prog" data-running={share === null}>
        <i style={{ width: share === null ? '30%' : `${share * 100}%` }} />
      </div>
    </div>
  );
}

function Writing({ roster, total }: { roster: RosterImport; total: number }) {
  const done = Math.min(total, roster.written.value);
  return (
    <Working words={translate('import.writing', { done, total })} share={total === 0 ? 1 : done / total} />
  );
}

function Checked({ roster, result }: { roster: RosterImport; result: ImportResult }) {
  const { total, failed, rows } = result;
  const good = total - failed;
  return (
    <>
      <div class={`g-note ${failed > 0 || total === 0 ? 'warn' : 'ok'}`} role="status">
        <Lamp shape={failed > 0 || total === 0 ? 'warn' : 'ok'} />
        <span>
          <b>
            {total === 0
              ? translate('import.empty')
              : failed > 0
                ? translate('import.dirty', { total, failed })
                : translate('import.clean', { total })}
          </b>
          {failed > 0 ? (
            <>
              <br />
              {good === 0 ? translate('import.mend') : translate('import.dirtyWhy', { good })}
            </>
          ) : null}
        </span>
      </div>
      {failed > 0 ? <FaultTable faults={cellFaults(rows)} /> : null}
      <div class="import-acts">
        <button class="g-btn" onClick={() => roster.clear()}>
          {translate('import.other')}
        </button>
        {good === 0 ? null : (
          <button class={failed > 0 ? 'g-btn' : 'g-btn pri'} onClick={() => void roster.write()}>
            {failed > 0
              ? translate('import.goGood', { count: good })
              : translate('import.go', { count: good })}
          </button>
        )}
      </div>
    </>
  );
}

function Done({ roster, result }: { roster: RosterImport; result: ImportResult }) {
  const { created, failed, rows } = result;
  const faults = cellFaults(rows);
  return (
    <>
      <div class={`g-note ${failed > 0 ? 'warn' : 'ok'}`} role="status">
        <Lamp shape={failed > 0 ? 'warn' : 'ok'} />
        <span>
          <b>
            {failed > 0
              ? translate('import.createdSome', { count: created, failed })
              : translate('import.created', { count: created })}
          </b>
          <br />
          {translate('import.createdWhy')}
        </span>
      </div>
      {faults.length > 0 ? <FaultTable faults={faults} /> : null}
      <div class="import-acts">
        <button class="g-btn" onClick={() => roster.clear()}>
          {translate('import.other')}
        </button>
        <Link class="g-btn pri" href="/">
          {translate('import.toWall')}
        </Link>
      </div>
    </>
  );
}
