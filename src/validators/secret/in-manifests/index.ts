import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../../manifest/finding.ts';
import type { ManifestObject, ManifestSet } from '../../manifest/load.ts';
import { formatPath, isRecord, type Path, recordAt } from '../../manifest/read.ts';
import { draftsOfScan, scanMessages } from '../drafts.ts';
import { isLiteralSecret } from '../literal-name.ts';
import { scanBytes } from '../scan.ts';

export const check: Check<ManifestSet> = {
  id: 'secret/in-manifests',
  title: 'No credentials in manifests',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A manifest is read by everyone who may read the repository, and the API server shows environment variables and ConfigMaps to everyone who may list pods. Base64 hides nothing.',
    messages: {
      ...scanMessages,
      'literal-by-name': '{{name}} is set to a literal value, and its name says it is a secret',
      'secret-object': 'the data of Secret {{name}} is part of the manifests',
    },
    remediation:
      'Revoke the credential; keep it in a secret store, and refer to it with `secretKeyRef` or a mounted Secret that an operator or a sealed form fills.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      env:
        - name: DB_PASSWORD
          value: mB7-wq2_Zt9
`,
      findings: [{ messageId: 'literal-by-name', line: 11, column: 18 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: web-database
              key: password
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/secret/#information-security-for-secrets',
      'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
    ],
    waivable: false,
  },
  run: ({ target }) => target.objects.flatMap(examine),
};

function examine(object: ManifestObject): Draft[] {
  const strings = [...stringsOf(object.value, [])].flatMap((text) => examineText(object, text));
  return [...secretObject(object), ...strings];
}

/** A string of an object, decoded when it is base64 by definition. */
interface TextAt {
  readonly path: Path;
  /** The name the text goes by: a variable's name, a key of a map. */
  readonly name: string;
  readonly text: string;
}

function* stringsOf(value: unknown, path: Path, name = ''): Generator<TextAt> {
  if (typeof value === 'string') yield { path, name, text: value };
  else if (Array.isArray(value)) {
    for (const [index, entry] of value.entries()) yield* stringsOf(entry, [...path, index], name);
  } else if (isRecord(value)) {
    for (const [key, entry] of Object.entries(value)) {
      const isVariable = key === 'value' && typeof value.name === 'string';
      yield* stringsOf(entry, [...path, key], isVariable ? String(value.name) : key);
    }
  }
}

function examineText(object: ManifestObject, { path, name, text }: TextAt): Draft[] {
  const { line, column } = object.locate(path);
  const shown = formatPath(path);
  const drafts = draftsOfScan(scanBytes(isEncoded(object, path) ? decode(text) : text), {
    name: `${object.kind} ${object.name}, ${shown},`,
    location: { file: object.file, line, column, path: shown },
  });
  if (drafts.length > 0) return drafts.map((draft) => ({ ...draft, object: object.ref }));
  return isNamedValue(object, path) && isLiteralSecret(name, text)
    ? [draftAt(object, path, 'literal-by-name', { data: { name } })]
    : [];
}

function isEncoded(object: ManifestObject, path: Path): boolean {
  return object.kind === 'Secret' && path[0] === 'data';
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}

/** Environment variables and the entries of a ConfigMap; a Secret has its own message. */
function isNamedValue(object: ManifestObject, path: Path): boolean {
  const [section] = path;
  return path.at(-3) === 'env' || (object.kind === 'ConfigMap' && section === 'data');
}

function secretObject(object: ManifestObject): Draft[] {
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1') return [];
  const section = ['data', 'stringData'].find(
    (name) => Object.keys(recordAt(object.value, name)).length > 0,
  );
  if (section === undefined) return [];
  const options = { data: { name: object.name }, severity: 'warning', part: 'key' } as const;
  return [draftAt(object, [section], 'secret-object', options)];
}
