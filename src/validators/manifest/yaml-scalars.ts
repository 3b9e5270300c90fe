import { Schema } from 'yaml';

const nothing = /^(?:~|null|Null|NULL)?$/;
const yes = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const no = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const numeric = /^[-+.0-9]/;

/** The value of a plain scalar, by the same rules as {@link kubernetesScalars}; a string as it stands. */
export function scalarOf(text: string): unknown {
  if (numeric.test(text)) return numberOf(text) ?? text;
  if (text.length > longestWord) return text;
  if (nothing.test(text)) return null;
  if (yes.test(text)) return true;
  return no.test(text) ? false : text;
}

/** Letters of `false`. */
const longestWord = 5;

/**
 * Plain scalars as Kubernetes reads them. kubectl and the API server go through sigs.k8s.io/yaml,
 * that is go.yaml.in/yaml/v2 (resolve.go): the words of YAML 1.1 are booleans, `0644` is octal and `_`
 * may part digits; unlike in YAML 1.1 `12:30` and `2024-01-01` stay strings.
 */
export const kubernetesScalars = new Schema({
  schema: 'failsafe',
  merge: true,
  customTags: [
    {
      tag: 'tag:yaml.org,2002:null',
      default: true,
      test: nothing,
      resolve: () => null,
    },
    {
      tag: 'tag:yaml.org,2002:bool',
      default: true,
      test: yes,
      resolve: () => true,
    },
    {
      tag: 'tag:yaml.org,2002:bool',
      default: true,
      test: no,
      resolve: () => false,
    },
    {
      tag: 'tag:yaml.org,2002:float',
      default: true,
      test: numeric,
      resolve: (text: string) => numberOf(text) ?? text,
    },
  ],
});

const integer = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinite = /^([-+]?)\.(?:inf|Inf|INF)$/;

function numberOf(text: string): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN;
  if (infinite.test(text)) return sign * Number.POSITIVE_INFINITY;
  const plain = text.replaceAll('_', '');
  // A leading zero means octal, with or without the letter (Go's strconv.ParseInt with base 0).
  if (integer.test(plain)) {
    return sign * Number(plain.replace(/^[-+]/, '').replace(/^0(?=[0-7])/, '0o'));
  }
  return decimal.test(plain) ? Number(plain) : undefined;
}
