import type { Kube, Refused } from '../adapters/kube/kube.ts';
import { groupOf } from './object-id.ts';
import type { WriteSeen } from './observed-parts.ts';

/** Answers to questions, which come by `create` and store nothing. */
const reviews = new Set(['authorization.k8s.io', 'authentication.k8s.io']);

type Asked = Omit<WriteSeen, 'outcome' | 'account'>;

/** A place for the writes of one run. */
export interface Recorder {
  readonly writes: WriteSeen[];
  /** The same API; a write outside of the sandbox is noted and never sent. */
  watchOver(kube: Kube, account: WriteSeen['account']): Kube;
}

/** @param sandbox name of the only namespace that may be written to; none when undefined */
export function createRecorder(sandbox: string | undefined): Recorder {
  const writes: WriteSeen[] = [];
  const allowed = ({ dryRun, kind, namespace, name }: Asked): boolean =>
    dryRun ||
    (sandbox !== undefined &&
      (namespace === sandbox || (kind === 'Namespace' && name === sandbox && namespace === null)));

  const recorder: Recorder = {
    writes,
    watchOver(kube, account) {
      const guarded = async <T extends { readonly outcome: string }>(
        asked: Asked,
        send: () => Promise<T>,
      ): Promise<T | Refused> => {
        if (reviews.has(groupOf(asked.apiVersion))) return send();
        const note = (outcome: WriteSeen['outcome']) => writes.push({ ...asked, account, outcome });
        if (!allowed(asked)) {
          note('stopped');
          return stopped(asked);
        }
        try {
          const answer = await send();
          note(answer.outcome === 'refused' ? 'refused' : 'ok');
          return answer;
        } catch (error) {
          // It may have arrived all the same.
          note('failed');
          throw error;
        }
      };
      const placeOf = async (
        ref: { readonly apiVersion: string; readonly kind: string },
        namespace: string | undefined,
        signal: AbortSignal,
      ): Promise<string | null> => {
        const resource = await kube.resourceFor(ref, signal);
        if (resource?.namespaced === false) return null;
        return namespace ?? kube.target.namespace;
      };
      const podOf = (name: string, namespace: string | undefined, verb: Asked['verb']): Asked => ({
        verb,
        apiVersion: 'v1',
        kind: verb === 'token' ? 'ServiceAccount' : 'Pod',
        namespace: namespace ?? kube.target.namespace,
        name,
        dryRun: false,
      });

      return {
        ...kube,
        async apply(object, options, signal) {
          const { apiVersion, kind, metadata } = object;
          const namespace = await placeOf(object, metadata.namespace, signal);
          const dryRun = options.dryRun ?? false;
          const asked = { apiVersion, kind, namespace, name: metadata.name, dryRun } as const;
          return guarded({ verb: 'apply', ...asked }, () => kube.apply(object, options, signal));
        },
        async create(object, options, signal) {
          const { apiVersion, kind, metadata = {} } = object;
          const namespace = await placeOf(object, metadata.namespace, signal);
          const name = metadata.name ?? metadata.generateName ?? '';
          const dryRun = options.dryRun ?? false;
          const asked = { apiVersion, kind, namespace, name: String(name), dryRun } as const;
          return guarded({ verb: 'create', ...asked }, () => kube.create(object, options, signal));
        },
        async patch(ref, patch, options, signal) {
          const { apiVersion, kind, name } = ref;
          const namespace = await placeOf(ref, ref.namespace, signal);
          const asked = { apiVersion, kind, namespace, name, dryRun: options.dryRun ?? false };
          const send = () => kube.patch(ref, patch, options, signal);
          return guarded({ verb: 'patch', ...asked }, send);
        },
        async remove(ref, options, signal) {
          const { apiVersion, kind, name } = ref;
          const namespace = await placeOf(ref, ref.namespace, signal);
          const asked = { apiVersion, kind, namespace, name, dryRun: options.dryRun ?? false };
          return guarded({ verb: 'delete', ...asked }, () => kube.remove(ref, options, signal));
        },
        exec(pod, options, signal) {
          const asked = podOf(pod.name, pod.namespace, 'exec');
          return guarded(asked, () => kube.exec(pod, options, signal));
        },
        token(account, options, signal) {
          const asked = podOf(account.name, account.namespace, 'token');
          return guarded(asked, () => kube.token(account, options, signal));
        },
        asServiceAccount: (token) => recorder.watchOver(kube.asServiceAccount(token), 'sandbox'),
      };
    },
  };
  return recorder;
}

function stopped({ verb, kind, namespace, name }: Asked): Refused {
  const message = `${verb} of ${kind}/${namespace ?? ''}/${name} is outside of the sandbox`;
  return {
    outcome: 'refused',
    status: { code: 0, reason: 'OutsideSandbox', message, causes: [] },
    warnings: [],
  };
}
