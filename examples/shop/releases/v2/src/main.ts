import { setOrderStatus } from '../../../service/order-status.ts';
import { placeOrder } from '../../../service/place-order.ts';
import { listOrdersByStatus, readInvoice, readOrder } from '../../../service/read-orders.ts';
import { run } from '../../../service/run.ts';

await run({
  version: '2.0.0',
  columns: ['invoice_digest', 'status'],
  routes: (shop) => [
    placeOrder(shop),
    listOrdersByStatus(shop),
    readOrder(shop),
    setOrderStatus(shop),
    readInvoice(shop),
  ],
});
