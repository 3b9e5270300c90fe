import { instantText } from '../instants.ts';
import { nextSteps, type Step } from '../next-steps.ts';
import { visible } from '../visible.ts';
import { type Page, titled } from './page.ts';
import { hang } from './wrap.ts';

export function waiversSection(page: Page): readonly string[] {
  const body = page.record.waivers.flatMap((waiver) => [
    ...hang(
      '  ',
      `${visible(waiver.id)}: ${waiver.state}, until ${instantText(waiver.until)}, owner ${visible(waiver.owner)}, signed by ${visible(waiver.identity)}`,
      page.width,
    ),
    ...hang('      ', `for ${visible(waiver.target)}: ${visible(waiver.reason)}`, page.width),
    ...(waiver.detail === '' ? [] : hang('      ', visible(waiver.detail), page.width)),
  ]);
  return titled(page, 'Waivers', body);
}

export function signoffsSection(page: Page): readonly string[] {
  const body = page.record.signoffs.flatMap((signoff) => [
    ...hang(
      '  ',
      `${visible(signoff.identity)} (${visible(signoff.role)}): ${signoff.decision}, ${signoff.state}, signed ${instantText(signoff.signedAt)}, expires ${instantText(signoff.expiresAt)}`,
      page.width,
    ),
    ...[signoff.comment, signoff.detail]
      .filter((text) => text !== '')
      .flatMap((text) => hang('      ', visible(text), page.width)),
  ]);
  return titled(page, 'Sign-offs', body);
}

export function nextSection(page: Page): readonly string[] {
  const steps = nextSteps(page.record).map(stepText);
  const body = steps.flatMap((step, index) => hang(`  ${index + 1}. `, step, page.width));
  return titled(page, 'How to go on', body);
}

function stepText(step: Step): string {
  return step.map((part) => (typeof part === 'string' ? part : `\`${part.code}\``)).join('');
}
