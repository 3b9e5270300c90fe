import { chatSamples } from './samples/chat.ts';
import { cloudSamples } from './samples/cloud.ts';
import { genericSamples } from './samples/generic.ts';
import { keySamples } from './samples/keys.ts';
import { messageSamples } from './samples/messages.ts';
import { modelSamples } from './samples/models.ts';
import { operationSamples } from './samples/operations.ts';
import { packageSamples } from './samples/packages.ts';
import { paymentSamples } from './samples/payment.ts';
import { type SampleMaker, type Samples, sampleMaker } from './samples/sample.ts';
import { serviceSamples } from './samples/services.ts';
import { sourceControlSamples } from './samples/source-control.ts';
import { vendorTexts } from './samples/vendors.ts';

const groups = [
  keySamples,
  cloudSamples,
  sourceControlSamples,
  packageSamples,
  chatSamples,
  paymentSamples,
  messageSamples,
  modelSamples,
  operationSamples,
  serviceSamples,
  genericSamples,
] as const;

/** Of every shape, but those that vendors' names tell. */
export function samplesOf(maker: SampleMaker): Samples {
  return Object.assign({}, ...groups.map((samples) => samples(maker)));
}

const always = sampleMaker(0);

export const samples: Samples = samplesOf(always);
export const vendorSamples: Readonly<Record<string, string>> = vendorTexts(always);
