import type { Check } from '../../../core/check.ts';
import { wholeDays } from '../../../core/days.ts';
import { type Image, requireConfig } from '../image.ts';
import { countOf } from '../options.ts';
import { configLocation, recipe } from '../places.ts';

const id = 'image/age';
/** Days after which a base has had several rounds of security updates. */
const usualDays = 180;

/** Reproducible builds write the beginning of Unix time or that of zip archives, and Go its zero time. */
const archiveEpoch = Date.UTC(1980, 0, 1);

/** Option `days`: how old an image may be. */
export const check: Check<Image> = {
  id,
  title: 'The image was built not long ago',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'An old image has the security updates of the day it was built. A date in the future tells of a wrong clock, and then its age cannot be known.',
    messages: {
      old: 'the image was built {{days}} days ago ({{created}}); at most {{limit}} are allowed',
      future: 'the image says it was built in the future ({{created}})',
    },
    remediation:
      'Build the image again on a current base, at least as often as the base is updated.',
    options: { days: 'days that an image may be old; 180 when not given' },
    bad: {
      language: 'image-recipe',
      text: recipe({ created: '2999-12-31T23:59:59Z', config: {}, layers: [] }),
      findings: [{ messageId: 'future' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ created: '1970-01-01T12:00:00Z', config: {}, layers: [] }),
      options: { days: 90 },
      findings: [],
    },
    references: ['https://github.com/opencontainers/image-spec/blob/main/config.md#properties'],
  },
  run(context) {
    const { target, options, clock, skip } = context;
    const { created } = requireConfig(context);
    const limit = countOf(id, options, 'days') ?? usualDays;
    const built = Date.parse(created);
    if (Number.isNaN(built) || built <= 0 || built === archiveEpoch) {
      skip('the image does not say when it was built, as reproducible builds do');
      return [];
    }
    const days = wholeDays(clock.now().getTime() - built);
    const location = configLocation(target, 'created');
    if (days < -1) return [{ messageId: 'future', data: { created }, location }];
    return days > limit ? [{ messageId: 'old', data: { days, created, limit }, location }] : [];
  },
};
