import type { CheckContext } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { expandVariables, type ImageConfig } from '../config.ts';
import type { Image } from '../image.ts';
import { textSize } from '../wanted.ts';
import type { StructureFile } from './format.ts';
import { goPattern, matches } from './go-pattern.ts';

export function contentDrafts(
  context: CheckContext<Image>,
  config: ImageConfig,
  { file, tests, locate }: StructureFile,
): Draft[] {
  return tests.fileContentTests.flatMap((test, index) => {
    const { name, path } = test;
    const location = locate(['fileContentTests', index]);
    const text = readText(context.target, expandVariables(path, config));
    if (text === undefined) return [{ messageId: 'absent', data: { test: name, path }, location }];
    const what = `${file}: content test ${name}`;
    if (typeof text === 'object') {
      context.notExamined(what, text.why);
      return [];
    }
    const ask = (key: 'expectedContents' | 'excludedContents', isWanted: boolean): Draft[] =>
      test[key].flatMap((source, at) => {
        const pattern = goPattern(source);
        const found = pattern instanceof RegExp ? matches(pattern, text) : pattern;
        if (typeof found !== 'boolean') {
          context.notExamined(what, `${shown(source)}: ${found?.problem ?? 'it takes too long'}`);
          return [];
        }
        if (found === isWanted) return [];
        return [
          {
            messageId: isWanted ? 'no-match' : 'match',
            data: { test: name, path, pattern: shown(source) },
            location: locate(['fileContentTests', index, key, at]),
          },
        ];
      });
    return [...ask('expectedContents', true), ...ask('excludedContents', false)];
  });
}

/** Undefined when there is no such file. */
function readText(image: Image, path: string): string | { readonly why: string } | undefined {
  const node = image.filesystem.lookup(path);
  if (node?.entry.type !== 'file') return undefined;
  if (node.entry.size === 0) return '';
  if (node.entry.size > textSize) {
    return { why: `the file has ${node.entry.size} bytes, and ${textSize} are read` };
  }
  return image.layers[node.layer]?.texts.get(node.index) ?? { why: 'its text was not kept' };
}

function shown(pattern: string): string {
  return pattern.length > 100 ? `${pattern.slice(0, 99)}…` : pattern;
}
