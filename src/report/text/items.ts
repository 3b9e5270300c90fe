import type { ItemRecord } from '../../core/record.ts';
import { itemMarks, itemStatusText } from '../status-mark.ts';
import { visible } from '../visible.ts';
import { displayWidth, padToWidth } from './display-width.ts';
import { type Page, titled } from './page.ts';
import { itemTones } from './paint.ts';
import { hang, wrap } from './wrap.ts';

/** A reason narrower than this goes on lines of its own. */
const narrowestReason = 56;

/** A longer title does not widen the column for all; its item takes lines of its own. */
const widestTitle = 48;

interface Columns {
  readonly number: number;
  readonly title: number;
  readonly status: number;
}

export function itemsSection(page: Page): readonly string[] {
  const columns = columnsOf(page.record.items);
  return titled(
    page,
    'Items',
    page.record.items.flatMap((item) => itemLines(page, item, columns)),
  );
}

function columnsOf(items: readonly ItemRecord[]): Columns {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(displayWidth));
  return {
    number: widest(items.map((item) => String(item.n))),
    title: Math.min(widestTitle, widest(items.map((item) => visible(item.title)))),
    status: widest(items.map(statusText)),
  };
}

function itemLines(page: Page, item: ItemRecord, columns: Columns): string[] {
  const number = `  ${String(item.n).padStart(columns.number)}  `;
  const indent = ' '.repeat(number.length);
  const title = `${number}${padToWidth(visible(item.title), columns.title)}`;
  const status = page.paint(itemTones[item.status], statusText(item));
  const row = `${title}  ${status}`;
  const reason = reasonText(item);
  const taken = displayWidth(title) + 2 + columns.status + 2;
  const fits = displayWidth(title) === number.length + columns.title;

  if (fits && page.width - taken >= narrowestReason) {
    const gap = ' '.repeat(taken - displayWidth(title) - 2 - displayWidth(statusText(item)));
    const [first = '', ...more] = wrap(reason, page.width - taken);
    return [`${row}${gap}${first}`, ...more.map((line) => `${' '.repeat(taken)}${line}`)];
  }
  const head =
    taken <= page.width
      ? [row]
      : [...hang(number, visible(item.title), page.width), `${indent}${status}`];
  return reason === '' ? head : [...head, ...hang(indent, reason, page.width)];
}

function reasonText(item: ItemRecord): string {
  const reason = visible(item.reason);
  return item.critical ? reason : `${reason} (not critical)`;
}

function statusText(item: ItemRecord): string {
  return `${itemMarks[item.status].symbol} ${itemStatusText(item)}`;
}
