import { type Content, type Html, html } from './markup.ts';

export interface Column {
  readonly head: string;
  /** A class of the style sheet; columns without a width share what the others leave. */
  readonly kind?: 'number small-column' | 'small-column' | 'medium-column';
}

/**
 * The first column names the row. Widths are fixed, so that no long word of a
 * record can push the table out of the page. On narrow screens every row
 * becomes a card: CSS then takes the table's role away from its elements, so the roles are spelled out.
 */
export function table(columns: readonly Column[], rows: readonly (readonly Content[])[]): Html {
  const heads = columns.map(
    ({ head, kind }) =>
      html`<th scope="col" role="columnheader" class="${kind ?? ''}">${head}</th>`,
  );
  return html`<table role="table">
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => row(columns, cells))}</tbody>
</table>`;
}

function row(columns: readonly Column[], cells: readonly Content[]): Html {
  const shown = cells.map((cell, index) => {
    const { head = '', kind = '' } = columns[index] ?? {};
    if (cell === '') return html`<td role="cell"></td>`;
    const inner = html`<div>${cell}</div>`;
    return index === 0
      ? html`<th scope="row" role="rowheader" class="${kind}" data-label="${head}">${inner}</th>`
      : html`<td role="cell" class="${kind}" data-label="${head}">${inner}</td>`;
  });
  return html`<tr role="row">${shown}</tr>
`;
}
