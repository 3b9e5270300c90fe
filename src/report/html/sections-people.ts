import { instantText } from '../instants.ts';
import { nextSteps, type Step } from '../next-steps.ts';
import { type Content, html } from './markup.ts';
import type { SectionMaker } from './section.ts';
import { table } from './table.ts';
import { mark, signoffMarks, waiverMarks } from './tone.ts';

export const nextSection: SectionMaker = (record) => {
  const steps = nextSteps(record);
  if (steps.length === 0) return null;
  return {
    id: 'next',
    title: 'How to go on',
    count: null,
    body: html`<ol class="steps">${steps.map((step) => html`<li>${stepContent(step)}</li>`)}</ol>`,
  };
};

function stepContent(step: Step): Content {
  return step.map((part) => (typeof part === 'string' ? part : html`<code>${part.code}</code>`));
}

export const waiversSection: SectionMaker = ({ waivers }) => {
  if (waivers.length === 0) return null;
  const heads = ['Waiver', 'For', 'State', 'Reason', 'Owner', 'Until'];
  const rows = waivers.map((waiver) => [
    waiver.id,
    html`<code>${waiver.target}</code>`,
    html`${mark(waiverMarks[waiver.state].tone, waiverMarks[waiver.state])} ${waiver.detail}`,
    waiver.reason,
    html`${waiver.owner}<br><span class="quiet small">signed by ${waiver.identity}</span>`,
    instantText(waiver.until),
  ]);
  return {
    id: 'waivers',
    title: 'Waivers',
    count: waivers.length,
    body: table(
      heads.map((head) => ({ head })),
      rows,
    ),
  };
};

export const signoffsSection: SectionMaker = ({ signoffs }) => {
  if (signoffs.length === 0) return null;
  const columns = [
    { head: 'Who', kind: 'medium-column' },
    { head: 'Decision', kind: 'small-column' },
    { head: 'Signature', kind: 'small-column' },
    { head: 'Comment' },
    { head: 'Signed', kind: 'small-column' },
    { head: 'Expires', kind: 'small-column' },
  ] as const;
  const rows = signoffs.map((signoff) => [
    html`${signoff.identity}<br><span class="quiet small">${signoff.role}</span>`,
    signoff.decision,
    html`${mark(signoffMarks[signoff.state].tone, signoffMarks[signoff.state])} ${signoff.detail}`,
    signoff.comment,
    instantText(signoff.signedAt),
    instantText(signoff.expiresAt),
  ]);
  return {
    id: 'signoffs',
    title: 'Sign-offs',
    count: signoffs.length,
    body: table(columns, rows),
  };
};
