import './check.css';
import { problemText } from '../api/problem-text.ts';
import { translate } from '../i18n/translate.ts';
import { Lamp } from '../icons/lamp.tsx';
import { findingTitle, findingWhy } from './finding-text.ts';
import type { ComponentChildren } from 'preact';
import type { Finding } from './check-findings.ts';

interface FindingListProps {
  findings: readonly Finding[];
  /** What a fix of this finding looks like: a tick, or a button. */
  fix: (finding: Finding) => ComponentChildren;
  /** What the last try to set it right ended in. */
  fixError?: unknown;
}

/** Red and yellow findings: what was measured, what it means, and the way out. */
export function FindingList({ findings, fix, fixError }: FindingListProps) {
  if (findings.length === 0) {
    return (
      <ul class="check-list">
        <li>
          <Lamp shape="ok" />
          <div>
            <b>{translate('check.well')}</b>
            <p>{translate('check.wellWhy')}</p>
          </div>
        </li>
      </ul>
    );
  }
  return (
    <ul class="check-list">
      {findings.map((finding) => (
        <li key={finding.code}>
          <Lamp shape={finding.level} />
          <div>
            <b>{findingTitle(finding)}</b>
            <p>{findingWhy(finding)}</p>
            {finding.fix !== null && fixError !== undefined ? (
              <p class="check-failed" role="alert">
                {translate('check.fixFailed', { why: problemText(fixError) })}
              </p>
            ) : null}
          </div>
          <span class={`check-word ${finding.level}`}>
            {translate(finding.level === 'bad' ? 'check.must' : 'check.should')}
          </span>
          {finding.fix === null ? null : <div class="check-fix">{fix(finding)}</div>}
        </li>
      ))}
    </ul>
  );
}
