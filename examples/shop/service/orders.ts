import type { Pool } from 'pg';
import { inTransaction, withConnection } from './database.ts';
import type { NewOrder, Order, OrderStatus } from './order.ts';

/** Columns that not every release has: a release names those that its schema gives it. */
export type OptionalColumn = 'invoice_digest' | 'status';

export interface OrderPage {
  readonly limit: number;
  readonly offset: number;
  readonly status?: OrderStatus | undefined;
}

export interface OrderStore {
  readonly nextId: () => Promise<number>;
  /** False when an order with the same Idempotency-Key exists. */
  readonly insert: (order: NewOrder) => Promise<boolean>;
  readonly find: (id: number) => Promise<Order | undefined>;
  readonly findByIdempotencyKey: (key: string) => Promise<Order | undefined>;
  readonly list: (page: OrderPage) => Promise<readonly Order[]>;
  /** False when the order is past that status. */
  readonly setStatus: (id: number, status: OrderStatus) => Promise<boolean>;
}

interface OrderRow extends Omit<Order, 'id' | 'total'> {
  // PostgreSQL's bigint arrives as text.
  readonly id: string;
  readonly total: string;
}

const baseColumns = [
  'id',
  'customer',
  'currency',
  'total',
  'created_at as "createdAt"',
  'invoice_key as "invoiceKey"',
  'request_digest as "requestDigest"',
  `(select json_agg(json_build_object(
      'sku', sku, 'quantity', quantity, 'unitPrice', unit_price) order by position)
    from order_lines where order_id = orders.id) as lines`,
];

const optionalColumns: Readonly<Record<OptionalColumn, string>> = {
  invoice_digest: 'invoice_digest as "invoiceDigest"',
  status: 'status',
};

export function orderStore(pool: Pool, optional: readonly OptionalColumn[]): OrderStore {
  const columns = [...baseColumns, ...optional.map((name) => optionalColumns[name])].join(', ');

  async function select(rest: string, values: readonly unknown[]): Promise<readonly Order[]> {
    const { rows } = await pool.query<OrderRow>(`select ${columns} from orders ${rest}`, [
      ...values,
    ]);
    return rows.map((row) => ({ ...row, id: Number(row.id), total: Number(row.total) }));
  }

  return {
    nextId: async () => {
      const { rows } = await pool.query<{ id: string }>(
        `select nextval(pg_get_serial_sequence('orders', 'id')) as id`,
      );
      return Number(rows[0]?.id);
    },
    insert: (order) => insert(pool, order, optional.includes('invoice_digest')),
    find: async (id) => (await select('where id = $1', [id]))[0],
    findByIdempotencyKey: async (key) => (await select('where idempotency_key = $1', [key]))[0],
    list: ({ limit, offset, status }) =>
      status === undefined
        ? select('order by id desc limit $1 offset $2', [limit, offset])
        : select('where status = $3 order by id desc limit $1 offset $2', [limit, offset, status]),
    setStatus: async (id, status) => {
      const { rowCount } = await pool.query(
        `update orders set status = $2 where id = $1 and (status = 'new' or status = $2)`,
        [id, status],
      );
      return rowCount === 1;
    },
  };
}

async function insert(pool: Pool, order: NewOrder, withDigest: boolean): Promise<boolean> {
  const row = {
    id: order.id,
    customer: order.customer,
    currency: order.currency,
    total: order.total,
    invoice_key: order.invoiceKey,
    idempotency_key: order.idempotencyKey,
    request_digest: order.requestDigest,
    ...(withDigest && { invoice_digest: order.invoiceDigest }),
  };
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`);
  return withConnection(pool, (client) =>
    inTransaction(client, async () => {
      const { rowCount } = await client.query(
        `insert into orders (${names}) overriding system value values (${places})
         on conflict (idempotency_key) do nothing`,
        Object.values(row),
      );
      if (rowCount !== 1) return false;
      await client.query(
        `insert into order_lines (order_id, position, sku, quantity, unit_price)
         select $1, position, sku, quantity, unit_price
         from rows from (
           json_to_recordset($2) as (sku text, quantity int, "unitPrice" bigint)
         ) with ordinality as line (sku, quantity, unit_price, position)`,
        [order.id, JSON.stringify(order.lines)],
      );
      return true;
    }),
  );
}
