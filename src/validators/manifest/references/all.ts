import { scaleReferences } from '../autoscaler-target/references.ts';
import { subjectReferences } from '../binding-subject/references.ts';
import { classReferences } from '../class-reference/references.ts';
import { configReferences } from '../config-reference/references.ts';
import { listenerCertificates } from '../gateway-listener/references.ts';
import { backendReferences, parentReferences } from '../gateway-route/references.ts';
import { resourceBackends, serviceBackends } from '../ingress-backend/references.ts';
import { certificateReferences } from '../ingress-certificate/references.ts';
import { kindReferences } from '../kind-reference/references.ts';
import { namespaceReferences } from '../namespace-reference/references.ts';
import { oncePerSet } from '../once-per-set.ts';
import { roleReferences } from '../role-reference/references.ts';
import { accountReferences } from '../service-account/references.ts';
import { governingServices } from '../stateful-set-service/references.ts';
import { volumeReferences } from '../volume-binding/references.ts';
import { claimReferences } from '../volume-claim/references.ts';
import { calledServices } from '../webhook-service/references.ts';
import type { Reference } from './reference.ts';

const lists: readonly ((set: Parameters<typeof configReferences>[0]) => readonly Reference[])[] = [
  configReferences,
  accountReferences,
  claimReferences,
  volumeReferences,
  classReferences,
  governingServices,
  serviceBackends,
  resourceBackends,
  certificateReferences,
  scaleReferences,
  roleReferences,
  subjectReferences,
  parentReferences,
  backendReferences,
  listenerCertificates,
  calledServices,
  namespaceReferences,
  kindReferences,
];

/** The whole graph: every reference that a rule follows. */
export const allReferences = oncePerSet((set) => lists.flatMap((list) => list(set)));
