import { z } from 'zod';

/** PostgreSQL stores every character but this one. */
const storable = (text: string): boolean => !text.includes('\0');

/** Prices are whole numbers of the smallest unit of the currency: 1999 is 19.99 EUR. */
const orderLine = z.strictObject({
  sku: z.string().trim().min(1).max(64).refine(storable, 'must not hold a zero byte'),
  quantity: z.int().min(1).max(10_000),
  unitPrice: z.int().min(0).max(100_000_000),
});

export const orderInput = z.strictObject({
  customer: z.string().trim().min(1).max(200).refine(storable, 'must not hold a zero byte'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters'),
  // The invoice is one page.
  lines: z.array(orderLine).min(1).max(40),
});

export const orderStatus = z.enum(['new', 'paid']);

export type OrderInput = Readonly<z.infer<typeof orderInput>>;
export type OrderStatus = z.infer<typeof orderStatus>;

export interface NewOrder extends OrderInput {
  readonly id: number;
  readonly total: number;
  readonly invoiceKey: string;
  readonly invoiceDigest: string;
  readonly idempotencyKey: string | undefined;
  /** Tells a repeated request from another request that reuses its Idempotency-Key. */
  readonly requestDigest: string;
}

export interface Order extends OrderInput {
  readonly id: number;
  readonly total: number;
  readonly status?: OrderStatus | undefined;
  readonly createdAt: Date;
  readonly invoiceKey: string;
  readonly invoiceDigest?: string | undefined;
  readonly requestDigest: string;
}

export const totalOf = ({ lines }: OrderInput): number =>
  lines.reduce((sum, line) => sum + line.quantity * line.unitPrice, 0);

/** The part of an order that its customers see. */
export function present(order: Order): Readonly<Record<string, unknown>> {
  const { id, customer, currency, lines, total, status, createdAt } = order;
  const invoice = `/orders/${id}/invoice`;
  return { id, customer, currency, lines, total, status, invoice, createdAt };
}
