import { setOrderStatus } from '../../../service/order-status.ts';
import { readInvoice, readOrder } from '../../../service/read-orders.ts';
import { run } from '../../../service/run.ts';
import { listOrdersByLoyalty } from './list-orders.ts';
import { placeOrderQuickly } from './place-order.ts';

await run({
  version: '3.0.0',
  columns: ['status'],
  routes: (shop) => [
    placeOrderQuickly(shop),
    listOrdersByLoyalty(shop),
    readOrder(shop),
    setOrderStatus(shop),
    readInvoice(shop),
  ],
});
