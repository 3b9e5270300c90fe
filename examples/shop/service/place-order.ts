import { HttpError, json, parse, type Reply, type Route, type RouteRequest } from './http.ts';
import { invoiceKey, renderInvoice, sha256 } from './invoices.ts';
import { type NewOrder, type Order, orderInput, present, totalOf } from './order.ts';
import type { OrderStore } from './orders.ts';
import type { Shop } from './shop.ts';

export interface Draft {
  readonly order: NewOrder;
  readonly document: Buffer;
}

/** The document is stored before the row names it, so a row never points at nothing. */
export const placeOrder = ({ orders, invoices }: Shop): Route => ({
  method: 'POST',
  path: '/orders',
  handle: (request) =>
    oncePerKey(orders, request, async ({ order, document }) => {
      await invoices.put(order.invoiceKey, document);
      const inserted = await orders.insert(order);
      // A request with the same key was faster: the document belongs to no row.
      if (!inserted) await invoices.remove(order.invoiceKey);
    }),
});

/** Answers a repeated Idempotency-Key with the order that exists; else stores a new one. */
export async function oncePerKey(
  orders: OrderStore,
  request: RouteRequest,
  store: (draft: Draft) => Promise<void>,
): Promise<Reply> {
  const key = readIdempotencyKey(request);
  const input = parse(orderInput, await request.readJson());
  const requestDigest = sha256(JSON.stringify(input));
  const earlier = key === undefined ? undefined : await orders.findByIdempotencyKey(key);
  if (earlier !== undefined) return replay(earlier, requestDigest);

  const id = await orders.nextId();
  const date = new Date();
  const document = renderInvoice(id, date, input);
  const order: NewOrder = {
    ...input,
    id,
    total: totalOf(input),
    invoiceKey: invoiceKey(id, date),
    invoiceDigest: sha256(document),
    idempotencyKey: key,
    requestDigest,
  };
  await store({ order, document });
  const created = await orders.find(id);
  if (created !== undefined) {
    return json(201, present(created), { location: `/orders/${id}` });
  }
  const faster = key === undefined ? undefined : await orders.findByIdempotencyKey(key);
  if (faster === undefined) throw new Error(`order ${id} vanished`);
  return replay(faster, requestDigest);
}

function readIdempotencyKey({ headers }: RouteRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new HttpError(400, 'Idempotency-Key must be 1 to 128 visible ASCII characters');
  }
  return key;
}

function replay(earlier: Order, requestDigest: string): Reply {
  if (earlier.requestDigest !== requestDigest) {
    throw new HttpError(422, 'this Idempotency-Key was used for another order');
  }
  return json(200, present(earlier), { location: `/orders/${earlier.id}` });
}
