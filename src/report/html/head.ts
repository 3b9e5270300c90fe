import { createHash } from 'node:crypto';
import type { RunRecord } from '../../core/record.ts';
import { instantText } from '../instants.ts';
import { countText, durationText } from '../quantity-text.ts';
import { verdictMarks } from '../status-mark.ts';
import { verdictReason } from '../verdict-sentence.ts';
import { type Html, html, styleElement } from './markup.ts';
import type { Section } from './section.ts';
import { style } from './style.ts';
import { verdictTones } from './tone.ts';

/**
 * Content Security Policy Level 3: nothing may load, run or be sent; the one style sheet is allowed by
 * its hash. Even markup that slipped through the escaping could do nothing.
 */
function policy(): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

export function head(record: RunRecord): Html {
  const { word } = verdictMarks[record.verdict];
  return html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${word}: deploycheck ${record.command}, ${instantText(record.startedAt)}</title>
${styleElement(style)}
</head>
`;
}

export function banner(record: RunRecord): Html {
  const { symbol, word } = verdictMarks[record.verdict];
  return html`<header>
<p class="brand"><strong>deploycheck</strong> <span>${instantText(record.startedAt)}</span></p>
<div class="verdict ${verdictTones[record.verdict]}" id="verdict">
<h1><span class="seal" aria-hidden="true">${symbol}</span>${word}</h1>
<p>${verdictReason(record)}</p>
<ul class="gates" aria-label="Gates"><li>Evidence: <strong>${record.gates.evidence}</strong></li><li>Sign-off: <strong>${record.gates.signoff}</strong></li></ul>
</div>
</header>
`;
}

export function runSection(record: RunRecord): Section {
  const { tool, command, startedAt, durationMs, summary } = record;
  const facts = [
    ['Command', html`<code>deploycheck ${command}</code>`],
    ['Tool', `${tool.name} ${tool.version}`],
    ['Started', instantText(startedAt)],
    ['Took', durationText(durationMs)],
    [
      'Checks',
      `${countText(summary.checks, 'check')}, ${summary.pass} passed, ${summary.inconclusive} inconclusive, ${summary.skipped} switched off`,
    ],
  ] as const;
  return {
    id: 'run',
    title: 'Run',
    count: null,
    body: html`<dl class="facts">${facts.map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`,
  };
}
