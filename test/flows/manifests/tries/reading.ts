import { isDeepStrictEqual } from 'node:util';
import type { OpenScenario, Try } from '../../../../scripts/soak/scenario.ts';
import { parseYaml } from '../../../../src/config/yaml-source.ts';
import { Fault } from '../../../../src/core/fault.ts';
import { manifestSetOf } from '../../../../src/validators/manifest/load.ts';
import { quickValues } from '../../../../src/validators/manifest/quick-yaml.ts';
import { kubernetesScalars } from '../../../../src/validators/manifest/yaml-scalars.ts';
import { madeText } from './texts.ts';

const textsOfOneTry = 1000;

/** Reads texts that somebody altered: each is objects or problems at a place of it, or a fault that is known. */
export async function openReading(): Promise<OpenScenario> {
  return {
    [Symbol.asyncDispose]: async () => undefined,
    async once(random): Promise<Try> {
      for (let number = 0; number < textsOfOneTry; number++) {
        const text = madeText(random);
        const problem = problemOf(text);
        if (problem !== '') return { how: 'texts', problem: `${problem}: ${JSON.stringify(text)}` };
      }
      return { how: `times ${textsOfOneTry} texts`, problem: '' };
    },
  };
}

function problemOf(text: string): string {
  const disagreement = quickProblem(text);
  if (disagreement !== '') return disagreement;
  // Half a character, as a file may end with.
  const bytes = Buffer.from(text).subarray(text.length % 7 === 0 ? 1 : 0);
  try {
    const { objects, problems } = manifestSetOf([{ path: 'a.yaml', bytes }]);
    const lines = text.split('\n').length;
    const places = [
      ...objects.map((object) => object.locate(['spec', 'containers', 0, 'image'])),
      ...problems.map(({ location }) => location),
    ];
    const isPlace = ({ line = 0, column = 0 }) => line >= 1 && line <= lines && column >= 1;
    return places.every(isPlace) ? '' : 'a place that is not in the text';
  } catch (error) {
    const isKnown =
      error instanceof Fault && ['input-empty', 'input-too-large'].includes(error.code);
    return isKnown ? '' : `it throws ${error}`;
  }
}

/** The quick reading is the one of the parser that has the last word, or none. */
function quickProblem(text: string): string {
  const quick = quickValues(text);
  if (!quick) return '';
  const documents = parseYaml(text, { schema: kubernetesScalars });
  const wrong = documents.find(({ problems }) => problems.length > 0)?.problems[0];
  if (wrong) return `the quick reading overlooks '${wrong.message}'`;
  const values = documents.map(({ value }) => value);
  return isDeepStrictEqual(notEmpty(quick), notEmpty(values)) ? '' : 'the quick reading differs';
}

const notEmpty = (values: readonly unknown[]) =>
  values.filter((value) => value !== null && value !== undefined);
