import { resolve } from 'node:path';
import type { Loaded, Observed } from '../../checklist/targets/loaded.ts';
import { parseDuration } from '../../config/duration.ts';
import type { Config } from '../../config/load.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import { Fault } from '../../core/fault.ts';
import { requestOf } from '../../probe/asked.ts';
import { probeImage } from '../../probe/engine/bench.ts';
import type { Probed } from '../../probe/probe.ts';
import { probeParts } from '../../probe/record.ts';
import type { ProbeRequest } from '../../probe/request.ts';
import { variablesOf } from '../../probe/variables.ts';
import type { CommandContext } from '../base.ts';
import { keepTarget } from './keep-target.ts';

type Service = NonNullable<Config['services']>[number];

/** Runs the images of the services that ask for it, one after the other. */
export async function observeImageRuns(
  context: CommandContext,
  evidence: EvidenceSink,
): Promise<Observed> {
  const { adapters, config, scope, signal, redact } = context;
  const services = (config.value.services ?? []).filter(({ runtime }) => runtime !== undefined);
  const loaded: Loaded[] = [];
  const probed: Probed[] = [];
  if (services.length > 0) {
    const engine = await (await adapters.engine())({}, signal);
    const { clock } = adapters;
    for (const service of services) {
      const evidencePrefix = `runtime-${service.name.replaceAll(/[^\w.-]/g, '_')}`;
      const request = await requestFor(service, context);
      const use = { engine, clock, scope, signal, redact, evidence, evidencePrefix };
      const one = await probeImage(request, { ...use, say: () => undefined });
      probed.push(one);
      const kept = await keepTarget(context, evidence, `${evidencePrefix}.json`, one.run);
      // By what the service calls it, so that it can be compared with the image that was examined.
      loaded.push({ ...kept, source: service.image });
      loaded.push(
        await keepTarget(context, evidence, `${evidencePrefix}-container.json`, one.container),
      );
    }
  }
  const { measurements, notExamined } = probeParts(probed);
  return { loaded, steps: [], measurements, notExamined };
}

async function requestFor(
  { name, image, runtime = {} }: Service,
  { config, redact }: CommandContext,
): Promise<ProbeRequest> {
  const reference = runtime.image ?? image;
  if (reference.startsWith('oci:')) {
    throw new Fault(
      'setting-missing',
      `services.${name}.runtime.image: the engine does not run ${reference}; name the reference that it knows the image by`,
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
