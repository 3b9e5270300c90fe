import { placeOrder } from '../../../service/place-order.ts';
import { listOrders, readInvoice, readOrder } from '../../../service/read-orders.ts';
import { run } from '../../../service/run.ts';

await run({
  version: '1.0.0',
  columns: ['invoice_digest'],
  routes: (shop) => [placeOrder(shop), listOrders(shop), readOrder(shop), readInvoice(shop)],
});
