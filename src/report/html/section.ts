import type { RunRecord } from '../../core/record.ts';
import { type Content, type Html, html } from './markup.ts';

/** A part of the page with its place in the table of contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** How many entries it holds; shown in the contents. */
  readonly count: number | null;
  readonly body: Content;
}

/** Makes a section, or nothing when the record has nothing for it. */
export type SectionMaker = (record: RunRecord) => Section | null;

export function sectionElement({ id, title, body }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${body}
</section>
`;
}

export function contents(sections: readonly Section[]): Html {
  const links = sections.map(
    ({ id, title, count }) =>
      html`<li><a href="#${id}">${title}</a>${count === null ? null : html` <span class="quiet">${count}</span>`}</li>`,
  );
  return html`<nav class="contents" aria-label="Contents"><ul>${links}</ul></nav>
`;
}
