import { z } from 'zod';
import { HttpError, json, parse, type Route } from './http.ts';
import { orderStatus, present } from './order.ts';
import { existing } from './read-orders.ts';
import type { Shop } from './shop.ts';

const change = z.strictObject({ status: orderStatus });

export const setOrderStatus = ({ orders }: Shop): Route => ({
  method: 'PATCH',
  path: '/orders/{id}',
  handle: async ({ params, readJson }) => {
    const { status } = parse(change, await readJson());
    const order = await existing(orders, params.id);
    const changed = await orders.setStatus(order.id, status);
    if (!changed) throw new HttpError(409, 'a paid order stays paid');
    return json(200, present({ ...order, status }));
  },
});
