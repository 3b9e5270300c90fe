/** Every construct that manifests are written with, and some that they are not. */
const samples: readonly string[] = [
  `# a comment
apiVersion: v1
kind: ConfigMap
metadata: {name: a, labels: {"app.kubernetes.io/name": 'it''s', empty: }}
data:
  literal: |
    one
      two

    three
  kept: |+
    text

  folded: >-
    one
    two

      more

    three
  "double": "a\\n\\u00e9\\x41 \\
    b"
  plain: goes
    on

    after a line
spec:
- 1
- - 0o17
  - 0x1F
- name: x   # behind
  yes: no
  1: 1_000
  none: ~
? key
: value
...
---
- [1, {a: b}, "c", [], {}]
- -.5
--- text
---
# nothing
---
on: 12:30
`,
  `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.2.3
          command: ["sh", "-c", "a && b | c > /dev/null; echo \\"$X\\" # no comment"]
          args:
          - |
            set -e
            exec web --port=8080
          resources:
            requests: {cpu: 100m, memory: 128Mi}
          env:
            - {name: A, value: "1"}
            - name: B
              value: 'yes'
---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: web}
  spec:
    ports: [{port: 80, targetPort: http}]
`,
  '{\n  "apiVersion": "v1",\n  "kind": "Pod",\n  "metadata": {"name": "a", "labels": {"a": "\\u00e9\\n"}},\n  "spec": {"containers": [{"name": "a", "ports": [{"containerPort": 80}]}]}\n}\n',
];

/** What changes the meaning of a text, or breaks it. */
const pieces: readonly string[] = [
  ...[' ', '  ', '\n', '\n\n', ':', ': ', '-', '- ', '#', ' #', '"', "'", '|', '>', '|+', '>-'],
  ...['[', ']', '{', '}', ',', '?', '? ', '&a ', '*a', '!!str ', '!', '%', '@', '`', '\t', '\r\n'],
  ...['---\n', '...\n', '~', 'null', 'yes', '0x1', '1e3', '<<: ', '\\', '\\\n', 'é', '\u00a0'],
  ...['__proto__: 1\n', 'constructor: {}\n', '1: 2\n', '"\\x41"', 'a', '\ufeff', '%YAML 1.1\n'],
  ...['\0', '\u0085', '\u2028', '\ud83d\ude00', '.nan', '-.inf', '2024-01-01', '12:30:45'],
];

/** A text of a manifest, or of something like it. */
export function madeText(random: () => number): string {
  const below = (limit: number) => Math.floor(random() * limit);
  let text = samples[below(samples.length)] ?? '';
  for (let edits = below(5); edits >= 0; edits -= 1) {
    const at = below(text.length + 1);
    const kind = random();
    if (kind < 0.6)
      text = text.slice(0, at) + (pieces[below(pieces.length)] ?? '') + text.slice(at);
    else if (kind < 0.75) text = text.slice(0, at) + text.slice(at + 1 + below(6));
    else if (kind < 0.97) {
      const lines = text.split('\n');
      lines.splice(below(lines.length), 0, lines[below(lines.length)] ?? '');
      text = lines.join('\n');
    } else {
      // Depth and repetition, which bounds are for.
      const piece = ['[', '{a: ', '- ', '? ', '&a [*a, ', '*a, '][below(6)] ?? '';
      text = text.slice(0, at) + piece.repeat(1 + below(300)) + text.slice(at);
    }
  }
  return text;
}
