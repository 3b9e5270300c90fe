import { resolve } from 'node:path';
import type { Loaded, Observed } from '../../checklist/targets/loaded.ts';
import { parseDuration } from '../../config/duration.ts';
import { environmentNamed } from '../../config/environment.ts';
import type { Config } from '../../config/load.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import { Fault } from '../../core/fault.ts';
import { requestOf } from '../../probe/asked.ts';
import type { Probed } from '../../probe/probe.ts';
import { probeParts } from '../../probe/record.ts';
import type { ProbeRequest } from '../../probe/request.ts';
import { variablesOf } from '../../probe/variables.ts';
import type { CommandContext } from '../base.ts';
import { clusterBench, engineBench, type OpenBench } from '../probe-bench.ts';
import { keepTarget } from './keep-target.ts';
import { clusterConfigured, noCluster, type ObserverFlags } from './observers.ts';

type Service = NonNullable<Config['services']>[number];

/** Runs the images of the services that ask for it, one after the other. */
export async function observeImageRuns(
  context: CommandContext,
  flags: ObserverFlags,
  evidence: EvidenceSink,
): Promise<Observed> {
  const { adapters, config, scope, signal, redact } = context;
  const { clock } = adapters;
  const benchOf = benches(context, flags);
  const loaded: Loaded[] = [];
  const probed: Probed[] = [];
  for (const service of config.value.services ?? []) {
    if (service.runtime === undefined) continue;
    const bench = await benchOf(service);
    const evidencePrefix = `runtime-${service.name.replaceAll(/[^\w.-]/g, '_')}`;
    const request = await requestFor(service, context);
    const use = { clock, scope, signal, redact, evidence, evidencePrefix };
    const one = await bench.probe(request, { ...use, say: () => undefined });
    probed.push(one);
    const kept = await keepTarget(context, evidence, `${evidencePrefix}.json`, one.run);
    // By what the service calls it, so that it can be compared with the image that was examined.
    loaded.push({ ...kept, source: service.image });
    loaded.push(
      await keepTarget(context, evidence, `${evidencePrefix}-container.json`, one.container),
    );
  }
  const { measurements, notExamined } = probeParts(probed);
  return { loaded, steps: [], measurements, notExamined };
}

/** Engine and cluster, each opened for the first service that is run there. */
function benches(context: CommandContext, flags: ObserverFlags) {
  const opened = new Map<string, Promise<OpenBench>>();
  return ({ name, runtime }: Service): Promise<OpenBench> => {
    const place = runtime?.in ?? 'engine';
    const known = opened.get(place);
    if (known) return known;
    if (place === 'cluster' && !clusterConfigured(context, flags)) {
      throw new Fault('setting-missing', `services.${name}.runtime.in: ${noCluster}`);
    }
    const opening =
      place === 'engine'
        ? engineBench(context)
        : clusterBench(context, {}, environmentNamed(context.config, flags.env));
    opened.set(place, opening);
    return opening;
  };
}

async function requestFor(
  { name, image, runtime = {} }: Service,
  { config, redact }: CommandContext,
): Promise<ProbeRequest> {
  const reference = runtime.image ?? image;
  if (reference.startsWith('oci:')) {
    const runner = runtime.in === 'cluster' ? 'nodes do' : 'the engine does';
    throw new Fault(
      'setting-missing',
      `services.${name}.runtime.image: ${runner} not run ${reference}; name the reference that the image is known by there`,
    );
  }
  const milliseconds = (text: string | undefined) =>
    text === undefined ? undefined : parseDuration(text);
  const files = runtime.envFrom === undefined ? [] : [resolve(config.root, runtime.envFrom)];
  const variables = await variablesOf({ env: runtime.env ?? [], files }, process.env, (value) =>
    redact.register(value),
  );
  return requestOf(reference, reference, variables, {
    ...runtime,
    readyTimeoutMs: milliseconds(runtime.readyTimeout),
    settleMs: milliseconds(runtime.settle),
    graceMs: milliseconds(runtime.grace),
  });
}
