import type { ItemRecord } from '../../core/record.ts';
import { durationText } from '../quantity-text.ts';
import { itemMarks, itemStatusText } from '../status-mark.ts';
import { measurementsChart } from './chart-measurements.ts';
import { seriesChart } from './chart-series.ts';
import { statusChart } from './chart-status.ts';
import { timelineChart } from './chart-timeline.ts';
import { type Content, type Html, html } from './markup.ts';
import type { SectionMaker } from './section.ts';
import { table } from './table.ts';
import { itemTones, mark } from './tone.ts';

export const itemsSection: SectionMaker = ({ items }) => {
  if (items.length === 0) return null;
  const columns = [
    { head: 'Item' },
    { head: 'Status', kind: 'medium-column' },
    { head: 'Reason' },
    { head: 'Evidence', kind: 'medium-column' },
  ] as const;
  return {
    id: 'items',
    title: 'Items',
    count: items.length,
    body: html`${statusChart(items)}${table(columns, items.map(itemCells))}`,
  };
};

function itemCells(item: ItemRecord): Content[] {
  return [
    html`<div class="ordinal"><span>${item.n}</span><span>${item.title}${notCritical(item)}</span></div>`,
    mark(itemTones[item.status], {
      symbol: itemMarks[item.status].symbol,
      word: itemStatusText(item),
    }),
    html`${item.reason}${item.waivedBy === null ? null : html` <span class="quiet">(waiver ${item.waivedBy})</span>`}`,
    item.evidence.length === 0
      ? ''
      : html`<ul class="evidence small">${item.evidence.map(
          ({ name, sha256 }) =>
            html`<li><span class="mono">${name}</span> <a class="mono" href="#evidence" title="${sha256}">${sha256.slice(0, 12)}</a></li>`,
        )}</ul>`,
  ];
}

function notCritical({ critical }: ItemRecord): Html | null {
  return critical ? null : html` <span class="quiet small inline-block">not critical</span>`;
}

export const timelineSection: SectionMaker = ({ items, durationMs }) => {
  if (items.length === 0) return null;
  return {
    id: 'timeline',
    title: 'Timeline',
    count: null,
    body: html`${timelineChart(items)}<p class="quiet small">The whole run took ${durationText(durationMs)}.</p>`,
  };
};

export const measurementsSection: SectionMaker = ({ measurements, series }) => {
  if (measurements.length === 0 && series.length === 0) return null;
  const plots = html`<div class="plots">${series.map(seriesChart)}</div>`;
  return {
    id: 'measurements',
    title: 'Measurements',
    count: measurements.length,
    body: html`${measurements.length > 0 ? measurementsChart(measurements) : null}${
      series.length > 0 ? html`<h3>Over time</h3>${plots}` : null
    }`,
  };
};

export const stepsSection: SectionMaker = ({ steps }) => {
  if (steps.length === 0) return null;
  const columns = [
    { head: 'Step' },
    { head: 'Status' },
    { head: 'Took', kind: 'number small-column' },
  ] as const;
  const rows = steps.map(({ name, status, durationMs }) => [
    name,
    status,
    durationText(durationMs),
  ]);
  return { id: 'steps', title: 'Steps', count: steps.length, body: table(columns, rows) };
};
