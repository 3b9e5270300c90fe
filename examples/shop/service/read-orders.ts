import { z } from 'zod';
import { HttpError, json, parse, type Route } from './http.ts';
import { type Order, orderStatus, present } from './order.ts';
import type { OrderStore } from './orders.ts';
import type { Shop } from './shop.ts';

const page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

export const pageWithStatus = page.extend({ status: orderStatus.optional() });

export const listOrders = ({ orders }: Shop): Route => ({
  method: 'GET',
  path: '/orders',
  handle: async ({ query }) => {
    const { limit, offset } = parse(page, Object.fromEntries(query));
    const found = await orders.list({ limit, offset });
    return json(200, { limit, offset, orders: found.map(present) });
  },
});

export const listOrdersByStatus = ({ orders }: Shop): Route => ({
  method: 'GET',
  path: '/orders',
  handle: async ({ query }) => {
    const { limit, offset, status } = parse(pageWithStatus, Object.fromEntries(query));
    const found = await orders.list({ limit, offset, status });
    return json(200, { limit, offset, orders: found.map(present) });
  },
});

export const readOrder = ({ orders }: Shop): Route => ({
  method: 'GET',
  path: '/orders/{id}',
  handle: async ({ params }) => json(200, present(await existing(orders, params.id))),
});

export const readInvoice = ({ orders, invoices }: Shop): Route => ({
  method: 'GET',
  path: '/orders/{id}/invoice',
  handle: async ({ params }) => {
    const { id, invoiceKey, invoiceDigest } = await existing(orders, params.id);
    const body = await invoices.get(invoiceKey);
    if (body === undefined) throw new HttpError(502, `the invoice of order ${id} is missing`);
    const etag = invoiceDigest !== undefined && { etag: `"${invoiceDigest}"` };
    return { status: 200, headers: { 'content-type': 'application/pdf', ...etag }, body };
  },
});

/** An id that is no number names no order, so it is answered like an unknown one. */
export async function existing(orders: OrderStore, id: string | undefined): Promise<Order> {
  const order = /^\d{1,15}$/.test(id ?? '') ? await orders.find(Number(id)) : undefined;
  if (order === undefined) throw new HttpError(404, 'no such order');
  return order;
}
