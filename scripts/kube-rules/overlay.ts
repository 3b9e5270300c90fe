import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What would be linked in for storing objects and for talking to a server, and what does not compile for
 * WebAssembly below it. Each file is replaced by its package line; none of them holds a rule.
 */
const emptied: Readonly<Record<string, string>> = {
  'k8s.io/apiserver/pkg/registry/generic/options.go': 'generic',
  'k8s.io/apiserver/pkg/registry/generic/storage_decorator.go': 'generic',
  'k8s.io/apiextensions-apiserver/pkg/registry/customresource/etcd.go': 'customresource',
  'k8s.io/apiextensions-apiserver/pkg/registry/customresourcedefinition/etcd.go':
    'customresourcedefinition',
  'k8s.io/apiserver/pkg/admission/plugin/policy/validating/accessor.go': 'validating',
  'k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go': 'validating',
  'k8s.io/apiserver/pkg/admission/plugin/policy/validating/plugin.go': 'validating',
  'k8s.io/apiserver/pkg/admission/plugin/policy/validating/typechecking.go': 'validating',
};

interface Stub {
  readonly name: string;
  /** Constants that strategies take from it; their lines are read from the package itself. */
  readonly constants?: readonly string[];
  /** Declarations in place of all others. */
  readonly text?: string;
}

/** Packages of which strategies need a word or a type only. */
const stubs: Readonly<Record<string, Stub>> = {
  'k8s.io/kubernetes/pkg/controller/endpoint': {
    name: 'endpoint',
    constants: ['LabelManagedBy', 'ControllerName'],
  },
  'k8s.io/kubernetes/pkg/controller/endpointslice': {
    name: 'endpointslice',
    constants: ['ControllerName'],
  },
  'k8s.io/kubernetes/pkg/controller/endpointslicemirroring': {
    name: 'endpointslicemirroring',
    constants: ['ControllerName'],
  },
  'k8s.io/kubernetes/plugin/pkg/admission/serviceaccount': {
    name: 'serviceaccount',
    constants: ['EnforceMountableSecretsAnnotation'],
  },
  'k8s.io/client-go/kubernetes/typed/core/v1': {
    name: 'v1',
    text: `import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

type NamespaceInterface interface {
	Get(ctx context.Context, name string, options metav1.GetOptions) (*corev1.Namespace, error)
}
`,
  },
  'k8s.io/kubernetes/pkg/registry/admissionregistration/resolver': {
    name: 'resolver',
    text: `import "k8s.io/apimachinery/pkg/runtime/schema"

type ResourceResolver interface {
	Resolve(kind schema.GroupVersionKind) (schema.GroupVersionResource, error)
}

type ResourceResolverFunc func(kind schema.GroupVersionKind) (schema.GroupVersionResource, error)

func (resolve ResourceResolverFunc) Resolve(kind schema.GroupVersionKind) (schema.GroupVersionResource, error) {
	return resolve(kind)
}
`,
  },
};

/**
 * Writes the replacements into a folder.
 * @returns file by the vendored file that it replaces, as Go's `-overlay` takes it
 * @throws Error when Kubernetes has moved one of them, or when one could hold a rule
 */
export async function overlayOf(vendor: string, folder: string): Promise<Record<string, string>> {
  const replaced: Record<string, string> = {};
  const replace = async (path: string, text: string): Promise<void> => {
    if (/\/validation\/|\/strategy\.go$/.test(path)) throw new Error(`${path} may hold rules`);
    const original = join(vendor, path);
    await readFile(original);
    const file = join(folder, `${Object.keys(replaced).length}.go`);
    await writeFile(file, text);
    replaced[original] = file;
  };
  for (const [path, name] of Object.entries(emptied)) await replace(path, `package ${name}\n`);
  for (const [path, stub] of Object.entries(stubs)) {
    const names = (await readdir(join(vendor, path))).filter((name) => name.endsWith('.go')).sort();
    const sources = await Promise.all(
      names.map((name) => readFile(join(vendor, path, name), 'utf8')),
    );
    const body = stub.text ?? constantsOf(path, stub.constants ?? [], sources);
    for (const [at, name] of names.entries()) {
      await replace(`${path}/${name}`, `package ${stub.name}\n\n${at === 0 ? body : ''}`);
    }
  }
  return replaced;
}

function constantsOf(path: string, names: readonly string[], sources: readonly string[]): string {
  const lines = names.map((name) => {
    const line = new RegExp(`^\\s*(?:const )?${name}\\s*=\\s*("[^"]*")$`, 'm');
    const value = sources.flatMap((source) => line.exec(source)?.[1] ?? [])[0];
    if (value === undefined) throw new Error(`${path} has no constant ${name}`);
    return `const ${name} = ${value}\n`;
  });
  return lines.join('');
}
