import { chatShapes } from './shapes/chat.ts';
import { cloudShapes } from './shapes/cloud.ts';
import { genericShapes } from './shapes/generic.ts';
import { keyShapes, passwordShapes } from './shapes/keys.ts';
import { messageShapes } from './shapes/messages.ts';
import { modelShapes } from './shapes/models.ts';
import { operationShapes } from './shapes/operations.ts';
import { packageShapes } from './shapes/packages.ts';
import { paymentShapes } from './shapes/payment.ts';
import { serviceShapes } from './shapes/services.ts';
import type { Shape } from './shapes/shape.ts';
import { sourceControlShapes } from './shapes/source-control.ts';
import { vendorShapes } from './shapes/vendors.ts';

/** By what they belong to; the order is that of preference. */
export const shapeGroups: Readonly<Record<string, readonly Shape[]>> = {
  'Keys and signed tokens': keyShapes,
  'Clouds and platforms': cloudShapes,
  'Source control': sourceControlShapes,
  'Packages and images': packageShapes,
  Chat: chatShapes,
  'Payment and shops': paymentShapes,
  'Mail and messages': messageShapes,
  'Language models': modelShapes,
  'Operations and observability': operationShapes,
  'Other services': serviceShapes,
  'Known by the name of the issuer': vendorShapes,
  Passwords: passwordShapes,
  'Known by its name alone': genericShapes,
};

/** In order of preference: of two overlapping hits the earlier shape is reported. */
export const shapes: readonly Shape[] = Object.values(shapeGroups).flat();
